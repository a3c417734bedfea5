/**
 * Instantiates a compiled program in a thread.
 *
 * @module
 */

import type { NativeMultiply } from "../../native/call.ts";

/** Executes all steps of a program. Returns 0 when they are done, or 1 if another thread failed. */
export type ProgramRunner = (table: number, base: number, workspace: number) => number;

/** What programs import. */
export interface ProgramImports {
  readonly memory: WebAssembly.Memory;
  /** Returns the function that calls machine code. It is called only for programs that need it. */
  readonly multiply: () => NativeMultiply;
}

/**
 * The function `run` of a program, for the calling thread. Workers get the source text of `instantiate`, so it must not
 * use anything outside itself.
 */
export function instantiate(bytes: Uint8Array<ArrayBuffer>, { memory, multiply }: ProgramImports): ProgramRunner {
  const module = new WebAssembly.Module(bytes);
  const env: Record<string, WebAssembly.ImportValue> = { memory };
  if (WebAssembly.Module.imports(module).some(({ name }) => name === "multiply")) {
    const call = multiply();
    env.multiply = (at: number) => call(at >>> 0);
  }
  return new WebAssembly.Instance(module, { env }).exports.run as ProgramRunner;
}
