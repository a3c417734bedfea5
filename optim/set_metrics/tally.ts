/**
 * Sums over a set of any length.
 *
 * @module
 */

import { zeros } from "../../core/creation.ts";
import type { Shape } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";
import { type MetricState, tensorOf } from "./metric.ts";

/**
 * Batches whose sums are added up before they are added to the next level. A single float would stop growing: beyond
 * 2²⁴, adding 1 changes nothing.
 */
const PER_LEVEL = 64;

const LEVELS = ["level0", "level1", "level2", "level3"] as const;

/** The state of sums of this shape: of whole numbers below 2³², which are exact, or of real numbers. */
export function beginTally(shape: Shape, { whole }: { readonly whole: boolean }): MetricState {
  if (whole) return { count: zeros(shape, { dtype: "u32" }) };
  return Object.fromEntries(LEVELS.map((level) => [level, zeros(shape)]));
}

/** The number of entries so far, by which the levels of sums become full. */
export interface Clock {
  /** With those of the batch, u32 scalar. */
  readonly after: Tensor;
  /** Those of the batch that count, u32 scalar. */
  readonly counted: Tensor;
  /** All of the batch. */
  readonly entries: number;
}

/** The sums with more values. Of real numbers, each level holds the sums of about 64 of the level below. */
export function addToTally(tally: MetricState, values: Tensor, clock: Clock | undefined): MetricState {
  if (clock === undefined || "count" in tally) {
    return { count: tensorOf(tally, "count").add(values.cast("u32")) };
  }
  const levels: Record<string, Tensor> = {};
  let carried = values.cast("f32");
  LEVELS.forEach((level, i) => {
    const sum = tensorOf(tally, level).add(carried);
    const most = clock.entries * PER_LEVEL ** (i + 1);
    if (i === LEVELS.length - 1 || most >= 2 ** 32) {
      levels[level] = sum;
      carried = carried.zerosLike();
      return;
    }
    const isFull = clock.after.mod(most).less(clock.counted);
    levels[level] = isFull.where(0, sum);
    carried = isFull.where(sum, 0);
  });
  return levels;
}

/** The sums, f32. */
export function sumOf(tally: MetricState): Tensor {
  if ("count" in tally) return tensorOf(tally, "count").cast("f32");
  return LEVELS.map((level) => tensorOf(tally, level)).reduce((sum, level) => sum.add(level));
}
