/**
 * Calls the kernels from JavaScript.
 *
 * @module
 */

/** Computes the product whose record of operands is `at` bytes after the start of the memory. */
export type NativeMultiply = (at: number) => void;

/**
 * Returns the function that calls the routine at `address` on operands in `memory`, for the calling thread. Workers get
 * the source text of `nativeMultiply`, so it must not use anything outside itself.
 *
 * A call takes 0.005 µs, or 0.008 µs from WebAssembly. Deno calls the functions of a library that fast as soon as the
 * engine has optimized their caller, but takes 1.4 µs to call code at an address. So a function of the C library calls
 * it: `bsearch(key, array, count, size, compare)` calls `compare(key, array)` exactly once if there is one element, and
 * reads neither `key` nor `array`. The pointers are made once, so a call allocates nothing. If a thread makes several of
 * these functions, for several memories, the engine does not know which library one of them calls, and a call takes
 * 0.09 µs.
 *
 * @param library the C library, as in `systems.ts`
 */
export function nativeMultiply(
  address: bigint,
  memory: WebAssembly.Memory,
  library = "libc.so.6",
): NativeMultiply {
  const { UnsafePointer } = Deno;
  const { symbols } = Deno.dlopen(library, {
    bsearch: { parameters: ["pointer", "u32", "usize", "usize", "pointer"], result: "void" },
  });
  const code = UnsafePointer.create(address);
  // A memory never moves if it is shared or does not grow.
  const start = UnsafePointer.of(new Uint8Array(memory.buffer as ArrayBuffer));
  // As long as this function refers to the memory, it is not collected.
  return (at) => void (memory && symbols.bsearch(start, at, 1n, 0n, code));
}
