/**
 * Class weights with which all classes count the same.
 *
 * @module
 */

import { featuresOf } from "../../data/samples.ts";
import { type RowArray, rowArray } from "../../data/rows.ts";
import type { TargetSet } from "../../data/tensor_set.ts";
import type { Network } from "../network.ts";
import { classCount } from "./check_emphasis.ts";

/** Examples whose targets are read at a time. */
const AT_A_TIME = 2 ** 14;

/**
 * The weights n / (k nᵢ) for n targets, of which nᵢ are of class i, and k classes that occur; 0 for classes that do not
 * occur.
 *
 * Source: King and Zeng, "Logistic regression in rare events data", 2001, as in `compute_class_weight` of scikit-learn.
 *
 * Targets are read as class weights are applied: rows, with as many axes as the outputs of the network, name their class
 * by their greatest element, and targets of a single unit are class 1 from 0.5 on.
 */
export function balancedWeights(set: TargetSet, network: Network): number[] {
  const counts = countsOf(set, network);
  const found = counts.filter((count) => count > 0);
  const total = found.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => count === 0 ? 0 : total / (found.length * count));
}

/** The number of targets of each class; other numbers, such as those that an objective ignores, are left out. */
function countsOf({ rows: { y }, length }: TargetSet, network: Network): number[] {
  const counts = new Array<number>(classCount(network)).fill(0);
  const units = network.outputShape.at(-1) ?? 1;
  const width = y.shape.length === network.outputShape.length ? units : 1;
  const features = featuresOf(y.shape);
  for (let begin = 0; begin < length; begin += AT_A_TIME) {
    const numbers = Int32Array.from({ length: Math.min(AT_A_TIME, length - begin) }, (_, i) => begin + i);
    const values = rowArray(y, numbers.length);
    y.copy(numbers, values);
    for (let i = 0; i < numbers.length * features; i += width) {
      const found = classAt(values, i, { units, width });
      if (counts[found] !== undefined) counts[found]++;
    }
  }
  return counts;
}

/** How targets name classes: the units of the network, and the numbers that a target has. */
interface ClassForm {
  readonly units: number;
  readonly width: number;
}

/** The class of the target that begins at a number. */
function classAt(values: RowArray, at: number, { units, width }: ClassForm): number {
  if (units === 1) return values[at] >= 0.5 ? 1 : 0;
  return width === 1 ? values[at] : greatest(values.subarray(at, at + width));
}

/** The position of the first greatest number. */
function greatest(row: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < row.length; i++) if (row[i] > row[best]) best = i;
  return best;
}
