/**
 * Evaluates a model on a set, for a command.
 *
 * @module
 */

import type { TensorSet } from "../data/tensor_set.ts";
import type { Model } from "../model/model.ts";
import { checkEvaluation, evaluateModel } from "../model/training/evaluate_model.ts";
import { asErrorOfData, asUsageError } from "./check_fit.ts";
import type { GivenMetric } from "../model/training/metric_option.ts";
import type { MetricValues } from "../model/training/set_metrics.ts";
import { type ErrorUnit, unitOf } from "../model/training/task.ts";

/** The results of an evaluation. */
export interface SetEvaluation {
  readonly examples: number;
  /** In `errorUnit`; null without a metric. */
  readonly error: number | null;
  readonly errorUnit: ErrorUnit;
  /** The mean cost. */
  readonly loss: number;
  /** The values of metrics by name, if there are any. */
  readonly metrics?: MetricValues;
}

/**
 * Evaluates a model on a set, with its own metric and objective, and metrics of whole sets.
 *
 * @throws {DataError} if the set does not fit the model.
 * @throws {UsageError} if the metrics do not fit.
 */
export async function evaluateSet(
  model: Model,
  set: TensorSet,
  metrics: readonly GivenMetric[] = [],
): Promise<SetEvaluation> {
  asErrorOfData(() => checkEvaluation(model, set, []));
  if (metrics.length > 0) asUsageError(() => checkEvaluation(model, set, metrics));
  const { cost: loss, error, metric, examples, metrics: values } = await evaluateModel(model, set, { metrics });
  return { examples, error, errorUnit: unitOf(metric), loss, ...(values && { metrics: values }) };
}
