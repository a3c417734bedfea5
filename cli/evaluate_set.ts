/**
 * Evaluates a model on a set.
 *
 * @module
 */

import type { TensorSet } from "../data/tensor_set.ts";
import type { Model } from "../model/model.ts";
import { chooseJudgment } from "../model/training/choose_task.ts";
import { takesLogits } from "../model/training/output_fit.ts";
import { type ErrorUnit, returnedTensor, scaleOf, unitOf } from "../model/training/task.ts";

/** The results of an evaluation. */
export interface SetEvaluation {
  readonly examples: number;
  /** In `errorUnit`; null without a metric. */
  readonly error: number | null;
  readonly errorUnit: ErrorUnit;
  /** The mean cost. */
  readonly loss: number;
}

/** Evaluates a model on a set, with its own metric and objective. */
export async function evaluateSet(model: Model, set: TensorSet): Promise<SetEvaluation> {
  const { x, y, length } = set;
  const { network, parts } = model;
  const action = `evaluate ${JSON.stringify(network.name)}`;
  const { objective, error: metric } = chooseJudgment({ ...parts, network, set, action });
  const output = model.getOutput(x);
  // The logarithms of probabilities are logits of them.
  const measured = takesLogits(network, objective) ? output.log() : output;
  const costs = returnedTensor(action, "objective", objective(measured, y));
  const errors = metric && returnedTensor(action, "metric", metric(output, y));
  const [wrong, cost] = await Promise.all([errors?.sum().item(), costs.sum().item()]);
  output.dispose();
  const error = wrong === undefined ? null : wrong * scaleOf(metric) / length;
  return { examples: length, error, errorUnit: unitOf(metric), loss: cost / length };
}
