/**
 * Decides which long reductions are split into parts for several threads.
 *
 * The number of parts follows from the nest alone, so the result does not depend on the number of threads.
 *
 * @module
 */

import { ExpressionTable } from "../../nest/expression_table.ts";
import { type Nest, pointsOf } from "../../nest/nest.ts";
import { isSplittable, longestOf, type LoopParts, partsOf, splitNest, type SplitNests } from "../../nest/split.ts";
import { LEAST_PART, LEAST_TILES, type ProductSchedule } from "./product_schedule.ts";

/** A product in parts. */
export interface SplitProduct extends SplitNests {
  readonly schedule: ProductSchedule;
}

/** Another reduction in parts, each of which runs over some iterations of one loop. */
export interface SplitReduction extends SplitNests {
  readonly turns: LoopParts;
}

/**
 * Splits the depth of a deep product with few tiles; undefined for others. The parts, and the order in which they are
 * stored, follow from the schedule for the narrow micro-kernel, so they do not depend on the one that is used, which is
 * asked for with the number of parts.
 */
export function splitProduct(
  nest: Nest,
  { depthSteps, depthPoints, units, batch, rows, columns }: ProductSchedule,
  scheduleFor: (parts: number) => ProductSchedule,
): SplitProduct | undefined {
  const wanted = Math.min(Math.ceil(LEAST_TILES / units), Math.floor(depthSteps * depthPoints / LEAST_PART));
  if (wanted < 2) return undefined;
  const steps = Math.ceil(depthSteps / wanted);
  const count = Math.ceil(depthSteps / steps);
  if (count < 2) return undefined;
  const table = new ExpressionTable();
  const part = table.variable("part", count);
  const schedule = scheduleFor(count);
  return {
    ...splitNest(nest, { table, part, points: [...batch, ...rows.variables, ...columns.variables] }),
    schedule: {
      ...schedule,
      batch: [part, ...batch],
      part: { variable: part, steps },
      units: schedule.units * count,
      unitsPerChunk: 1,
    },
  };
}

/** Reductions with at most this many results may be split. */
const MOST_RESULTS = 64;
/** Splitting a reduction of fewer values does not pay. */
const LEAST_VALUES = 100_000;
const WANTED_PARTS = 16;
/** Parts consist of whole vectors, and of all their copies. */
const PART_UNIT = 16;

/** Splits the first phase of a nest that reduces many values to few; undefined for others. */
export function splitReduction(nest: Nest): SplitReduction | undefined {
  const [{ inner }] = nest.phases;
  const results = pointsOf(nest.outer);
  if (!isSplittable(nest) || results > MOST_RESULTS || results * pointsOf(inner) < LEAST_VALUES) return undefined;
  const loop = longestOf(inner);
  const wanted = Math.min(WANTED_PARTS, Math.floor(loop.extent / PART_UNIT));
  if (wanted < 2) return undefined;
  const table = new ExpressionTable();
  const turns = partsOf(table, loop, { wanted, unit: PART_UNIT });
  return { ...splitNest(nest, { table, part: turns.part }), turns };
}
