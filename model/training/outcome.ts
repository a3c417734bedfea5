/**
 * The cost and the error of each example of a batch.
 *
 * @module
 */

import { ones } from "../../core/creation.ts";
import { tensorKind } from "../../core/options/kinds.ts";
import { wrongKind } from "../../core/options/read.ts";
import { showShape } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";
import { categoricalError } from "../../optim/metrics.ts";
import { categoricalCrossentropyError, type Objective } from "../../optim/objectives.ts";
import { categoricalCrossentropyFromLogits } from "../../optim/objectives_from_logits.ts";
import { countedClasses } from "../../optim/targets.ts";
import type { NetworkInput } from "../forward.ts";
import type { Network } from "../network.ts";
import type { NetworkMode } from "../network_arguments.ts";
import type { NetworkParameters, NetworkState } from "../weights.ts";
import { smoothing, type TaskEmphasis, weighsTerms, weightsOfTargets } from "./emphasis.ts";
import { heldWhere0, productOf, readWeights, summedFrom, sumsOfExamples, weigh, widened } from "./example_weights.ts";
import { countedTargets, ignoredBy, wholeMetric } from "./ignored_class.ts";
import type { Predicted } from "./set_metrics.ts";
import { knownName } from "./measure_names.ts";
import { takesLogits } from "./output_fit.ts";

/** What measures a network. */
export interface Measures {
  readonly network: Network;
  /** The cost of each example. */
  readonly objective: Objective;
  /** The error of each example, lower is better; null to judge by the cost itself. */
  readonly error: Objective | null;
  /** What counts more in training. */
  readonly emphasis?: TaskEmphasis | undefined;
  /** Whether the device checks that the targets have the classes that are weighed (default: they were read before). */
  readonly checksClasses?: boolean | undefined;
}

/** The result of a task for a batch. */
export interface BatchOutcome {
  /** [example]; multiplied by the weights if there are any */
  readonly cost: Tensor;
  /** [example]; multiplied by the weights if there are any */
  readonly error: Tensor;
  /** The weights of each example, by which means are divided; undefined if all count alike. */
  readonly weights?: OutcomeWeights | undefined;
  readonly state: NetworkState;
  /** The predictions, for metrics of whole sets. */
  readonly predicted: () => Predicted;
}

/** The weights of each example, [example]: those of the batch, for costs multiplied by those of the classes. */
export interface OutcomeWeights {
  readonly cost: Tensor;
  readonly error: Tensor;
}

/** The parameters and mode with which a batch is computed. */
export interface Passing extends NetworkMode {
  readonly params: NetworkParameters;
}

/** The examples of which costs and errors are computed. */
export interface MeasuredBatch {
  readonly x: NetworkInput;
  readonly y: Tensor;
  readonly weights?: Tensor | undefined;
}

/** The cost and the error of each example of a batch. */
export function outcome(measures: Measures, batch: MeasuredBatch, passing: Passing): BatchOutcome {
  const { network, objective, emphasis } = measures;
  const { prediction, state, ...results } = apply(measures, batch, passing);
  const predicted = (): Predicted => predictedBy(measures, batch, passing);
  const action = `train ${JSON.stringify(network.name)}`;
  const cost = returnedTensor(action, "objective", results.cost);
  const error = measures.error && returnedTensor(action, "metric", results.error);
  for (const [name, values] of [["objective", cost], ["metric", error]] as const) {
    if (values) checkExamples(name, values, batch.y);
  }
  if (!isWeighted({ weights: batch.weights, classWeights: emphasis?.classWeights, objective })) {
    const costs = meansOfExamples(cost);
    return { cost: costs, error: error ? meansOfExamples(error) : costs.zerosLike(), state, predicted };
  }
  return { ...weighted({ measures, batch, prediction, cost, error }), state, predicted };
}

/** What decides whether targets have weights. */
export interface Weighing {
  /** The weights of examples, if they have any. */
  readonly weights: unknown;
  readonly classWeights?: readonly number[] | undefined;
  readonly objective: Objective;
}

/** Whether means are divided by sums of weights: of examples, of classes, or of the targets that are not ignored. */
export function isWeighted({ weights, classWeights, objective }: Weighing): boolean {
  return weights !== undefined || classWeights !== undefined || ignoredBy(objective) !== undefined;
}

/** What was computed from a batch that is to be weighted. */
interface Computed {
  readonly measures: Measures;
  readonly batch: MeasuredBatch;
  readonly prediction: Tensor;
  readonly cost: Tensor;
  readonly error: Tensor | null;
}

/**
 * Weighted costs and errors, and their weights. One rule holds for each target i, an example or a time step:
 *
 *     weightᵢ = weight of the example or time step · 1 if the target counts, 0 if its class is ignored
 *     errors  = Σ weightᵢ errorᵢ / Σ weightᵢ
 *     costs   = Σ weightᵢ costᵢ / Σ weightᵢ wᵢ
 *
 * where wᵢ is the weight of the target's class, or the mean of those in a row, and costᵢ has the factor wᵢ, or in its
 * terms the weights of their classes (`weighsTerms`). If the divisor is 0, so is the mean.
 */
