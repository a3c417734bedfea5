/**
 * Scaling of samples, feature by feature, fitted to one set and applied to others.
 *
 * @module
 */

import { refuseSurplus } from "../core/options/surplus.ts";
import { finite } from "../core/options/numbers.ts";
import { custom } from "../core/options/option.ts";
import { checkArgument, checkArguments } from "../core/options/read.ts";
import type { Shape } from "../core/shape.ts";
import { checkFinite } from "./sample_source.ts";
import { type AnySamples, featuresOf, type Samples, samplesKind } from "./samples.ts";

const statisticsKind = custom<Float32Array>({
  expected: "statistics as a Float32Array",
  accepts: (value): value is Float32Array => value instanceof Float32Array,
});

/** Samples scaled to [0, 1], with the statistics to scale others in the same way and to revert it. */
export interface Normalized {
  /** The scaled samples. */
  readonly z: Samples;
  /** The lowest value of each feature. */
  readonly min: Float32Array;
  /** The highest value of each feature. */
  readonly max: Float32Array;
}

/** Samples with mean 0 and standard deviation 1, with the statistics to scale others in the same way and to revert it. */
export interface Standardized {
  /** The scaled samples. */
  readonly z: Samples;
  /** The mean of each feature. */
  readonly mean: Float32Array;
  /** The standard deviation of each feature (of the population); 1 if the feature is constant. */
  readonly std: Float32Array;
}

/**
 * Scales each feature to [0, 1]: `z = (x − min(x)) / (max(x) − min(x))`; a constant feature becomes 0.
 *
 * @throws {DataError} if a number is not finite; the message names its place.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { normalize, samples } from "@yadll/yadll/data";
 *
 * const { z, min, max } = normalize(samples([[0, 5], [1, 5], [4, 5]]));
 * assertEquals([...z.values], [0, 0, 0.25, 0, 1, 0]);
 * assertEquals([[...min], [...max]], [[0, 5], [4, 5]]);
 * ```
 */
export function normalize(x: AnySamples): Normalized {
  refuseSurplus("normalize", arguments, 1);
  checkSamples("normalize", x);
  checkFinite(x, "normalize samples");
  const { min, max } = rangesOf([x], featuresOf(x.shape));
  return { z: applyNormalize(x, min, max), min, max };
}

/** The range of each feature of samples that come in runs. */
export function rangesOf(runs: Iterable<AnySamples>, features: number): Omit<Normalized, "z"> {
  const min = new Float32Array(features).fill(Infinity);
  const max = new Float32Array(features).fill(-Infinity);
  for (const run of runs) {
    forEachValue(run, (value, feature) => {
      min[feature] = Math.min(min[feature], value);
      max[feature] = Math.max(max[feature], value);
    });
  }
  return { min, max };
}

/**
 * Scales samples by the range of others.
 *
 * @throws {TypeError} if `min` or `max` do not have one number per feature.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { applyNormalize, samples } from "@yadll/yadll/data";
 *
 * const z = applyNormalize(samples([[3], [8]]), Float32Array.of(0), Float32Array.of(4));
 * assertEquals([...z.values], [0.75, 2]);
 * ```
 */
export function applyNormalize(x: AnySamples, min: Float32Array, max: Float32Array): Samples {
  const range = rangeOf(x, { min, max }, "normalize");
  return mapValues(x, (value, feature) => (value - min[feature]) / range[feature]);
}

/**
 * The samples from which {@linkcode applyNormalize} made `z`.
 *
 * @throws {TypeError} if `min` or `max` do not have one number per feature.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { revertNormalize, samples } from "@yadll/yadll/data";
 *
 * const x = revertNormalize(samples([[0.75], [2]]), Float32Array.of(0), Float32Array.of(4));
 * assertEquals([...x.values], [3, 8]);
 * ```
 */
export function revertNormalize(z: AnySamples, min: Float32Array, max: Float32Array): Samples {
  const range = rangeOf(z, { min, max }, "revert the normalization of");
  return mapValues(z, (value, feature) => value * range[feature] + min[feature]);
}

const leastDeviation = finite({ least: 0 });

/**
 * Scales each feature to mean 0 and standard deviation 1: `z = (x − mean(x)) / std(x)`.
 *
 * A feature whose deviation is below `epsilon` counts as constant: its deviation is taken as 1, so it becomes 0. Pass a
 * smaller `epsilon` for features of tiny numbers. Means are rounded to singles: subtract the offset of features with a
 * large one, such as 10⁸ + 8, before.
 *
 * @param epsilon The lowest deviation of a feature that is not constant; default: 1e-6.
 * @throws {DataError} if a number is not finite; the message names its place.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { samples, standardize } from "@yadll/yadll/data";
 *
 * const { z, mean, std } = standardize(samples([[1, 7], [3, 7]]));
 * assertEquals([...z.values], [-1, 0, 1, 0]);
 * assertEquals([[...mean], [...std]], [[2, 7], [1, 1]]);
 * ```
 */
