/**
 * Distributions from which a random search draws numbers.
 *
 * @module
 */

import { finite, positive, whole } from "../../core/options/numbers.ts";
import { checkArguments } from "../../core/options/read.ts";
import type { RandomStream } from "../../data/random_stream.ts";
import { isPlainRecord } from "../files/json.ts";

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

const bounds = { finite: finite(), positive: positive(), whole: whole() };

const samplers: Readonly<Record<DistributionName, (low: number, high: number, random: RandomStream) => number>> = {
  uniform: (low, high, random) => random.uniform(low, high),
  logUniform: (low, high, random) => Math.exp(random.uniform(Math.log(low), Math.log(high))),
  wholeUniform: (low, high, random) => low + random.below(high - low + 1),
};

/** Whether a value is a distribution. */
export function isDistribution(value: unknown): value is Distribution {
  if (!isPlainRecord(value) || typeof value.distribution !== "string") return false;
  const { distribution, low, high } = value;
  return Object.hasOwn(samplers, distribution) && bounds.finite.accepts(low) && bounds.finite.accepts(high) &&
    low < high;
}

/** Draws one number. */
export function drawFrom({ distribution, low, high }: Distribution, random: RandomStream): number {
  return samplers[distribution](low, high, random);
}

function distributionOf(distribution: DistributionName, low: number, high: number): Distribution {
  if (low < high) return Object.freeze({ distribution, low, high });
  throw new RangeError(`Cannot draw numbers from ${low} to ${high}: expected the lower bound first`);
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
  checkArguments("draw numbers", { low, high }, bounds.finite);
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
 * assertThrows(() => logBetween(0, 1), RangeError, "expected low to be a number above 0, got 0");
 * ```
 */
export function logBetween(low: number, high: number): Distribution {
  checkArguments("draw logarithms of numbers", { low, high }, bounds.positive);
  return distributionOf("logUniform", low, high);
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
 * assertThrows(() => wholeBetween(1, 2.5), RangeError, "expected high to be a whole number, got 2.5");
 * ```
 */
export function wholeBetween(low: number, high: number): Distribution {
  checkArguments("draw whole numbers", { low, high }, bounds.whole);
  return distributionOf("wholeUniform", low, high);
}
