/**
 * Evaluates a model on a set.
 *
 * @module
 */

import type { Tensor } from "../core/tensor.ts";
import type { TensorSet } from "../data/tensor_set.ts";
import type { Model } from "../model/model.ts";
import type { Objective } from "../optim/objectives.ts";
import { chooseJudgment } from "../model/training/choose_task.ts";
import { takesLogits } from "../model/training/output_fit.ts";
import { inUnits } from "../model/training/target_units.ts";
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
  const { objective, error } = chooseJudgment({ ...parts, network, set, action });
  const metric = error && inUnits(error, model.preprocessing);
  const output = model.getOutput(x);
  // The logarithms of probabilities are logits of them.
  const outputFor = (measure: Objective): Tensor => takesLogits(network, measure) ? output.log() : output;
  const costs = returnedTensor(action, "objective", objective(outputFor(objective), y));
  const errors = metric && returnedTensor(action, "metric", metric(outputFor(metric), y));
  const [wrong, cost] = await Promise.all([errors?.sum().item(), costs.sum().item()]);
  output.dispose();
  const mean = wrong === undefined ? null : wrong * scaleOf(metric) / length;
  return { examples: length, error: mean, errorUnit: unitOf(metric), loss: cost / length };
}
