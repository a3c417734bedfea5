/**
 * Metrics in the units of targets that were scaled.
 *
 * @module
 */

import { concatenate } from "../../core/functions/movement.ts";
import type { Tensor } from "../../core/tensor.ts";
import type { Data } from "../../data/data.ts";
import type { FittedColumn, FittedStep } from "../../data/steps/fitted_column.ts";
import { TablePreprocessing } from "../../data/steps/table_preprocessing.ts";
import type { Objective } from "../../optim/objectives.ts";

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

/**
 * A metric that is computed in the units of the targets, if these are numbers of a table that were scaled: a mean
 * absolute error is one of prices, not of deviations. Otherwise the metric itself.
 */
export function inUnits(metric: Objective, preprocessing: Data["preprocessing"] | object): Objective {
  if (!(preprocessing instanceof TablePreprocessing) || preprocessing.classes !== undefined) return metric;
  const { targets } = preprocessing.configuration;
  if (targets.every(({ steps }) => steps.length === 0)) return metric;
  const unscaled = (x: Tensor): Tensor => {
    const [rows, width = 1] = x.shape;
    // Outputs of another shape are refused by the metric.
    if (x.shape.length > 2 || width !== targets.length) return x;
    if (width === 1) return revert(x, targets[0]);
    return concatenate(targets.map((target, i) => revert(x.slice([0, i], [rows, i + 1]), target)), 1);
  };
  const wrapped = (prediction: Tensor, target: Tensor): Tensor => metric(unscaled(prediction), unscaled(target));
  return Object.assign(wrapped, { whole: metric });
}
