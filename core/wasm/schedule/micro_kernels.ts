/**
 * The shapes of the micro-kernels, for which products are scheduled.
 *
 * @module
 */

/**
 * A kind of micro-kernel: columns per panel, the largest depth, and rows per panel with their cost, relative to `NARROW`
 * with panels of 5 rows.
 */
export interface MicroKernelShape {
  readonly columns: number;
  readonly depth: number;
  readonly rows: readonly { readonly panel: number; readonly cost: number }[];
  /** Whether it is machine code, which is called once for all panels of a tile (default: false). */
  readonly native?: boolean;
  /** The rows and columns that are computed at a time in the last panels (default: those of a whole panel). */
  readonly last?: { readonly rows: number; readonly columns: number };
}

/** With 8 columns, a depth of 384 takes 12 KB of the first-level cache. */
export const NARROW: MicroKernelShape = {
  columns: 8,
  depth: 384,
  rows: [{ panel: 5, cost: 1 }, { panel: 4, cost: 1.07 }],
};

/** The speed of machine code with vectors of eight numbers, relative to that of `NARROW`. */
const NATIVE_SPEED = 2;

/** The shape of kernels in machine code. Their depth is that of `NARROW`, because it decides the order of sums. */
export function nativeShape({ rows, columns }: { readonly rows: number; readonly columns: number }): MicroKernelShape {
  return {
    ...{ columns, depth: NARROW.depth, native: true },
    rows: [{ panel: rows, cost: 1 / NATIVE_SPEED }],
    last: { rows: 1, columns: columns / 2 },
  };
}
