/**
 * Chooses the micro-kernel of a product, and the tiles for it.
 *
 * @module
 */

import { type MicroKernelShape, NARROW } from "./micro_kernels.ts";
import { panelCost, type ProductSize, type TileSizes, tileSizes } from "./tile_sizes.ts";

/** The sides of a product by their roles. */
interface Sides<M> {
  readonly rows: M;
  readonly columns: M;
}

/** A micro-kernel, and the sides and tiles for it. */
export interface KernelChoice<M> extends Sides<M> {
  readonly kernel: MicroKernelShape;
  readonly tile: TileSizes;
}

/** A product whose sides have roles that suit `NARROW`. */
export interface ChoiceOptions<M> {
  readonly sides: Sides<M>;
  /** The product, except for the points of its sides. */
  readonly size: Omit<ProductSize, "rows" | "columns">;
  /** Whether the roles of the sides may be exchanged. */
  readonly mayExchange: boolean;
  /** The kernels in machine code, if there are any. */
  readonly native: MicroKernelShape | undefined;
}

/** A call of machine code takes as long as this many multiplications by `NARROW`. */
const CALL_COST = 1000;

/** The kernels in machine code if they are faster, otherwise `NARROW`. */
export function chooseKernel<M extends { readonly points: number }>(
  { sides, size, mayExchange, native }: ChoiceOptions<M>,
): KernelChoice<M> {
  const choice = (kernel: MicroKernelShape, { rows, columns }: Sides<M>): KernelChoice<M> => ({
    ...{ rows, columns, kernel },
    tile: tileSizes(kernel, { ...size, rows: rows.points, columns: columns.points }),
  });
  const narrow = choice(NARROW, sides);
  if (!native) return narrow;
  const exchanged = { rows: sides.columns, columns: sides.rows };
  const cost = (of: Sides<M>): number => panelCost(native, of.rows.points, of.columns.points);
  const fast = choice(native, mayExchange && cost(exchanged) < cost(sides) ? exchanged : sides);
  return costOf(fast, size) < costOf(narrow, size) ? fast : narrow;
}

/** The cost of a tile for one block of the depth, per point of the tile, in multiplications by `NARROW`. */
function costOf<M extends { readonly points: number }>(
  { kernel, tile, rows, columns }: KernelChoice<M>,
  { packedDepth }: Pick<ProductSize, "packedDepth">,
): number {
  const tileRows = Math.min(tile.rows, rows.points);
  const tileColumns = Math.min(tile.columns, columns.points);
  const call = kernel.native ? CALL_COST : 0;
  return (panelCost(kernel, tileRows, tileColumns) * packedDepth + call) / (tileRows * tileColumns);
}
