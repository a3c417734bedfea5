/**
 * Memory that holds machine code.
 *
 * @module
 */

import type { CFunctions } from "./c_functions.ts";
import type { System } from "./systems.ts";

/** Bits of a protection, the same in all systems with `mmap`. */
const [READ, WRITE, EXECUTE] = [1, 2, 4];
/** What `mmap` returns if it fails. */
const FAILED = 2n ** 64n - 1n;

/** Machine code in memory of its own. */
export interface ExecutableCode {
  readonly address: Deno.PointerObject;
  /** Returns the memory to the system. Nothing may call the code afterwards. */
  dispose(): void;
}

/**
 * Copies machine code to new memory and makes it executable, or returns why that failed. The memory is never writable
 * and executable at the same time, which some systems forbid.
 */
export function makeExecutable(
  code: Uint8Array,
  { mmap, mprotect, munmap }: Omit<CFunctions, "bsearch">,
  { anonymous }: Pick<System, "anonymous">,
): ExecutableCode | string {
  const bytes = BigInt(code.length);
  const address = mmap(null, bytes, READ | WRITE, anonymous, -1, 0n);
  if (address === null || Deno.UnsafePointer.value(address) === FAILED) {
    return `the system gave no memory for machine code (mmap of ${code.length} bytes failed)`;
  }
  new Uint8Array(Deno.UnsafePointerView.getArrayBuffer(address, code.length)).set(code);
  if (mprotect(address, bytes, READ | EXECUTE) !== 0) {
    munmap(address, bytes);
    return "the system does not let programs make machine code (mprotect failed)";
  }
  return { address, dispose: () => void munmap(address, bytes) };
}
