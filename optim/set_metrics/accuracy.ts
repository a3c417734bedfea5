/**
 * Accuracies over a set.
 *
 * @module
 */

import { describeOptions } from "../../core/options/nested.ts";
import { count, finite } from "../../core/options/numbers.ts";
import type { Declaration } from "../../core/options/option.ts";
import { refuseSurplus } from "../../core/options/surplus.ts";
import { readOptions } from "../../core/options/read.ts";
import type { Shape } from "../../core/shape.ts";
import { showShape } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";
import { firstGreatest } from "../first_greatest.ts";
import { alike, areClasses, checkClasses, checkedClasses } from "../targets.ts";
import { decisionForm, HALF } from "./decisions.ts";
import { beginEntries, countEntries, entriesOf, perFeature, weighed } from "./entries.ts";
import {
  areNumbers,
  checkedMetric,
  type Metric,
  type MetricForm,
  type MetricState,
  partOf,
  type Shaped,
} from "./metric.ts";
import { addToTally, beginTally, sumOf } from "./tally.ts";

/** Options of metrics that decide between yes and no. */
export interface ThresholdOptions {
  /**
   * The least prediction that means yes, for which each column is a question of its own (default: 0.5 for a single column;
   * several columns are classes). For logits it is 0.
   */
  readonly threshold?: number;
}

/** {@linkcode ThresholdOptions}, declared. */
export const thresholdOptions = {
  threshold: finite({
    otherwise: "0.5 for a single column; several columns are classes",
    help: "least prediction that means yes, for columns that are questions of their own",
  }),
} satisfies Declaration<ThresholdOptions>;

/**
 * The share of predictions that are right: 1/Σw Σᵢ wᵢ [predictionᵢ = targetᵢ], from 0 to 1.
 *
 * Columns are classes, of which the greatest is predicted (the first one if several are). A single column, or a
 * `threshold`, means questions that are answered with yes from the threshold on; of several, each counts. Predictions
 * that are NaN are wrong.
 *
 * Source: `accuracy_score` of scikit-learn; for several questions the mean of their accuracies.
 *
 * @example
 * ```ts
 * import { accuracy } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const metric = accuracy();
 * const [prediction, target] = [tensor([[0.2, 0.8], [0.7, 0.3]]), tensor([1, 1])];
 * const state = metric.update(metric.init(prediction, target), prediction, target);
 * assertEquals(await metric.result(state).item(), 0.5);
 * ```
 */
export function accuracy(options: ThresholdOptions = {}): Metric {
  refuseSurplus("accuracy", arguments, 1);
  const name = "accuracy";
  const { threshold } = readOptions(`make ${name}`, thresholdOptions, options);
  return checkedMetric({
    name,
    direction: "maximize",
    takes: "classes",
    configuration: [name, describeOptions(thresholdOptions, options)],
    init: (prediction, target, form) => {
      decisionForm(name, { prediction, target }, threshold);
      return beginAnswers(form);
    },
    update: (state, prediction, target, { weights } = {}) => {
      const { right, entries } = rightOnes(name, { prediction, target }, threshold);
      return addAnswers(state, { name, right, entries, weights });
    },
    result: shareOfRight,
  });
}

function beginAnswers(form: MetricForm = {}): MetricState {
  const whole = !areNumbers(form.weights);
  const share = (): MetricState => beginTally([], { whole });
  return { ...beginEntries(true, form), right: share(), wrong: share() };
}

interface Answers extends RightOnes {
  readonly name: string;
  readonly weights: Tensor | undefined;
}

function addAnswers(state: MetricState, { name, right, entries, weights }: Answers): MetricState {
  const counted = countEntries(state, { name, shape: entries, weights });
  const wide = perFeature(counted.weights, right.shape);
  const add = (part: string, values: Tensor): MetricState =>
    addToTally(partOf(state, part), weighed(values, wide).sum(), counted.clock);
  return { ...counted.state, right: add("right", right), wrong: add("wrong", right.logicalNot()) };
}

function shareOfRight(state: MetricState): Tensor {
  const [right, wrong] = [sumOf(partOf(state, "right")), sumOf(partOf(state, "wrong"))];
  return right.div(right.add(wrong));
}

