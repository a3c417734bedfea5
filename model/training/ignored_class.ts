/**
 * The class of targets that do not count, such as padding.
 *
 * @module
 */

import type { Tensor } from "../../core/tensor.ts";
import type { TargetData } from "../target_data.ts";
import { rowArray } from "../../data/rows.ts";
import type { TargetSet } from "../../data/tensor_set.ts";
import type { Objective } from "../../optim/objectives.ts";
import type { ConfiguredObjective } from "../../optim/registry.ts";
import { areClasses, isOther } from "../../optim/targets.ts";

/** Targets that are read at a time. */
const AT_A_TIME = 2 ** 16;

/** A metric of which some targets do not count. */
interface PartialMetric extends Objective {
  /** The metric of all targets. */
  readonly whole: Objective;
}

/** The class that an objective ignores, its option `ignoreIndex`; undefined if it ignores none. */
export function ignoredBy(objective: Objective): number | undefined {
  const { configuration } = objective as Partial<ConfiguredObjective>;
  const ignored = configuration?.[1].ignoreIndex;
  return typeof ignored === "number" ? ignored : undefined;
}

/** Predictions [example, …, class], and their targets: class numbers, or rows of the same shape. */
interface Compared {
  readonly prediction: Tensor;
  readonly target: Tensor;
}

/** Which targets count, bool of their shape: those of other classes than the objective ignores; undefined if all do. */
export function countedTargets(objective: Objective, { prediction, target }: Compared): Tensor | undefined {
  const ignored = ignoredBy(objective);
  if (ignored === undefined || !areClasses(prediction, target)) return undefined;
  return isOther(target, ignored);
}

/** A metric that is 0 for targets of the class `ignored`, whose number may not be one of the predictions'. */
export function ignoring(whole: Objective, ignored: number): PartialMetric {
  const metric = (prediction: Tensor, target: Tensor): Tensor => {
    // Rows name their class by their greatest element, so none of them is ignored.
    if (target.shape.length === prediction.shape.length) return whole(prediction, target);
    const counts = isOther(target, ignored);
    return counts.where(whole(prediction, counts.where(target, 0)), 0);
  };
  return Object.assign(metric, { whole });
}

/** The metric of all targets, for one from `ignoring`; otherwise the metric itself. */
export function wholeMetric(metric: Objective): Objective {
  const { whole } = metric as Partial<PartialMetric>;
  return whole === undefined ? metric : wholeMetric(whole);
}

/** The highest class number other than `ignored` in any set, plus 1. */
export function countClasses({ training, validation, test }: TargetData, ignored: number): number {
  const sets = [training, validation, ...test ? [test] : []];
  return 1 + sets.reduce((highest, set) => Math.max(highest, highestIn(set, ignored)), -1);
}

function highestIn({ rows: { y }, length }: TargetSet, ignored: number): number {
  let highest = -1;
  for (let begin = 0; begin < length; begin += AT_A_TIME) {
    const numbers = Int32Array.from({ length: Math.min(AT_A_TIME, length - begin) }, (_, i) => begin + i);
    const values = rowArray(y, numbers.length);
    y.copy(numbers, values);
    for (const one of values) if (one !== ignored && one > highest) highest = one;
  }
  return highest;
}
