/**
 * The task of a training: how a network, an objective and a metric turn a batch into cost and error.
 *
 * @module
 */

import { tensorKind } from "../../core/options/kinds.ts";
import { wrongKind } from "../../core/options/read.ts";
import { showShape } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";
import type { TensorPair } from "../../data/tensor_set.ts";
import { categoricalError } from "../../optim/metrics.ts";
import {
  categoricalCrossentropyError,
  categoricalCrossentropyFromLogits,
  type Objective,
} from "../../optim/objectives.ts";
import { getObjective } from "../../optim/registry.ts";
import type { UpdateRule } from "../../optim/update_rule.ts";
import { knowBatch } from "../check_tokens.ts";
import type { Network } from "../network.ts";
import type { NetworkMode } from "../network_arguments.ts";
import type { NetworkParameters, NetworkState } from "../weights.ts";
import { wholeMetric } from "./ignored_class.ts";
import { knownName, optionsOf } from "./measure_names.ts";
import { takesLogits } from "./output_fit.ts";

/** The task of a training. */
export interface Task {
  readonly network: Network;
  /** The cost of each example. */
  readonly objective: Objective;
  /** The error of each example, lower is better; null to judge by the cost itself. */
  readonly error: Objective | null;
  readonly rule: UpdateRule;
  /** Examples per step. */
  readonly batchSize: number;
  /** The names of objective and metric. */
  readonly names?: MeasureNames;
}

/** The names of what a training minimizes and measures. */
export interface MeasureNames {
  /** The objective; empty if the function has no name. */
  readonly objective: string;
  /** The metric that was given, which may be an accuracy; null without one. */
  readonly metric: string | null;
}

/** The result of a task for a batch. */
export interface BatchOutcome {
  /** [example] */
  readonly cost: Tensor;
  /** [example] */
  readonly error: Tensor;
  readonly state: NetworkState;
}

/** Accuracies, and the corresponding errors. */
const errorsByAccuracy: Readonly<Record<string, string>> = {
  categoricalAccuracy: "categoricalError",
  binaryAccuracy: "binaryError",
};

/** The error of a metric: the metric itself, or the error that corresponds to an accuracy, with the same options. */
export function errorOf(metric: Objective): Objective {
  const error = errorsByAccuracy[knownName(metric) ?? ""];
  return error === undefined ? metric : getObjective(error, optionsOf(metric));
}

/** The unit in which an error is reported: percent for rates, none for others. */
export function unitOf(error: Objective | null): ErrorUnit {
  const name = error && knownName(wholeMetric(error));
  return name && Object.values(errorsByAccuracy).includes(name) ? "%" : "";
}

/** The factor that converts an error to its unit. */
export function scaleOf(error: Objective | null): number {
  return unitOf(error) === "%" ? 100 : 1;
}

/** `%` for rates, nothing for others. */
export type ErrorUnit = "%" | "";

/** The result of a validation by which the best weights are chosen: the lower, the better. */
export type Monitor = "validationError" | "validationLoss";

/** The quantity that a task monitors: the error if it has a metric, otherwise the mean of the objective. */
export function monitorOf({ error }: Pick<Task, "error">): Monitor {
  return error === null ? "validationLoss" : "validationError";
}

/** A validation, as events, epochs and reports show it. */
export interface Validated {
  readonly validationError: number | null;
  readonly validationLoss: number | null;
}

/** The value of the monitored quantity: the error, or the loss if there is no error. */
export function monitoredIn({ validationError, validationLoss }: Validated): number | null {
  return validationError ?? validationLoss;
}

/** The parameters and mode with which a batch is computed. */
interface Passing extends NetworkMode {
  readonly params: NetworkParameters;
}

/** Cost and error of each example of a batch, of data that were checked to fit the network. */
export function outcome(task: Task, { x, y }: TensorPair, { params, ...mode }: Passing): BatchOutcome {
  const { network, objective, error } = task;
  knowBatch(network, { x, y });
  // Computing softmax and cross-entropy together keeps the gradient finite; the greatest logit is the greatest
  // probability.
  const isDefault = objective === categoricalCrossentropyError && network.hasLogits;
  if (isDefault || takesLogits(network, objective)) {
    const { output: logits, state } = network.logits(params, x, mode);
    const compares = error && (wholeMetric(error) === categoricalError || takesLogits(network, error));
    const prediction = compares ? logits : network.apply(params, x, mode).output;
    const cost = isDefault ? categoricalCrossentropyFromLogits : objective;
    return { ...resultsOf(task, { cost: cost(logits, y), error: error?.(prediction, y) }, x), state };
  }
  const { output, state } = network.apply(params, x, mode);
  const judged = error && takesLogits(network, error) ? network.logits(params, x, mode).output : output;
  return { ...resultsOf(task, { cost: objective(output, y), error: error?.(judged, y) }, x), state };
}

/** What an objective and a metric returned. Functions of your own may return anything. */
interface Measured {
  readonly cost: unknown;
  readonly error: unknown;
}

function resultsOf({ network, error }: Task, measured: Measured, x: Tensor): Pick<BatchOutcome, "cost" | "error"> {
  const action = `train ${JSON.stringify(network.name)}`;
  const cost = eachExample("objective", returnedTensor(action, "objective", measured.cost), x);
  if (error === null) return { cost, error: cost.zerosLike() };
  return { cost, error: eachExample("metric", returnedTensor(action, "metric", measured.error), x) };
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

/** One number per example: that of the example, or the mean of its time steps. */
function eachExample(name: "objective" | "metric", values: Tensor, { shape: [examples] }: Tensor): Tensor {
  const [first, ...others] = values.shape;
  if (first !== examples) {
    throw new TypeError(
      `Cannot use the ${name} for ${examples} examples: expected one number per example, or one per time step, got ` +
        `shape ${showShape(values.shape)}; do not take the mean over the batch`,
    );
  }
  return others.length === 0 ? values : values.mean({ axis: others.map((_, i) => i + 1) });
}
