/**
 * Metrics of predicted numbers, over a set.
 *
 * @module
 */

import { full, zeros } from "../../core/creation.ts";
import { describeOptions } from "../../core/options/nested.ts";
import type { Declaration } from "../../core/options/option.ts";
import { refuseSurplus } from "../../core/options/surplus.ts";
import { readOptions } from "../../core/options/read.ts";
import { oneOf } from "../../core/options/values.ts";
import { showShape } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";
import { alike } from "../targets.ts";
import { beginEntries, countEntries, entriesOf, perFeature, weighed, weightOf } from "./entries.ts";
import {
  checkedMetric,
  type Metric,
  type MetricState,
  type MetricWeights,
  partOf,
  type Shaped,
  tensorOf,
} from "./metric.ts";
import { addToTally, beginTally, sumOf } from "./tally.ts";

/** Options of {@linkcode r2}. */
export interface R2Options {
  /** The mean over the features, or one value per feature (default: macro). */
  readonly average?: "macro" | "none";
}

/** {@linkcode R2Options}, declared. */
export const r2Options = {
  average: oneOf(["macro", "none"], { default: "macro", help: "mean over the features, or one value per feature" }),
} satisfies Declaration<R2Options>;

/**
 * The coefficient of determination: R² = 1 − Σᵢ wᵢ (targetᵢ − predictionᵢ)² / Σᵢ wᵢ (targetᵢ − mean target)². 1 is perfect, 0
 * as good as the mean of the targets, and there is no lower bound. If all targets are equal, it is 1 for perfect
 * predictions and 0 for others.
 *
 * Squares are of differences from the mean of the first batch, so they keep their digits for targets far from 0, such as
 * years.
 *
 * Source: `r2_score` of scikit-learn, with `multioutput="uniform_average"` or `"raw_values"`.
 *
 * @example
 * ```ts
 * import { r2 } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const metric = r2();
 * const [prediction, target] = [tensor([2.5, 0, 2, 8]), tensor([3, -0.5, 2, 7])];
 * const state = metric.update(metric.init(prediction, target), prediction, target);
 * assertAlmostEquals(await metric.result(state).item(), 0.9486, 1e-4);
 * ```
 */
export function r2(options: R2Options = {}): Metric {
  refuseSurplus("r2", arguments, 1);
  const name = "r2";
  const { average } = readOptions(`make ${name}`, r2Options, options);
  return checkedMetric({
    name,
    direction: "maximize",
    configuration: [name, describeOptions(r2Options, { average })],
    init: (prediction, target, form) => {
      const features = featuresOf(name, prediction, target);
      const sums = () => beginTally([features], { whole: false });
      return {
        ...beginEntries(false, form),
        origin: zeros([features]),
        residuals: sums(),
        sum: sums(),
        squares: sums(),
      };
    },
    update: updateR2,
    result: (state) => {
      const values = r2Of(state);
      return average === "none" ? values : values.mean();
    },
  });
}

function updateR2(
  state: MetricState,
  prediction: Tensor,
  target: Tensor,
  { weights }: MetricWeights = {},
): MetricState {
  const [p, t] = alike("r2", prediction, target);
  const features = t.shape[t.shape.length - 1];
  const entries = countEntries(state, { name: "r2", shape: entriesOf(t), weights });
  const flat = (x: Tensor): Tensor => x.reshape([-1, features]);
  const wide = perFeature(entries.weights, t.shape);
  const summing = {
    weights: wide && flat(wide),
    total: (x: Tensor) => weighed(x, wide && flat(wide)).sum({ axis: 0 }),
  };
  const origin = weightOf(state).greater(0).where(tensorOf(state, "origin"), originOf(flat(t), summing));
  const distances = flat(t).sub(origin);
  const add = (part: string, values: Tensor): MetricState =>
    addToTally(partOf(state, part), summing.total(values), entries.clock);
  return {
    ...entries.state,
    origin,
    residuals: add("residuals", flat(p.sub(t)).square()),
    sum: add("sum", distances),
    squares: add("squares", distances.square()),
  };
}

/** The value of each feature. */
function r2Of(state: MetricState): Tensor {
  const [residuals, sum, squares] = ["residuals", "sum", "squares"].map((part) => sumOf(partOf(state, part)));
  const weight = weightOf(state);
  const varied = squares.sub(sum.square().div(weight));
  const exact = residuals.equal(0).where(1, residuals.equal(residuals).where(0, NaN));
  return weight.greater(0).where(varied.greater(0).where(residuals.div(varied).neg().add(1), exact), NaN);
}

/** How a batch is summed. */
interface Summing {
  /** [row, feature] */
  readonly weights: Tensor | undefined;
  readonly total: (values: Tensor) => Tensor;
}

/** The mean of the targets, [feature]; exact if they are all equal, and 0 if none counts. */
function originOf(targets: Tensor, { weights, total }: Summing): Tensor {
  const counted = weights && (weights.dtype === "bool" ? weights : weights.notEqual(0));
  const least = (counted ? counted.where(targets, Infinity) : targets).min({ axis: 0 });
  const weight = weights ? total(targets.onesLike()) : full([targets.shape[1]], targets.shape[0]);
  const known = weight.greater(0);
  const base = known.where(least, 0);
  return base.add(known.where(total(targets.sub(base)).div(weight), 0));
}

/** The number of features of predictions and targets that belong together: [N, …] and [N, …, 1] do, as in objectives. */
function featuresOf(name: string, { shape: p }: Shaped, { shape: t }: Shaped): number {
  const [short, long] = p.length < t.length ? [p, t] : [t, p];
  const surplus = long.slice(short.length);
  const belong = short.length > 0 && short.slice(1).every((extent, i) => extent === long[i + 1]);
  if (belong && surplus.length === 0) return long.length === 1 ? 1 : long[long.length - 1];
  if (belong && surplus.length === 1 && surplus[0] === 1) return 1;
  throw new TypeError(
    `Cannot compute ${name} of predictions ${showShape(p)} and targets ${
      showShape(t)
    }: expected targets of the shape ` +
      "of the predictions",
  );
}
