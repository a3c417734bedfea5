/**
 * Means over a set of what objectives return for each example, and what follows from such means.
 *
 * @module
 */

import { functionKind, tensorKind } from "../../core/options/kinds.ts";
import { describeOptions } from "../../core/options/nested.ts";
import { whole } from "../../core/options/numbers.ts";
import type { Declaration } from "../../core/options/option.ts";
import { refuseSurplus } from "../../core/options/surplus.ts";
import { checkArgument, readOptions, wrongKind } from "../../core/options/read.ts";
import { flag, oneOf, text } from "../../core/options/values.ts";
import { showShape } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";
import { categoricalCrossentropyError, meanSquaredError, type Objective } from "../objectives.ts";
import { categoricalCrossentropyFromLogits } from "../objectives_from_logits.ts";
import { directionOf, measureName } from "../registry.ts";
import { areClasses, countedClasses, isOther } from "../targets.ts";
import { decisionForm } from "./decisions.ts";
import { beginEntries, countEntries, spread, weighed, weightOf } from "./entries.ts";
import { checkedMetric, type Metric, type MetricForm, type MetricState, type MetricWeights, partOf } from "./metric.ts";
import { addToTally, beginTally, sumOf } from "./tally.ts";

/** Options of {@linkcode meanObjective}. */
export interface MeanObjectiveOptions {
  /** Its name in reports (default: that of the function). */
  readonly name?: string;
  /** Which values are better (default: minimize, and maximize for the accuracies of this library). */
  readonly direction?: "maximize" | "minimize";
}

/** {@linkcode MeanObjectiveOptions}, declared. */
export const meanObjectiveOptions = {
  name: text({ otherwise: "that of the function", help: "name in reports" }),
  direction: oneOf(["maximize", "minimize"], {
    otherwise: "minimize, and maximize for the accuracies of this library",
    help: "which values are better",
  }),
} satisfies Declaration<MeanObjectiveOptions>;

/**
 * The mean over a set of a function that returns one number per example, or per time step: 1/Σw Σᵢ wᵢ fᵢ. All objectives
 * of the library are such functions. Of a function of your own, lower values count as better by default: pass
 * `{ direction: "maximize" }` if higher ones are, before a training monitors it.
 *
 * @throws {TypeError} if the function has no name, and none is given.
 *
 * @example
 * ```ts
 * import { huberError, meanObjective } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const metric = meanObjective(huberError);
 * let state = metric.init(tensor([[0]]), tensor([[0]]));
 * for (const [p, t] of [[[[4], [1]], [[0], [1]]], [[[3]], [[0]]]]) state = metric.update(state, tensor(p), tensor(t));
 * assertEquals(metric.name, "huberError");
 * assertEquals(await metric.result(state).item(), (3.5 + 0 + 2.5) / 3);
 * const within = meanObjective((p, t) => p.sub(t).abs().less(1).cast("f32").mean({ axis: -1 }), {
 *   name: "within",
 *   direction: "maximize",
 * });
 * assertEquals(within.direction, "maximize");
 * ```
 */
export function meanObjective(objective: Objective, options: MeanObjectiveOptions = {}): Metric {
  refuseSurplus("meanObjective", arguments, 2);
  checkArgument("make meanObjective", objective, functionKind);
  const known = measureName(objective);
  const { name = known ?? objective.name, direction = directionOf(known) } = readOptions(
    "make meanObjective",
    meanObjectiveOptions,
    options,
  );
  if (name === "") throw new TypeError("Cannot make meanObjective of a function without a name: pass { name }");
  return checkedMetric({
    name,
    direction,
    objective,
    init: (_prediction, _target, form) => beginMean(form),
    update: (state, prediction, target, { weights } = {}) => {
      // One of your own may compare examples, so its targets are left as they are.
      const counted = known === undefined ? target : countedClasses(prediction, target, weights);
      const values: unknown = objective(prediction, counted);
      if (!tensorKind.accepts(values)) {
        throw wrongKind(`compute ${name}`, "the objective to return a tensor [example]", values);
      }
      checkEach(name, values, prediction);
      return addToMean(state, { name, values, weights });
    },
    result: meanOf,
  });
}

function beginMean(form?: MetricForm): MetricState {
  return { ...beginEntries(false, form), sum: beginTally([], { whole: false }) };
}

/** The values of a batch, [example, …]. */
interface MeanValues extends MetricWeights {
  readonly name: string;
  readonly values: Tensor;
}

function addToMean(state: MetricState, { name, values, weights }: MeanValues): MetricState {
  const entries = countEntries(state, { name, shape: values.shape, weights });
  const total = weighed(values, entries.weights).sum();
  return { ...entries.state, sum: addToTally(partOf(state, "sum"), total, entries.clock) };
}

/** The mean of all values; NaN without any. */
function meanOf(state: MetricState): Tensor {
  return sumOf(partOf(state, "sum")).div(weightOf(state));
}

