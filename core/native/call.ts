/**
 * Calls the kernels from JavaScript.
 *
 * @module
 */

/** Computes the products whose record of operands is at a byte offset of the memory. */
export type NativeMultiply = (at: number) => void;

/**
 * Returns the function that calls the kernels at `address` on operands in `memory`, for the calling thread. Workers get
 * the source text of `nativeMultiply`, so it must not use anything outside itself.
 */
export function nativeMultiply(address: bigint, memory: WebAssembly.Memory): NativeMultiply {
  const start = Deno.UnsafePointer.value(Deno.UnsafePointer.of(new Uint8Array(memory.buffer as ArrayBuffer)));
  const code = Deno.UnsafePointer.create<{ parameters: ["usize", "u32"]; result: "void" }>(address)!;
  const routine = new Deno.UnsafeFnPointer(code, { parameters: ["usize", "u32"], result: "void" });
  return (at) => routine.call(start, at);
}
