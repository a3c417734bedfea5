/**
 * Metrics in the units of targets that were scaled.
 *
 * @module
 */

import { concatenate } from "../../core/functions/movement.ts";
import type { Tensor } from "../../core/tensor.ts";
import type { FittedPreprocessing } from "../../data/steps/any_preprocessing.ts";
import type { FittedColumn, FittedStep } from "../../data/steps/fitted_column.ts";
import { TablePreprocessing } from "../../data/steps/table_preprocessing.ts";
import type { Objective } from "../../optim/objectives.ts";
import type { Metric } from "../../optim/set_metrics/metric.ts";

/** What reverts each step of a target, with the statistics of its only feature. */
const reverts: Readonly<Record<string, (x: Tensor, fitted: FittedStep[1]) => Tensor>> = {
  standardize: (x, fitted) => x.mul(numberIn(fitted.deviation)).add(numberIn(fitted.mean)),
  normalize: (x, fitted) => {
    const [least, greatest] = [numberIn(fitted.least), numberIn(fitted.greatest)];
    return x.mul(greatest - least || 1).add(least);
  },
  log: (x, fitted) => x.exp().sub(numberIn(fitted.offset)),
};

function numberIn(fitted: unknown): number {
  return Number(Array.isArray(fitted) ? fitted[0] : fitted);
}

/** The numbers of a target in its own units. */
function revert(x: Tensor, { steps }: FittedColumn): Tensor {
  return steps.toReversed().reduce((scaled, [name, fitted]) => reverts[name]?.(scaled, fitted) ?? scaled, x);
}

/** The functions that judge a network. */
interface Judges {
  readonly error: Objective | null;
  readonly metrics?: readonly Metric[];
}

/**
 * The same task, whose metrics are computed in the units of the targets, if these are numbers of a table that were
 * scaled: a mean absolute error is one of prices, not of deviations. The objective stays as it is.
 */
export function inUnits<J extends Judges>(task: J, preprocessing: FittedPreprocessing | undefined): J {
  if (!(preprocessing instanceof TablePreprocessing) || preprocessing.classes !== undefined) return task;
  const { targets } = preprocessing.configuration;
  if (targets.every(({ steps }) => steps.length === 0)) return task;
  const unscaled = (x: Tensor): Tensor => {
    const [rows, width = 1] = x.shape;
    // Outputs of another shape are refused by the metric.
    if (x.shape.length > 2 || width !== targets.length) return x;
    if (width === 1) return revert(x, targets[0]);
    return concatenate(targets.map((target, i) => revert(x.slice([0, i], [rows, i + 1]), target)), 1);
  };
  const { error, metrics } = task;
  return {
    ...task,
    error: error && wrapped(error, unscaled),
    ...(metrics && { metrics: metrics.map((one) => wrappedMetric(one, unscaled)) }),
  };
}

/** An error whose arguments are converted first. */
function wrapped(whole: Objective, convert: (x: Tensor) => Tensor): Objective {
  const error = (prediction: Tensor, target: Tensor): Tensor => whole(convert(prediction), convert(target));
  return Object.assign(error, { whole });
}

function wrappedMetric(metric: Metric, convert: (x: Tensor) => Tensor): Metric {
  return {
    ...metric,
    update: (...[state, prediction, target, options]) =>
      metric.update(state, convert(prediction), convert(target), options),
  };
}