/** Which predictions are right, and the axes that weights may have. */
interface RightOnes {
  /** bool of [row…], or of [row…, question]. */
  readonly right: Tensor;
  readonly entries: Shape;
}

function rightOnes(
  name: string,
  { prediction, target }: { readonly prediction: Tensor; readonly target: Tensor },
  threshold: number | undefined,
): RightOnes {
  const { questions, columns } = decisionForm(name, { prediction, target }, threshold);
  if (questions) {
    const [p, t] = alike(name, prediction, target);
    const least = threshold ?? HALF;
    return { right: t.greaterEqual(HALF).where(p.greaterEqual(least), p.less(least)), entries: entriesOf(p) };
  }
  const right = firstGreatest(prediction, { ofNaN: columns }).equal(classesOf(prediction, target));
  return { right, entries: entriesOf(prediction) };
}

/** The true class of each row; no class if a row of targets contains NaN. */
function classesOf(prediction: Tensor, target: Tensor): Tensor {
  if (areClasses(prediction, target)) return checkedClasses(prediction, target);
  return firstGreatest(target, { ofNaN: (prediction.shape.at(-1) ?? 1) + 1 });
}

/** Options of {@linkcode topKAccuracy}. */
export interface TopKOptions {
  /** How many of the greatest predictions count (default: 5). */
  readonly k?: number;
}

/** {@linkcode TopKOptions}, declared. */
export const topKOptions = {
  k: count({ default: 5, help: "how many of the greatest predictions count" }),
} satisfies Declaration<TopKOptions>;

/**
 * The share of examples whose class has one of the k greatest predictions, from 0 to 1. Of equal predictions, those of
 * the first classes count as greater. Rows that contain NaN are wrong.
 *
 * Source: `top_k_accuracy_score` of scikit-learn, which takes the last of equal predictions.
 *
 * @param options.k at most the number of classes
 *
 * @example
 * ```ts
 * import { topKAccuracy } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const metric = topKAccuracy({ k: 2 });
 * const [prediction, target] = [tensor([[0.5, 0.3, 0.2], [0.1, 0.7, 0.2]]), tensor([1, 0])];
 * const state = metric.update(metric.init(prediction, target), prediction, target);
 * assertEquals(await metric.result(state).item(), 0.5);
 * ```
 */
export function topKAccuracy(options: TopKOptions = {}): Metric {
  refuseSurplus("topKAccuracy", arguments, 1);
  const name = "topKAccuracy";
  const { k } = readOptions(`make ${name}`, topKOptions, options);
  return checkedMetric({
    name,
    direction: "maximize",
    takes: "classes",
    configuration: [name, describeOptions(topKOptions, { k })],
    init: (prediction, target, form) => {
      checkTopK(name, { prediction, target }, k);
      return beginAnswers(form);
    },
    update: (state, prediction, target, { weights } = {}) => {
      checkClasses(name, prediction, target);
      const classes = classesOf(prediction, target).expandDims(-1); // [row…, 1]
      const columns = prediction.indexAlong(-1);
      const isClass = columns.equal(classes);
      const own = isClass.where(prediction, 0).sum({ axis: -1, keepDims: true });
      const before = prediction.greater(own).or(prediction.equal(own).and(columns.less(classes)));
      const isKnown = prediction.equal(prediction).cast("i32").min({ axis: -1 }).equal(1);
      const right = before.cast("i32").sum({ axis: -1 }).less(k).and(isKnown).and(
        isClass.cast("i32").max({ axis: -1 }).equal(1),
      );
      return addAnswers(state, { name, right, entries: entriesOf(prediction), weights });
    },
    result: shareOfRight,
  });
}

function checkTopK(
  name: string,
  { prediction, target }: { readonly prediction: Shaped; readonly target: Shaped },
  k: number,
): void {
  const { questions, columns } = decisionForm(name, { prediction, target }, undefined);
  if (!questions && k <= columns) return;
  throw new RangeError(
    `Cannot compute ${name} of predictions ${showShape(prediction.shape)}: expected at least ${k} classes, got ` +
      `${questions ? 1 : columns}; choose a smaller k`,
  );
}