export function standardize(x: AnySamples, epsilon = 1e-6): Standardized {
  refuseSurplus("standardize", arguments, 2);
  checkSamples("standardize", x);
  checkFinite(x, "standardize samples");
  checkArguments("standardize", { epsilon }, leastDeviation);
  const { mean, std } = momentsOf(() => [x], x.shape, epsilon);
  return { z: applyStandardize(x, mean, std), mean, std };
}

/**
 * The mean and the deviation of each feature of samples that come in runs, which are read twice; `shape` is that of
 * all.
 */
export function momentsOf(runs: () => Iterable<AnySamples>, shape: Shape, epsilon = 1e-6): Omit<Standardized, "z"> {
  const features = featuresOf(shape);
  const count = shape[0];
  const sum = new Float64Array(features);
  for (const run of runs()) forEachValue(run, (value, feature) => sum[feature] += value);
  const center = sum.map((total) => total / count);
  const squares = new Float64Array(features);
  for (const run of runs()) forEachValue(run, (value, feature) => squares[feature] += (value - center[feature]) ** 2);
  const mean = Float32Array.from(center);
  const std = Float32Array.from(squares, (total) => {
    const deviation = Math.sqrt(total / count);
    return deviation < epsilon ? 1 : deviation;
  });
  return { mean, std };
}

/**
 * Scales samples by the mean and the standard deviation of others.
 *
 * @throws {TypeError} if `mean` or `std` do not have one number per feature.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { applyStandardize, samples } from "@yadll/yadll/data";
 *
 * const z = applyStandardize(samples([[3], [8]]), Float32Array.of(2), Float32Array.of(4));
 * assertEquals([...z.values], [0.25, 1.5]);
 * ```
 */
export function applyStandardize(x: AnySamples, mean: Float32Array, std: Float32Array): Samples {
  checkFeatures(x, [mean, std], "standardize");
  return mapValues(x, (value, feature) => (value - mean[feature]) / (std[feature] || 1));
}

/**
 * The samples from which {@linkcode applyStandardize} made `z`.
 *
 * @throws {TypeError} if `mean` or `std` do not have one number per feature.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { revertStandardize, samples } from "@yadll/yadll/data";
 *
 * const x = revertStandardize(samples([[0.25], [1.5]]), Float32Array.of(2), Float32Array.of(4));
 * assertEquals([...x.values], [3, 8]);
 * ```
 */
export function revertStandardize(z: AnySamples, mean: Float32Array, std: Float32Array): Samples {
  checkFeatures(z, [mean, std], "revert the standardization of");
  return mapValues(z, (value, feature) => value * (std[feature] || 1) + mean[feature]);
}

/**
 * The range of each feature, rounded to a single unless it is beyond the largest one; 1 if the feature is constant, so
 * that dividing by it does not give NaN.
 */
function rangeOf(x: AnySamples, { min, max }: Omit<Normalized, "z">, operation: string): Float64Array {
  checkFeatures(x, [min, max], operation);
  return Float64Array.from(max, (greatest, feature) => {
    const range = greatest - min[feature];
    const single = Math.fround(range);
    return Number.isFinite(single) ? single || 1 : range;
  });
}

function checkSamples(operation: string, x: unknown): void {
  checkArgument(operation, x, samplesKind);
}

function checkFeatures(x: AnySamples, statistics: readonly Float32Array[], operation: string): void {
  checkSamples(operation, x);
  for (const one of statistics) checkArgument(operation, one, statisticsKind);
  const features = featuresOf(x.shape);
  const odd = statistics.find((statistic) => statistic.length !== features);
  if (odd) {
    throw new TypeError(
      `Cannot ${operation} samples of ${features} features with statistics of ${odd.length}: fit them to samples of the same shape`,
    );
  }
}

function forEachValue({ values, shape }: AnySamples, visit: (value: number, feature: number) => void): void {
  const features = featuresOf(shape);
  for (let i = 0, feature = 0; i < values.length; i++) {
    visit(values[i], feature);
    if (++feature === features) feature = 0;
  }
}

function mapValues(x: AnySamples, map: (value: number, feature: number) => number): Samples {
  const values = new Float32Array(x.values.length);
  let i = 0;
  forEachValue(x, (value, feature) => values[i++] = map(value, feature));
  return { values, shape: x.shape };
}
