/**
 * What all tiles have in common if machine code reads their columns from a copy of the image, by two tables.
 *
 * @module
 */

import type { Expression, Variable } from "../../nest/expression.ts";
import { LINE } from "./tile_sizes.ts";

/** The vectors of a tile. Lengths are in elements. */
export interface ScatteredTile {
  /** The number of rows of successive points of a tile, and the points of each, rounded up to whole pieces. */
  readonly rows: number;
  readonly width: number;
  /** The elements from one row of a tile's results to the next. */
  readonly tileWidth: number;
  /** The distance for each point of the depth's loops. */
  readonly distance: Expression;
  /** The elements of the copy. */
  readonly elements: number;
}

/** The most elements of a copy, and of a tile: 256 KB of the second-level cache each. */
export const MOST_COPIED = 65_536;
export const MOST_TILE = 65_536;
/** The columns are scattered if the cost is at most this share of that of panels. */
export const WORTHWHILE = 0.97;

/** An odd number of cache lines. At such distances, values are in different lines of the first level. */
export function oddLines(elements: number): number {
  const lines = Math.ceil(elements / LINE);
  return LINE * (lines + 1 - lines % 2);
}

/** A loop that moves through the image, by `step` points of a direction per iteration. */
export interface Tap {
  readonly variable: Variable;
  readonly step: number;
}

/** The points that some taps need in addition to the first one. */
export function haloOf(taps: readonly Tap[]): number {
  return taps.reduce((sum, { variable, step }) => sum + step * (variable.extent - 1), 0);
}
