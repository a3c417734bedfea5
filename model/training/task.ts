/**
 * What is learned: how a network, an objective and a metric make numbers of a batch.
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

/** What is learned, and how. */
export interface Task {
  readonly network: Network;
  /** The cost of each example. */
  readonly objective: Objective;
  /** The error of each example, lower is better. */
  readonly error: Objective;
  readonly rule: UpdateRule;
  /** Examples a step. */
  readonly batchSize: number;
}

/** What a task makes of a batch. */
export interface BatchOutcome {
  /** [example] */
  readonly cost: Tensor;
  /** [example] */
  readonly error: Tensor;
  readonly state: NetworkState;
}

/** Metrics that count what is right, and the errors that say the same. */
const errorsByAccuracy: ReadonlyMap<Objective, Objective> = new Map([
  [categoricalAccuracy, categoricalError],
  [binaryAccuracy, binaryError],
]);

/** What is minimised for a metric: the metric, or the error that belongs to an accuracy. */
export function errorOf(metric: Objective): Objective {
  return errorsByAccuracy.get(metric) ?? metric;
}

/** The unit in which an error is told: rates in percent, others as they are. */
export function unitOf(error: Objective): ErrorUnit {
  return [...errorsByAccuracy.values()].includes(error) ? "%" : "";
}

/** What an error is multiplied with to be told in its unit. */
export function scaleOf(error: Objective): number {
  return unitOf(error) === "%" ? 100 : 1;
}

/** `%` for rates, nothing for others. */
export type ErrorUnit = "%" | "";

/** The parameters that a batch passes through, and how. */
interface Passing extends NetworkMode {
  readonly params: NetworkParameters;
}

/** Cost and error of each example of a batch. */
export function outcome(task: Task, { x, y }: TensorPair, { params, ...mode }: Passing): BatchOutcome {
  const { network, objective, error } = task;
  // Softmax and cross-entropy in one keep the gradient finite; the greatest logit is the greatest probability.
  if (objective === categoricalCrossentropyError && network.hasLogits) {
    const { output: logits, state } = network.logits(params, x, mode);
    const prediction = error === categoricalError ? logits : network.apply(params, x, mode).output;
    return { cost: categoricalCrossentropyFromLogits(logits, y), error: error(prediction, y), state };
  }
  const { output, state } = network.apply(params, x, mode);
  return { cost: objective(output, y), error: error(output, y), state };
}
