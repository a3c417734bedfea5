/**
 * Kernels in machine code for this processor.
 *
 * @module
 */

import { denoHost, makeKernels } from "./make_kernels.ts";

/** Shapes and the entry of the kernels that were made for this processor. */
export interface NativeKernels {
  readonly name: "AVX2" | "AVX-512";
  /** Rows of a panel of rows. For each depth, a panel holds this many successive singles. */
  readonly rows: number;
  /** Columns of a panel of columns. For each depth, a panel holds this many successive singles. */
  readonly columns: number;
  /**
   * The address of the routine `multiply(memory: usize, at: u32)`: the address of a memory's first byte, and the byte
   * offset of a record of operands in it. Its code stays in memory until the process ends.
   */
  readonly address: bigint;
}

/** Why there are no kernels, in one line. */
export interface NoKernels {
  readonly refused: string;
}

/** Made once, because each time would take memory that is never freed. A new permission is noticed. */
let made: NativeKernels | NoKernels | undefined;

/**
 * Makes the kernels, once per process, and compares what they compute with the definition; or says why there are none.
 * Never throws and never asks for a permission.
 */
export function nativeKernels(): NativeKernels | NoKernels {
  if (made) return made;
  const host = denoHost();
  if (typeof host === "string") return { refused: host };
  return made = makeKernels(host);
}
