/**
 * Class weights with which all classes count the same.
 *
 * @module
 */

import { featuresOf } from "../../data/samples.ts";
import { rowArray } from "../../data/rows.ts";
import type { TensorSet } from "../../data/tensor_set.ts";

/** Examples whose targets are read at a time. */
const AT_A_TIME = 2 ** 14;

/**
 * The weights n / (k nᵢ) for n targets, of which nᵢ are of class i, and k classes that occur; 0 for classes that do not
 * occur.
 *
 * Source: King and Zeng, "Logistic regression in rare events data", 2001, as in `compute_class_weight` of scikit-learn.
 *
 * @param classes the number of classes; targets with as many features are rows, whose greatest element is the class
 */
export function balancedWeights(set: TensorSet, classes: number): number[] {
  const counts = countsOf(set, classes);
  const found = counts.filter((count) => count > 0);
  const total = found.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => count === 0 ? 0 : total / (found.length * count));
}

/** The number of targets of each class; other numbers, such as those that an objective ignores, are left out. */
function countsOf({ rows: { y }, length }: TensorSet, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  const width = y.shape.length > 1 && y.shape.at(-1) === classes ? classes : 1;
  const features = featuresOf(y.shape);
  for (let begin = 0; begin < length; begin += AT_A_TIME) {
    const numbers = Int32Array.from({ length: Math.min(AT_A_TIME, length - begin) }, (_, i) => begin + i);
    const values = rowArray(y, numbers.length);
    y.copy(numbers, values);
    for (let i = 0; i < numbers.length * features; i += width) {
      const found = width === 1 ? values[i] : greatest(values.subarray(i, i + width));
      if (counts[found] !== undefined) counts[found]++;
    }
  }
  return counts;
}

/** The position of the first greatest number. */
function greatest(row: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < row.length; i++) if (row[i] > row[best]) best = i;
  return best;
}
