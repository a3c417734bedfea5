/**
 * Whether any target of a set counts.
 *
 * @module
 */

import { rowArray } from "../../data/rows.ts";
import { featuresOf } from "../../data/samples.ts";
import type { TargetSet } from "../../data/tensor_set.ts";

/** Examples that are read at a time. */
const AT_A_TIME = 1024;

/**
 * Whether any target of a set counts: its weight is above 0, and it is not of the ignored class. A mean over the others
 * would be NaN.
 *
 * @param ignored the class that the objective ignores (default: none)
 */
export function anyCounts({ rows: { y, weights }, length }: TargetSet, ignored?: number): boolean {
  const [width, weightsEach] = [featuresOf(y.shape), weights ? featuresOf(weights.shape) : 1];
  const perWeight = Math.max(1, width / weightsEach);
  const size = Math.min(length, AT_A_TIME);
  const [targets, given] = [rowArray(y, size), weights && rowArray(weights, size)];
  for (let first = 0; first < length; first += size) {
    const numbers = Int32Array.from({ length: Math.min(size, length - first) }, (_, i) => first + i);
    y.copy(numbers, targets);
    if (given) weights?.copy(numbers, given);
    for (let i = 0; i < numbers.length * width; i++) {
      if (targets[i] !== ignored && (!given || given[Math.floor(i / perWeight)] > 0)) return true;
    }
  }
  return false;
}
