/**
 * The task of a training: how a network, an objective and a metric turn a batch into cost and error.
 *
 * @module
 */

import type { Tensor } from "../../core/tensor.ts";
import type { TensorPair } from "../../data/tensor_set.ts";
import { binaryAccuracy, binaryError, categoricalAccuracy, categoricalError } from "../../optim/metrics.ts";
import {
  categoricalCrossentropyError,
  categoricalCrossentropyFromLogits,
  type Objective,
} from "../../optim/objectives.ts";
import type { UpdateRule } from "../../optim/update_rule.ts";
import type { Network, NetworkMode } from "../network.ts";
import type { NetworkParameters, NetworkState } from "../weights.ts";

/** The task of a training. */
export interface Task {
  readonly network: Network;
  /** The cost of each example. */
  readonly objective: Objective;
  /** The error of each example, lower is better. */
  readonly error: Objective;
  readonly rule: UpdateRule;
  /** Examples per step. */
  readonly batchSize: number;
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
const errorsByAccuracy: ReadonlyMap<Objective, Objective> = new Map([
  [categoricalAccuracy, categoricalError],
  [binaryAccuracy, binaryError],
]);

/** The error of a metric: the metric itself, or the error that corresponds to an accuracy. */
export function errorOf(metric: Objective): Objective {
  return errorsByAccuracy.get(metric) ?? metric;
}

/** The unit in which an error is reported: percent for rates, none for others. */
export function unitOf(error: Objective): ErrorUnit {
  return [...errorsByAccuracy.values()].includes(error) ? "%" : "";
}

/** The factor that converts an error to its unit. */
export function scaleOf(error: Objective): number {
  return unitOf(error) === "%" ? 100 : 1;
}

/** `%` for rates, nothing for others. */
export type ErrorUnit = "%" | "";

/** The parameters and mode with which a batch is computed. */
interface Passing extends NetworkMode {
  readonly params: NetworkParameters;
}

/** Cost and error of each example of a batch. */
export function outcome(task: Task, { x, y }: TensorPair, { params, ...mode }: Passing): BatchOutcome {
  const { network, objective, error } = task;
  // Computing softmax and cross-entropy together keeps the gradient finite; the greatest logit is the greatest
  // probability.
  if (objective === categoricalCrossentropyError && network.hasLogits) {
    const { output: logits, state } = network.logits(params, x, mode);
    const prediction = error === categoricalError ? logits : network.apply(params, x, mode).output;
    return { cost: categoricalCrossentropyFromLogits(logits, y), error: error(prediction, y), state };
  }
  const { output, state } = network.apply(params, x, mode);
  return { cost: objective(output, y), error: error(output, y), state };
}
