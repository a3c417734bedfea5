/**
 * The shapes of the micro-kernels, for which products are scheduled.
 *
 * @module
 */

/** A kind of micro-kernel: columns per panel, the largest depth, and rows per panel with their cost per row. */
export interface MicroKernelShape {
  readonly columns: number;
  readonly depth: number;
  readonly rows: readonly { readonly panel: number; readonly cost: number }[];
}

/** With 8 columns, a depth of 384 takes 12 KB of the first-level cache. */
export const NARROW: MicroKernelShape = {
  columns: 8,
  depth: 384,
  rows: [{ panel: 5, cost: 1 }, { panel: 4, cost: 1.07 }],
};
