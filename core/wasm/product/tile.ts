/**
 * The tile of a product that a thread computes at a time: its sides, and where its results are.
 *
 * @module
 */

import type { CodeScope, Local } from "../scalar/code_scope.ts";
import { type ProductSchedule, tileWidthOf } from "../schedule/product_schedule.ts";
import { divide, type Range } from "../write/iteration.ts";

/** The range of a side's points, and the address of its panels. */
export interface Block extends Range {
  readonly panels: Local;
  readonly panelBytes: Local;
}

/** A tile: its sides, and the address of its results. */
export interface Tile {
  readonly rows: Block;
  readonly columns: Block;
  readonly results: Local;
}

/** The bytes from one row of a tile's results to the next. */
export function tileStrideOf(schedule: ProductSchedule): number {
  return 4 * tileWidthOf(schedule);
}

/** Whether successive points of the columns are next to each other in the tile. */
export function isDense({ columns: { variables }, scattered }: ProductSchedule): boolean {
  return !scattered || scattered.width === variables.at(-1)!.extent;
}

/** The column of the tile that holds a point, if that is the first one of a row and counts from the tile's first one. */
export function columnInTile(scope: CodeScope, schedule: ProductSchedule, point: Local): Local {
  const { columns: { variables }, scattered } = schedule;
  if (!scattered || isDense(schedule)) return point;
  const [row] = divide(scope, point, variables.at(-1)!.extent);
  return scope.op("i32.mul", [row, scope.i32(scattered.width)]);
}
