/**
 * Steps for numbers: standardize, normalize and log.
 *
 * @module
 */

import { finite } from "../../core/options/numbers.ts";
import { list } from "../../core/options/values.ts";
import { showValue } from "../../core/options/show.ts";
import { DataError } from "../errors.ts";
import { type Features, numbersOf, titleOf } from "./features.ts";
import { step } from "./step.ts";

/** A finite number for each feature. */
export const statistics = list(finite(), { required: true, items: "numbers" });

/** The numbers of a feature that are not missing. */
export function knownOf(values: Float64Array): Float64Array {
  return values.filter((one) => !Number.isNaN(one));
}

/**
 * The known numbers of each feature of the training set.
 *
 * @throws {DataError} if there are none, or one of them is infinite.
 */
export function trainingNumbers(action: string, { column, values }: Features): Float64Array[] {
  return values.map((one) => {
    const row = one.findIndex((value) => Math.abs(value) === Infinity);
    if (row >= 0) {
      throw new DataError(
        `Cannot ${action} ${titleOf(column)}: expected finite numbers, got ${one[row]} in ${column.place(row)}`,
      );
    }
    const known = knownOf(one);
    if (known.length > 0) return known;
    throw new DataError(
      `Cannot ${action} ${titleOf(column)}: expected some values, got only missing ones; drop the column`,
    );
  });
}

/** Applies a function to the numbers of each feature. */
export function mapFeatures(
  { column, names, values }: Features,
  map: (value: number, feature: number) => number,
): Features {
  return { column, names, values: values.map((one, feature) => one.map((value) => map(value, feature))) };
}

/**
 * The mean and the deviation of the population, 1 if the numbers are constant but for rounding.
 *
 * Source: scikit-learn, StandardScaler.
 */
export function momentsOf(known: Float64Array): { readonly mean: number; readonly deviation: number } {
  const plain = plainMoments(known);
  if (Number.isFinite(plain.variance)) return plain;
  // Squares of such large numbers are infinite.
  const scale = greatestSize(known);
  const { mean, deviation } = plainMoments(known.map((one) => one / scale));
  return { mean: mean * scale, deviation: deviation * scale };
}

function plainMoments(known: Float64Array): { mean: number; deviation: number; variance: number } {
  const count = known.length;
  const mean = meanOf(known);
  const variance = known.reduce((sum, one) => sum + (one - mean) ** 2, 0) / count;
  const isConstant = variance <= count * Number.EPSILON * variance + (count * mean * Number.EPSILON) ** 2;
  return { mean, deviation: isConstant ? 1 : Math.sqrt(variance), variance };
}

function greatestSize(known: Float64Array): number {
  return known.reduce((greatest, one) => Math.max(greatest, Math.abs(one)), 0);
}

/** The mean of numbers, also if their sum is infinite. */
export function meanOf(known: Float64Array): number {
  const mean = known.reduce((sum, one) => sum + one, 0) / known.length;
  if (Number.isFinite(mean)) return mean;
  const scale = greatestSize(known);
  return known.reduce((sum, one) => sum + one / scale, 0) / known.length * scale;
}

/** Scales to mean 0 and standard deviation 1: (x − mean) / deviation. */
export const standardizeStep = step({
  options: {},
  fitted: { mean: statistics, deviation: statistics },
  fit: (stage) => {
    const moments = trainingNumbers("standardize", numbersOf("standardize", stage)).map(momentsOf);
    return { mean: moments.map(({ mean }) => mean), deviation: moments.map(({ deviation }) => deviation) };
  },
  apply: (stage, { mean, deviation }) =>
    mapFeatures(numbersOf("standardize", stage), (value, i) => (value - mean[i]) / deviation[i]),
  revert: (values, { mean, deviation }, i) => values.map((value) => value * deviation[i] + mean[i]),
});

/** Scales to 0 … 1: (x − least) / (greatest − least), 0 if the numbers are constant. */
export const normalizeStep = step({
  options: {},
  fitted: { least: statistics, greatest: statistics },
  fit: (stage) => {
    const known = trainingNumbers("normalize", numbersOf("normalize", stage));
    return {
      least: known.map((one) => one.reduce((a, b) => Math.min(a, b))),
      greatest: known.map((one) => one.reduce((a, b) => Math.max(a, b))),
    };
  },
  apply: (stage, { least, greatest }) =>
    mapFeatures(numbersOf("normalize", stage), (value, i) => {
      const range = greatest[i] - least[i] || 1;
      if (range < Infinity) return (value - least[i]) / range;
      return (value / 2 - least[i] / 2) / (greatest[i] / 2 - least[i] / 2);
    }),
  revert: (values, { least, greatest }, i) =>
    values.map((value) => {
      const range = greatest[i] - least[i] || 1;
      return range < Infinity ? value * range + least[i] : value * greatest[i] + (1 - value) * least[i];
    }),
});

const offset = finite({ default: 0, help: "added before the logarithm, such as 1 for numbers that may be 0" });

/** The natural logarithm: log(x + offset). */
export const logStep = step({
  options: { offset },
  fitted: { offset },
  fit: (stage, { offset }) => {
    checkPositive(numbersOf("take the logarithm of", stage), offset);
    return { offset };
  },
  apply: (stage, { offset }) => {
    const features = numbersOf("take the logarithm of", stage);
    checkPositive(features, offset);
    return mapFeatures(features, (value) => Math.log(value + offset));
  },
  revert: (values, { offset }) => values.map((value) => Math.exp(value) - offset),
});

function checkPositive({ column, values }: Features, offset: number): void {
  for (const one of values) {
    const row = one.findIndex((value) => value + offset <= 0);
    if (row < 0) continue;
    throw new DataError(
      `Cannot take the logarithm of ${titleOf(column)}: expected numbers above ${-offset || 0}, got ${
        showValue(one[row])
      } in ${column.place(row)}; ["log", { offset: 1 }] adds 1 before`,
    );
  }
}
