/**
 * Kernels in machine code for this processor.
 *
 * @module
 */

/** Shapes and the entry of the kernels that were made for this processor. */
export interface NativeKernels {
  readonly name: "AVX2" | "AVX-512";
  /** Rows of a panel of rows. For each depth, a panel holds this many successive singles. */
  readonly rows: number;
  /** Columns of a panel of columns. For each depth, a panel holds this many successive singles. */
  readonly columns: number;
  /**
   * The address of the routine `void multiply(memory: usize, at: u32)`: the address of a memory's first byte, and the
   * byte offset of a record of operands in it.
   */
  readonly address: bigint;
}

/**
 * Makes the kernels, once per process; or says why this is not possible, in one line. Never throws and never prompts.
 */
export function nativeKernels(): NativeKernels | { readonly refused: string } {
  return { refused: "machine code is not written yet" };
}
