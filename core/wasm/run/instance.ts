/**
 * Instantiates a compiled program in a thread.
 *
 * @module
 */

/** Executes all steps of a program. Returns 0 when they are done, or 1 if another thread failed. */
export type ProgramRunner = (table: number, base: number, workspace: number) => number;

/**
 * The function `run` of a program, for the calling thread. Workers get the source text of `instantiate`, so it must not
 * use anything outside itself.
 */
export function instantiate(bytes: Uint8Array<ArrayBuffer>, memory: WebAssembly.Memory): ProgramRunner {
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } }).exports.run as ProgramRunner;
}
