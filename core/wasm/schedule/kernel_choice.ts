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

/** The kernels in machine code if they are faster, otherwise `NARROW`. */
export function chooseKernel<M extends { readonly points: number }>(
  { sides, size, mayExchange, native }: ChoiceOptions<M>,
): KernelChoice<M> {
  const choice = (kernel: MicroKernelShape, { rows, columns }: Sides<M>): KernelChoice<M> => ({
    ...{ rows, columns, kernel },
    tile: tileSizes(kernel, { ...size, rows: rows.points, columns: columns.points }),
  });
  if (!native) return choice(NARROW, sides);
  const cost = (kernel: MicroKernelShape, of: Sides<M>): number => panelCost(kernel, of.rows.points, of.columns.points);
  const exchanged = { rows: sides.columns, columns: sides.rows };
  const better = mayExchange && cost(native, exchanged) < cost(native, sides) ? exchanged : sides;
  return cost(native, better) < cost(NARROW, sides) ? choice(native, better) : choice(NARROW, sides);
}