function weighted(computed: Computed): Omit<BatchOutcome, "state" | "predicted"> {
  const { measures: { objective, emphasis = {}, checksClasses }, batch, prediction, cost, error } = computed;
  const { classWeights } = emphasis;
  const pair = { prediction, target: countedTarget(prediction, batch) };
  const given = countedWeights(computed);
  const ofClasses = classWeights &&
    weightsOfTargets(objective, classWeights, { ...pair, checked: checksClasses ? given : undefined });
  const both = productOf(given, ofClasses) ?? given;
  const hasTerms = weighsTerms(objective, emphasis, pair);
  const costs = weigh("objective", cost, hasTerms ? widened(given, both.shape) : both);
  // Smoothed targets of classes with the weight 0 have terms of other classes.
  const isChecked = hasTerms && classWeights?.includes(0);
  // A metric that returns one number per example counts by all of its time steps.
  const ofErrors = error ? summedFrom(error.shape.length, given) : given;
  return {
    cost: isChecked ? both.sum().equal(0).where(0, costs) : costs,
    error: error ? weigh("metric", error, ofErrors) : costs.zerosLike(),
    weights: { cost: sumsOfExamples(both), error: sumsOfExamples(ofErrors) },
  };
}

/** The weights of examples or time steps, 0 for targets of a class that the objective ignores. */
function countedWeights({ measures: { objective }, batch, prediction, cost }: Computed): Tensor {
  const given = batch.weights && readWeights(batch.weights);
  const counts = countedTargets(objective, { prediction, target: batch.y })?.cast("f32");
  return productOf(given, counts) ?? ones([cost.shape[0]]);
}

/** What an objective and a metric returned. Functions of your own may return anything. */
interface Applied {
  readonly cost: unknown;
  readonly error: unknown;
  /** The output of the network, or the values before its softmax. */
  readonly prediction: Tensor;
  readonly state: NetworkState;
}

function apply(
  { network, objective, error, emphasis = {} }: Measures,
  batch: MeasuredBatch,
  passing: Passing,
): Applied {
  const { x, y } = batch;
  const { params, ...mode } = passing;
  const held = (prediction: Tensor): Tensor => mode.train ? counted(prediction, objective, batch) : prediction;
  const targetOf = (measure: Objective, prediction: Tensor): Tensor =>
    isKnown(measure) ? countedTarget(prediction, batch) : y;
  // Computing softmax and cross-entropy together keeps the gradient finite; the greatest logit is the greatest
  // probability.
  const isDefault = objective === categoricalCrossentropyError && network.hasLogits;
  if (isDefault || takesLogits(network, objective)) {
    const { output: logits, state } = network.logits(params, x, mode);
    const compares = error && (wholeMetric(error) === categoricalError || takesLogits(network, error));
    const prediction = compares ? logits : network.apply(params, x, mode).output;
    const cost = smoothing(isDefault ? categoricalCrossentropyFromLogits : objective, emphasis);
    return {
      cost: cost(held(logits), targetOf(objective, logits)),
      error: error?.(prediction, targetOf(error, prediction)),
      prediction: logits,
      state,
    };
  }
  const { output, state } = network.apply(params, x, mode);
  const judged = error && takesLogits(network, error) ? network.logits(params, x, mode).output : output;
  return {
    cost: smoothing(objective, emphasis)(held(output), targetOf(objective, output)),
    error: error?.(judged, targetOf(error, judged)),
    prediction: output,
    state,
  };
}

/** Targets with class 0 instead of class numbers of weight 0. */
function countedTarget(prediction: Tensor, { y, weights }: MeasuredBatch): Tensor {
  return countedClasses(prediction, y, weights && readWeights(weights));
}

/** Whether a measure is one of the library's, which compare each prediction with its own target alone. */
function isKnown(measure: Objective): boolean {
  return knownName(wholeMetric(measure)) !== undefined;
}

/** A prediction for an objective. One of your own may compare examples, whose gradients are left as they are. */
function counted(prediction: Tensor, objective: Objective, { weights }: MeasuredBatch): Tensor {
  if (weights === undefined || !isKnown(objective)) return prediction;
  return heldWhere0(prediction, readWeights(weights));
}

/** The output of a network, and the values before its softmax. Equal operations are computed once. */
function predictedBy({ network, objective }: Measures, { x }: MeasuredBatch, { params, ...mode }: Passing): Predicted {
  const { output } = network.apply(params, x, mode);
  const logits = network.hasLogits ? network.logits(params, x, mode).output : undefined;
  return { network, objective, output, logits };
}

/**
 * What an objective or a metric returned, which must be a tensor.
 *
 * @throws {TypeError} if it is something else; the message names it.
 */
export function returnedTensor(action: string, measure: "objective" | "metric", result: unknown): Tensor {
  if (tensorKind.accepts(result)) return result;
  throw wrongKind(action, `the ${measure} to return a tensor [example]`, result);
}

function checkExamples(name: "objective" | "metric", { shape }: Tensor, { shape: [examples] }: Tensor): void {
  if (shape[0] === examples) return;
  throw new TypeError(
    `Cannot use the ${name} for ${examples} examples: expected one number per example, or one per time step, got ` +
      `shape ${showShape(shape)}; do not take the mean over the batch`,
  );
}

/** One number per example: that of the example, or the mean of its time steps. */
function meansOfExamples(values: Tensor): Tensor {
  const [, ...others] = values.shape;
  return others.length === 0 ? values : values.mean({ axis: others.map((_, i) => i + 1) });
}
