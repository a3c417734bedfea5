/**
 * Precision, recall and F1, and the counts from which they follow.
 *
 * @module
 */

import { safeQuotient } from "../../core/functions/near_zero.ts";
import { describeOptions } from "../../core/options/nested.ts";
import type { Declaration } from "../../core/options/option.ts";
import { refuseSurplus } from "../../core/options/surplus.ts";
import { readOptions } from "../../core/options/read.ts";
import { oneOf } from "../../core/options/values.ts";
import { sizeOf } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";
import { type ThresholdOptions, thresholdOptions } from "./accuracy.ts";
import { decide, type DecisionForm, decisionForm, type Decisions } from "./decisions.ts";
import { beginEntries, countEntries, weighed } from "./entries.ts";
import { areNumbers, checkedMetric, type Metric, type MetricState, partOf } from "./metric.ts";
import { addToTally, beginTally, sumOf } from "./tally.ts";

/** How values of classes become one: their mean, the value of their sums, or not at all. */
export type ClassAverage = "macro" | "micro" | "none";

/** Options of {@linkcode precision}, {@linkcode recall} and {@linkcode f1}. */
export interface ClassMetricOptions extends ThresholdOptions {
  /**
   * `macro`: the mean over the classes that occur in targets or predictions; `micro`: computed from the sums over all
   * classes; `none`: one value per class (default: macro).
   */
  readonly average?: ClassAverage;
}

/** {@linkcode ClassMetricOptions}, declared. */
export const classMetricOptions = {
  average: oneOf(["macro", "micro", "none"], {
    default: "macro",
    help: "mean over the classes, value of their sums, or one value per class",
  }),
  ...thresholdOptions,
} satisfies Declaration<ClassMetricOptions>;

/** What is counted of each class: how often it was predicted and right, predicted, and true. */
interface ClassCounts {
  readonly right: Tensor;
  readonly predicted: Tensor;
  readonly actual: Tensor;
}

type ClassFormula = (counts: ClassCounts) => Tensor;

const PARTS = ["right", "predicted", "actual"] as const;

/**
 * The share of the predictions of a class that are right: TP / (TP + FP), from 0 to 1; 0 if it was never predicted.
 *
 * Columns are classes, of which the greatest is predicted. A single column, or a `threshold`, means questions: what is
 * measured then is the answer yes. Rows that contain NaN predict no class.
 *
 * Source: `precision_score` of scikit-learn with `zero_division=0`; its default average for two classes, `binary`, is
 * that of a single column.
 *
 * @example
 * ```ts
 * import { precision } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const metric = precision({ average: "none" });
 * const [prediction, target] = [tensor([[0.2, 0.8], [0.3, 0.7], [0.9, 0.1]]), tensor([1, 0, 0])];
 * const state = metric.update(metric.init(prediction, target), prediction, target);
 * assertEquals(await metric.result(state).toArray(), [1, 0.5]);
 * ```
 */
export function precision(options: ClassMetricOptions = {}): Metric {
  refuseSurplus("precision", arguments, 1);
  return classMetric("precision", ({ right, predicted }) => safeQuotient(right, predicted), options);
}

/**
 * The share of the examples of a class that are predicted: TP / (TP + FN), from 0 to 1; 0 if there are none. For classes
 * and questions see {@linkcode precision}.
 *
 * Source: `recall_score` of scikit-learn with `zero_division=0`.
 *
 * @example
 * ```ts
 * import { recall } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const metric = recall({ average: "none" });
 * const [prediction, target] = [tensor([[0.2, 0.8], [0.3, 0.7], [0.9, 0.1]]), tensor([1, 0, 0])];
 * const state = metric.update(metric.init(prediction, target), prediction, target);
 * assertEquals(await metric.result(state).toArray(), [0.5, 1]);
 * ```
 */
export function recall(options: ClassMetricOptions = {}): Metric {
  refuseSurplus("recall", arguments, 1);
  return classMetric("recall", ({ right, actual }) => safeQuotient(right, actual), options);
}

/**
 * The harmonic mean of precision and recall: 2 TP / (2 TP + FP + FN), from 0 to 1; 0 for a class that does not occur.
 * For classes and questions see {@linkcode precision}.
 *
 * Source: `f1_score` of scikit-learn with `zero_division=0`.
 *
 * @example
 * ```ts
 * import { f1 } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const metric = f1();
 * const [prediction, target] = [tensor([[0.2, 0.8], [0.3, 0.7], [0.9, 0.1]]), tensor([1, 0, 0])];
 * const state = metric.update(metric.init(prediction, target), prediction, target);
 * assertAlmostEquals(await metric.result(state).item(), 2 / 3, 1e-6);
 * ```
 */
export function f1(options: ClassMetricOptions = {}): Metric {
  refuseSurplus("f1", arguments, 1);
  return classMetric(
    "f1",
    ({ right, predicted, actual }) => safeQuotient(right.mul(2), predicted.add(actual)),
    options,
  );
}

function classMetric(name: string, formula: ClassFormula, options: ClassMetricOptions): Metric {
  const { average, threshold } = readOptions(`make ${name}`, classMetricOptions, options);
  return checkedMetric({
    name,
    direction: "maximize",
    takes: "classes",
    configuration: [name, describeOptions(classMetricOptions, { average, threshold })],
    init: (prediction, target, form = {}) => {
      const { columns, questions } = decisionForm(name, { prediction, target }, threshold);
      const tally = () => beginTally([columns], { whole: !areNumbers(form.weights) });
      const counts = Object.fromEntries(PARTS.map((part) => [part, tally()]));
      return { ...beginEntries(true, form), [questions ? "questions" : "classes"]: counts };
    },
    update: (state, prediction, target, { weights } = {}) => {
      const kind = "questions" in state ? "questions" : "classes";
      const counts = partOf(state, kind);
      const decisions = decide(name, { prediction, target }, threshold);
      const entries = countEntries(state, { name, shape: decisions.rows, weights });
      const found = countsOf(decisions, entries.weights);
      const after = PARTS.map((part) => [part, addToTally(partOf(counts, part), found[part], entries.clock)]);
      return { ...entries.state, [kind]: Object.fromEntries(after) };
    },
    result: (state) => averaged(state, formula, average),
  });
}

/** The counts of a batch, each [column]. */
function countsOf(
  { predicted, actual, rows, columns }: Decisions & DecisionForm,
  weights: Tensor | undefined,
): ClassCounts {
  const flat = (x: Tensor): Tensor => x.reshape([sizeOf(rows), columns]);
  const wide = weights?.reshape([sizeOf(rows), 1]).broadcastTo([sizeOf(rows), columns]);
  const total = (x: Tensor): Tensor => weighed(flat(x), wide).sum({ axis: 0 });
  return { right: total(predicted.and(actual)), predicted: total(predicted), actual: total(actual) };
}

function averaged(state: MetricState, formula: ClassFormula, average: ClassAverage): Tensor {
  const areQuestions = "questions" in state;
  const tallies = partOf(state, areQuestions ? "questions" : "classes");
  const [right, predicted, actual] = PARTS.map((part) => sumOf(partOf(tallies, part)));
  if (average === "micro") {
    return formula({ right: right.sum(), predicted: predicted.sum(), actual: actual.sum() });
  }
  const values = formula({ right, predicted, actual });
  if (average === "none") return values;
  if (areQuestions) return values.mean();
  // A class that occurs nowhere has the value 0.
  return values.sum().div(predicted.add(actual).greater(0).cast("f32").sum());
}
