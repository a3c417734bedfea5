/**
 * The sizes of the tiles of a product: blocks of rows and of columns, made of the panels that a micro-kernel takes.
 *
 * @module
 */

import type { MicroKernelShape } from "./micro_kernels.ts";

/** The most values of a packed block of columns: 384 KB of the second-level cache. */
const MOST_PACKED = 98_304;
/** This many rows are always allowed, and more if their panels and the tile take at most 256 KB each. */
const SURE_ROWS = 200;
const MOST_PACKED_ROWS = 65_536;
const MOST_TILE = 65_536;
const MOST_COLUMNS = 1024;
const LEAST_COLUMNS = 64;
/** A tile of fewer multiplications is not cut further. */
const TILE_WORK = 600_000;
/** A tile with fewer rows and columns, added together, is not cut further. */
const LEAST_TILE = 120;

/** The number of points of a product, and the fewest tiles that it should have. */
export interface ProductSize {
  readonly rows: number;
  readonly columns: number;
  readonly batch: number;
  readonly depth: number;
  /** The number of points of a block of the depth, which is packed at a time. */
  readonly packedDepth: number;
  /** The fewest tiles that are wanted; 0 for tiles as large as possible. */
  readonly tiles: number;
}

/** The rows and columns of a tile, and the rows of its panels. */
export interface TileSizes {
  readonly rows: number;
  readonly columns: number;
  readonly panel: number;
}

/** The largest tiles of which there are enough. */
export function tileSizes(kernel: MicroKernelShape, size: ProductSize): TileSizes {
  const { panel } = panelFor(kernel, size.rows);
  let mostColumns = Math.min(MOST_COLUMNS, Math.max(LEAST_COLUMNS, MOST_PACKED / size.packedDepth));
  const room = Math.min(MOST_PACKED_ROWS / size.packedDepth, MOST_TILE / Math.min(size.columns, mostColumns));
  let mostRows = Math.max(SURE_ROWS, room);
  while (true) {
    const rows = equalBlocks(size.rows, mostRows, panel);
    const columns = equalBlocks(size.columns, mostColumns, kernel.columns);
    const units = size.batch * Math.ceil(size.rows / rows) * Math.ceil(size.columns / columns);
    if (units >= size.tiles || rows * columns * size.depth < TILE_WORK || rows + columns < LEAST_TILE) {
      return { rows, columns, panel };
    }
    if (columns > rows) mostColumns = columns / 2;
    else mostRows = rows / 2;
  }
}

/** `points` cut into equal blocks of at most `most`, each a multiple of `panel`. */
function equalBlocks(points: number, most: number, panel: number): number {
  const blocks = Math.ceil(points / most);
  return padded(Math.ceil(points / blocks), panel);
}

/** The relative cost of multiplying the panels of two sides, per point of the depth. */
export function panelCost(kernel: MicroKernelShape, rows: number, columns: number): number {
  const { panel, cost } = panelFor(kernel, rows);
  const { rows: lastRows, columns: lastColumns } = kernel.last ?? { rows: panel, columns: kernel.columns };
  return cost * padded(rows, lastRows) * padded(columns, lastColumns);
}

/** The panel of rows that wastes least on `points` rows. */
function panelFor({ rows }: MicroKernelShape, points: number): MicroKernelShape["rows"][number] {
  return rows.reduce((a, b) => a.cost * padded(points, a.panel) <= b.cost * padded(points, b.panel) ? a : b);
}

/** The elements of a line of the caches. */
export const LINE = 16;

/** The rows of a product that are multiplied by 32 columns in the time in which these are packed. */
const PACKING_COST = 24;

/** The rows that machine code multiplies by a panel of columns in the time in which this is packed. */
export const packingCost = (panel: number): number => PACKING_COST * panel / 32;

/**
 * The cost of a point of the depth with panels of both sides: the products of a row and a column that are computed, and
 * those that would be computed in the time in which the panels are packed.
 */
export function costWithPanels(
  { rows, columns }: Pick<ProductSize, "rows" | "columns">,
  tile: TileSizes,
  kernel: MicroKernelShape,
): number {
  const last = kernel.last ?? { rows: tile.panel, columns: kernel.columns };
  const packed = rows * Math.ceil(columns / tile.columns) + columns * Math.ceil(rows / tile.rows);
  return padded(rows, last.rows) * padded(columns, last.columns) + packingCost(kernel.columns) * packed;
}

export const padded = (points: number, panel: number): number => Math.ceil(points / panel) * panel;
