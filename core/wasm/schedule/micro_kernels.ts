/**
 * The shapes of the micro-kernels of products, which schedules are made for.
 *
 * @module
 */

/** A micro-kernel: values per panel of the columns; of the rows, with what each cost one by one; and the depth at most. */
export interface MicroKernelShape {
  readonly columns: number;
  readonly depth: number;
  readonly rows: readonly { readonly panel: number; readonly cost: number }[];
}

/** With 8 columns, a depth of 384 is 12 KB of the first-level cache. */
export const NARROW: MicroKernelShape = {
  columns: 8,
  depth: 384,
  rows: [{ panel: 5, cost: 1 }, { panel: 4, cost: 1.07 }],
};

/**
 * For engines that join pairs of vectors: four vectors of columns, of which the engine makes two. Kernels of a greater
 * depth would be optimized late and overflow the cache of instructions.
 */
export const WIDE: MicroKernelShape = {
  columns: 16,
  depth: 96,
  rows: [{ panel: 6, cost: 1 }, { panel: 5, cost: 1.05 }, { panel: 4, cost: 1.15 }],
};