function checkEach(name: string, { shape }: Tensor, prediction: Tensor): void {
  if (shape.length > 0 && shape[0] === prediction.shape[0]) return;
  throw new TypeError(
    `Cannot compute ${name} of ${
      prediction.shape[0]
    } examples: expected one number per example, or one per time step, ` +
      `got shape ${showShape(shape)}; do not take the mean over the batch`,
  );
}

/**
 * The root of the mean squared error over a set: √(1/Σw Σᵢ wᵢ MSEᵢ). It is not the mean of the roots of examples, which
 * the objective `rootMeanSquaredError` has.
 *
 * Source: `root_mean_squared_error` of scikit-learn for one feature; for several, the root of the mean over all.
 *
 * @example
 * ```ts
 * import { rootMeanSquare } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const metric = rootMeanSquare();
 * const [prediction, target] = [tensor([[3], [0]]), tensor([[0], [1]])];
 * const state = metric.update(metric.init(prediction, target), prediction, target);
 * assertAlmostEquals(await metric.result(state).item(), Math.sqrt(5), 1e-6);
 * ```
 */
export function rootMeanSquare(): Metric {
  refuseSurplus("rootMeanSquare", arguments, 0);
  const mean = meanObjective(meanSquaredError, { name: "rootMeanSquaredError" });
  return { ...mean, configuration: [mean.name, {}], result: (state) => meanOf(state).sqrt() };
}

/** Options of {@linkcode perplexity}. */
export interface PerplexityOptions {
  /** Whether predictions are values before a softmax (default: false). */
  readonly fromLogits?: boolean;
  /** The class number of targets that do not count, such as padding (default: none). */
  readonly ignoreIndex?: number;
}

/** {@linkcode PerplexityOptions}, declared. */
export const perplexityOptions = {
  fromLogits: flag({ default: false, help: "predictions are values before a softmax" }),
  ignoreIndex: whole({ otherwise: "none", help: "class number of targets that do not count, such as padding" }),
} satisfies Declaration<PerplexityOptions>;

/**
 * How many classes a model hesitates between on average: exp(−1/Σw Σᵢ wᵢ log pᵢ), where pᵢ is the probability of the true
 * class, from 1 on. Probabilities below 10⁻⁸ count as 10⁻⁸ unless they come from logits.
 *
 * Source: `torchmetrics.text.Perplexity`.
 *
 * @example
 * ```ts
 * import { perplexity } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const metric = perplexity();
 * const [prediction, target] = [tensor([[[0.5, 0.5], [0.75, 0.25]]]), tensor([[0, 1]])]; // [example, time, class]
 * const state = metric.update(metric.init(prediction, target), prediction, target);
 * assertAlmostEquals(await metric.result(state).item(), Math.sqrt(8), 1e-5);
 * ```
 */
export function perplexity(options: PerplexityOptions = {}): Metric {
  refuseSurplus("perplexity", arguments, 1);
  const name = "perplexity";
  const { fromLogits, ignoreIndex } = readOptions(`make ${name}`, perplexityOptions, options);
  const cost = fromLogits ? categoricalCrossentropyFromLogits : categoricalCrossentropyError;
  return checkedMetric({
    name,
    direction: "minimize",
    configuration: [name, describeOptions(perplexityOptions, { fromLogits, ignoreIndex })],
    takes: fromLogits ? "logits" : "probabilities",
    init: (prediction, target, form) => {
      const { questions } = decisionForm(name, { prediction, target }, undefined);
      if (questions) {
        throw new TypeError(
          `Cannot compute ${name} of predictions ${showShape(prediction.shape)}: expected one column per class`,
        );
      }
      return beginMean(form);
    },
    update: (state, prediction, target, { weights } = {}) => {
      const { classes, counted } = countedTargets(name, { prediction, target }, { ignoreIndex, weights });
      const values = cost(prediction, classes);
      return addToMean(state, { name, values, weights: counted });
    },
    result: (state) => meanOf(state).exp(),
  });
}

/** Which targets are ignored. */
interface Ignoring {
  readonly ignoreIndex: number | undefined;
  readonly weights: Tensor | undefined;
}

/** Targets with class 0 instead of those that do not count, and weights that leave them out. */
function countedTargets(
  name: string,
  { prediction, target }: { readonly prediction: Tensor; readonly target: Tensor },
  { ignoreIndex, weights }: Ignoring,
): { readonly classes: Tensor; readonly counted: Tensor | undefined } {
  if (ignoreIndex === undefined) return { classes: target, counted: weights };
  if (!areClasses(prediction, target)) {
    throw new TypeError(
      `Cannot compute ${name} with ignoreIndex ${ignoreIndex}: expected class numbers, got rows of ` +
        showShape(target.shape),
    );
  }
  const counts = isOther(target, ignoreIndex);
  const classes = counts.where(target, 0);
  if (weights === undefined) return { classes, counted: counts };
  const wide = spread(name, weights, target.shape);
  return { classes, counted: wide.dtype === "bool" ? wide.and(counts) : counts.where(wide, 0) };
}
