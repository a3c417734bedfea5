/**
 * The functions of the C library by which machine code is made and called.
 *
 * @module
 */

/** Functions of the C library. */
export interface CFunctions {
  mmap(
    address: null,
    bytes: bigint,
    protection: number,
    flags: number,
    file: number,
    offset: bigint,
  ): Deno.PointerValue;
  mprotect(address: Deno.PointerValue, bytes: bigint, protection: number): number;
  munmap(address: Deno.PointerValue, bytes: bigint): number;
  /** Calls `code(key, array)` once if `count` is 1 (see `nativeMultiply`). */
  bsearch(key: Deno.PointerValue, array: number, count: bigint, size: bigint, code: Deno.PointerValue): void;
}

/** Opens the C library. */
export function openC(library: string): CFunctions {
  return Deno.dlopen(library, {
    mmap: { parameters: ["pointer", "usize", "i32", "i32", "i32", "i64"], result: "pointer" },
    mprotect: { parameters: ["pointer", "usize", "i32"], result: "i32" },
    munmap: { parameters: ["pointer", "usize"], result: "i32" },
    bsearch: { parameters: ["pointer", "u32", "usize", "usize", "pointer"], result: "void" },
  }).symbols;
}
