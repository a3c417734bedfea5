/**
 * Evaluates a model on a set.
 *
 * @module
 */

import type { TensorSet } from "../data/tensor_set.ts";
import type { Model } from "../model/model.ts";
import { errorOf, type ErrorUnit, scaleOf, unitOf } from "../model/training/task.ts";
import { categoricalError } from "../optim/metrics.ts";
import { categoricalCrossentropyError } from "../optim/objectives.ts";

/** The results of an evaluation. */
export interface SetEvaluation {
  readonly examples: number;
  /** In `errorUnit`. */
  readonly error: number;
  readonly errorUnit: ErrorUnit;
  /** The mean cost. */
  readonly loss: number;
}

/** Evaluates a model on a set, with its own metric and objective. */
export async function evaluateSet(model: Model, { x, y, length }: TensorSet): Promise<SetEvaluation> {
  const { objective = categoricalCrossentropyError, evaluationMetric = categoricalError } = model.parts;
  const metric = errorOf(evaluationMetric);
  const output = model.getOutput(x);
  const [wrong, cost] = await Promise.all([metric(output, y).sum().item(), objective(output, y).sum().item()]);
  output.dispose();
  return { examples: length, error: wrong * scaleOf(metric) / length, errorUnit: unitOf(metric), loss: cost / length };
}
