/**
 * Makes a compiled program ready to run in a thread.
 *
 * @module
 */

import type { WIDE_SECTION } from "../product/wide_micro_kernel.ts";

/** Goes through all steps of a program; 0 when all is done, 1 when another thread failed. */
export type ProgramRunner = (table: number, base: number, workspace: number) => number;

/**
 * The function `run` of a program, for the calling thread. Its text is sent to workers, so it refers to nothing outside of
 * itself.
 */
export function instantiate(bytes: Uint8Array<ArrayBuffer>, memory: WebAssembly.Memory): ProgramRunner {
  const section: typeof WIDE_SECTION = "wide kernels";
  const program = new WebAssembly.Module(bytes);
  const env: Record<string, WebAssembly.ImportValue> = { memory };
  for (const kernels of WebAssembly.Module.customSections(program, section)) {
    env.own = new WebAssembly.Memory({ initial: 1, maximum: 1 });
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(kernels), { env });
    env.multiply = exports.multiply;
  }
  return new WebAssembly.Instance(program, { env }).exports.run as ProgramRunner;
}
