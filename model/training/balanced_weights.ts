/**
 * Class weights with which all classes count the same.
 *
 * @module
 */

import { featuresOf } from "../../data/samples.ts";
import { type RowArray, rowArray } from "../../data/rows.ts";
import type { TargetSet } from "../../data/tensor_set.ts";
import type { Objective } from "../../optim/objectives.ts";
import type { Network } from "../network.ts";
import { classCount } from "./check_emphasis.ts";
import { smoothedTargets } from "./emphasis.ts";
import { ignoredBy } from "./ignored_class.ts";
import { unitsIn } from "./unit_count.ts";

/** Examples whose targets are read at a time. */
const AT_A_TIME = 2 ** 14;

/** What classes are counted for. */
export interface Learned {
  readonly network: Network;
  readonly objective: Objective;
}

/**
 * The weights n / (k nᵢ) for n targets, of which nᵢ are of class i, and k classes that occur; 0 for classes that do not
 * occur.
 *
 * Source: King and Zeng, "Logistic regression in rare events data", 2001, as in `compute_class_weight` of scikit-learn.
 */
export function balancedWeights(set: TargetSet, learned: Learned): number[] {
  const counts = targetsOfClasses(set, learned);
  const found = counts.filter((count) => count > 0);
  const total = found.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => count === 0 ? 0 : total / (found.length * count));
}

/**
 * The number of targets of each class, read as class weights are applied: rows of a categorical cross-entropy count by
 * their shares, other rows, with as many axes as the outputs of the network, for the class of their greatest element, and
 * targets of a single unit are class 1 from 0.5 on. Other numbers, and the class that the objective ignores, are left out.
 */
export function targetsOfClasses(set: TargetSet, { network, objective }: Learned): number[] {
  const { rows: { y }, length } = set;
  const counts = new Array<number>(classCount(network)).fill(0);
  const units = unitsIn(network.outputShape);
  const width = y.shape.length === network.outputShape.length ? units : 1;
  const form = { units, width, haveShares: smoothedTargets(objective) === "classes" };
  const features = featuresOf(y.shape);
  for (let begin = 0; begin < length; begin += AT_A_TIME) {
    const numbers = Int32Array.from({ length: Math.min(AT_A_TIME, length - begin) }, (_, i) => begin + i);
    const values = rowArray(y, numbers.length);
    y.copy(numbers, values);
    for (let i = 0; i < numbers.length * features; i += width) count(counts, values.subarray(i, i + width), form);
  }
  const ignored = width === 1 ? ignoredBy(objective) : undefined;
  return counts.map((one, i) => i === ignored ? 0 : one);
}

/** Class weights, and what learns with them. */
export interface WeighedLearning extends Learned {
  readonly weights: readonly number[];
}

/**
 * Throws if no target of a set would count, because all of their classes have the weight 0.
 *
 * @throws {RangeError} with the classes that occur.
 */
export function checkCounted(action: string, set: TargetSet, { weights, ...learned }: WeighedLearning): void {
  if (!weights.includes(0)) return;
  const found = targetsOfClasses(set, learned).flatMap((count, i) => count > 0 ? [i] : []);
  if (found.length === 0 || found.some((one) => weights[one] > 0)) return;
  throw new RangeError(
    `Cannot ${action} with classWeights: expected a weight above 0 for a class of the training set, got 0 for ` +
      `${found.length === 1 ? "its only class" : "all of its classes"}, ${found.join(", ")}`,
  );
}

/** How targets name classes: the units of the network, the numbers that a target has, and whether these are shares. */
interface ClassForm {
  readonly units: number;
  readonly width: number;
  readonly haveShares: boolean;
}

/** Adds a target to the counts of classes. */
function count(counts: number[], target: RowArray, { units, width, haveShares }: ClassForm): void {
  if (width > 1 && haveShares) {
    let total = 0;
    for (const share of target) total += share;
    if (total > 0) target.forEach((share, i) => counts[i] += share / total);
    return;
  }
  const found = units === 1 ? Number(target[0] >= 0.5) : width === 1 ? target[0] : greatest(target);
  if (counts[found] !== undefined) counts[found]++;
}

/** The position of the first greatest number. */
function greatest(row: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < row.length; i++) if (row[i] > row[best]) best = i;
  return best;
}
