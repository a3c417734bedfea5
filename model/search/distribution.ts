/**
 * Distributions from which a random search draws numbers.
 *
 * @module
 */

import { numberKind } from "../../core/options/kinds.ts";
import { checkArguments } from "../../core/options/read.ts";
import type { RandomStream } from "../../data/digits/random_stream.ts";

/** How numbers are distributed between two bounds. */
export type DistributionName = "uniform" | "logUniform" | "wholeUniform";

/** A distribution of numbers from `low` to `high`. */
export interface Distribution {
  /** The kind of distribution. */
  readonly distribution: DistributionName;
  /** The lower bound. */
  readonly low: number;
  /** The upper bound. */
  readonly high: number;
}

const samplers: Readonly<Record<DistributionName, (low: number, high: number, random: RandomStream) => number>> = {
  uniform: (low, high, random) => random.uniform(low, high),
  logUniform: (low, high, random) => Math.exp(random.uniform(Math.log(low), Math.log(high))),
  wholeUniform: (low, high, random) => low + random.below(high - low + 1),
};

/** Draws one number. */
export function drawFrom({ distribution, low, high }: Distribution, random: RandomStream): number {
  return samplers[distribution](low, high, random);
}

function distributionOf(distribution: DistributionName, low: number, high: number): Distribution {
  if (Number.isFinite(low) && Number.isFinite(high) && low < high) return Object.freeze({ distribution, low, high });
  throw new RangeError(`Cannot draw numbers from ${low} to ${high}: expected two finite bounds, the lower one first`);
}

/**
 * Numbers from `low` up to, not including, `high`, all equally likely.
 *
 * @throws {RangeError} if the bounds are not finite, or not in order.
 *
 * @example
 * ```ts
 * import { between } from "@yadll/yadll/model";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(between(0.5, 0.99), { distribution: "uniform", low: 0.5, high: 0.99 });
 * ```
 */
export function between(low: number, high: number): Distribution {
  checkArguments("draw numbers", { low }, numberKind);
  checkArguments("draw numbers", { high }, numberKind);
  return distributionOf("uniform", low, high);
}

/**
 * Numbers from `low` up to, not including, `high` whose logarithms are equally likely: for learning rates and
 * penalties, where ratios matter and not differences.
 *
 * @throws {RangeError} if the bounds are not finite and above 0, or not in order.
 *
 * @example
 * ```ts
 * import { logBetween } from "@yadll/yadll/model";
 * import { assertThrows } from "@std/assert";
 *
 * logBetween(0.0001, 1);
 * assertThrows(() => logBetween(0, 1), RangeError, "expected bounds above 0");
 * ```
 */
export function logBetween(low: number, high: number): Distribution {
  checkArguments("draw numbers", { low }, numberKind);
  checkArguments("draw numbers", { high }, numberKind);
  if (low > 0) return distributionOf("logUniform", low, high);
  throw new RangeError(`Cannot draw logarithms of numbers from ${low} to ${high}: expected bounds above 0`);
}

/**
 * Whole numbers from `low` to `high`, both included, all equally likely.
 *
 * @throws {RangeError} if the bounds are not whole numbers, or not in order.
 *
 * @example
 * ```ts
 * import { wholeBetween } from "@yadll/yadll/model";
 * import { assertThrows } from "@std/assert";
 *
 * wholeBetween(10, 500);
 * assertThrows(() => wholeBetween(1, 2.5), RangeError, "expected whole bounds");
 * ```
 */
export function wholeBetween(low: number, high: number): Distribution {
  checkArguments("draw numbers", { low }, numberKind);
  checkArguments("draw numbers", { high }, numberKind);
  if (Number.isSafeInteger(low) && Number.isSafeInteger(high)) return distributionOf("wholeUniform", low, high);
  throw new RangeError(`Cannot draw whole numbers from ${low} to ${high}: expected whole bounds`);
}
