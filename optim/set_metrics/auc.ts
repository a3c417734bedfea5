/**
 * The area under the curve of true over false positives, from histograms.
 *
 * @module
 */

import { zeros } from "../../core/creation.ts";
import { clip } from "../../core/functions/selection.ts";
import { matmul } from "../../core/functions/matmul.ts";
import { describeOptions } from "../../core/options/nested.ts";
import { count } from "../../core/options/numbers.ts";
import type { Declaration } from "../../core/options/option.ts";
import { refuseSurplus } from "../../core/options/surplus.ts";
import { readOptions } from "../../core/options/read.ts";
import { flag } from "../../core/options/values.ts";
import { sizeOf } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";
import { alike, areClasses } from "../targets.ts";
import { type ClassAverage, classMetricOptions } from "./class_metrics.ts";
import { decisionForm, HALF, isTrue } from "./decisions.ts";
import { beginEntries, countEntries, weighed } from "./entries.ts";
import { areNumbers, checkedMetric, type Metric, type MetricState, partOf } from "./metric.ts";
import { addToTally, beginTally, sumOf } from "./tally.ts";

/** Logits beyond ±16, probabilities closer to 0 or 1 than 10⁻⁷, share a bin. */
const FARTHEST = 16;

/** Options of {@linkcode auc}. */
export interface AucOptions {
  /**
   * For several classes, each against all others: `macro`, the mean over those that have examples and others; `micro`,
   * all columns as one; `none`, one value per class (default: macro).
   */
  readonly average?: ClassAverage;
  /** Whether predictions are values before a sigmoid (default: false). */
  readonly fromLogits?: boolean;
  /** The number of bins of the histograms (default: 4096). */
  readonly bins?: number;
}

/** {@linkcode AucOptions}, declared. */
export const aucOptions = {
  average: classMetricOptions.average,
  fromLogits: flag({ default: false, help: "predictions are values before a sigmoid" }),
  bins: count({ least: 2, most: 2 ** 20, default: 4096, help: "number of bins of the histograms" }),
} satisfies Declaration<AucOptions>;

/** Bins as a table, so that a histogram is a product of two matrices. */
interface Bins {
  readonly rows: number;
  readonly columns: number;
}

/**
 * The area under the ROC curve: the share of pairs of a positive and a negative example of which the positive one has
 * the greater prediction, from 0 to 1; ties count half.
 *
 * Predictions are counted in bins of equal width in their logit, log(p / (1 − p)), from −16 to 16, so that those close to
 * 0 and to 1 are told apart too: with 4096 bins, a bin is as wide as 1/128, or 0.002 at p = 0.5. Pairs within a bin count
 * as ties, so the error is at most half of the share of pairs in the same bin: of thousands of examples, it is usually
 * below 10⁻⁴; of tens, half of a pair. NaN if all
 * examples are of one kind, or a prediction is NaN.
 *
 * Source: `roc_auc_score` of scikit-learn, for several classes with `multi_class="ovr"`.
 *
 * @example
 * ```ts
 * import { auc } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const metric = auc();
 * const [prediction, target] = [tensor([0.1, 0.4, 0.35, 0.8]), tensor([0, 0, 1, 1])];
 * const state = metric.update(metric.init(prediction, target), prediction, target);
 * assertEquals(await metric.result(state).item(), 0.75);
 * ```
 */
export function auc(options: AucOptions = {}): Metric {
  refuseSurplus("auc", arguments, 1);
  const name = "auc";
  const { average, fromLogits, bins } = readOptions(`make ${name}`, aucOptions, options);
  const columns = Math.ceil(Math.sqrt(bins));
  const table = { rows: Math.ceil(bins / columns), columns };
  return checkedMetric({
    name,
    direction: "maximize",
    configuration: [name, describeOptions(aucOptions, { average, fromLogits, bins })],
    takes: fromLogits ? "logits" : "probabilities",
    init: (prediction, target, form = {}) => {
      const { columns: classes } = decisionForm(name, { prediction, target }, undefined);
      const histograms = beginTally([classes, 2 * table.rows + 1, table.columns], { whole: !areNumbers(form.weights) });
      return { ...beginEntries(true, form), histograms };
    },
    update: (state, prediction, target, { weights } = {}) => {
      const { columns: classes, rows, questions } = decisionForm(name, { prediction, target }, undefined);
      const entries = countEntries(state, { name, shape: rows, weights });
      const [p, t] = questions ? alike(name, prediction, target) : [prediction, target];
      const flat = (x: Tensor): Tensor => x.reshape([sizeOf(rows), classes]).transpose(); // [class, example]
      const found = histogramsOf({
        places: placesOf(flat(p), { fromLogits, bins: table.rows * table.columns }),
        positive: flat(areClasses(p, t) ? isTrue(p, t) : t.greaterEqual(HALF)),
        weights: entries.weights?.reshape([1, sizeOf(rows)]).broadcastTo([classes, sizeOf(rows)]),
      }, table);
      return { ...entries.state, histograms: addToTally(partOf(state, "histograms"), found, entries.clock) };
    },
    result: (state) => areaOf(state, average),
  });
}

/** The bin of each prediction, i32; −1 for NaN. */
function placesOf(
  predictions: Tensor,
  { fromLogits, bins }: { readonly fromLogits: boolean; readonly bins: number },
): Tensor {
  const logits = fromLogits ? predictions : logitOf(clip(predictions.cast("f32"), 0, 1));
  const isKnown = logits.equal(logits);
  const within = clip(logits, -FARTHEST, FARTHEST).add(FARTHEST).mul(bins / (2 * FARTHEST));
  return isKnown.where(isKnown.where(within, 0).cast("i32").minimum(bins - 1), -1);
}

function logitOf(p: Tensor): Tensor {
  return p.log().sub(p.neg().add(1).log());
}

/** Predictions in bins, each [class, example]. */
interface Binned {
  readonly places: Tensor;
  readonly positive: Tensor;
  readonly weights: Tensor | undefined;
}

/**
 * How many examples are in each bin, [class, 2 · row + 1, column]: the positive ones in the first rows, then the negative
 * ones, and those that are NaN in the last one.
 */
function histogramsOf({ places, positive, weights }: Binned, { rows, columns }: Bins): Tensor {
  const [classes, examples] = places.shape;
  const row = positive.where(0, rows).add(places.cast("f32").add(HALF).div(columns).cast("i32"));
  const is = (chosen: Tensor, extent: number): Tensor => {
    const wide = chosen.expandDims(-1).broadcastTo([classes, examples, extent]);
    return wide.equal(wide.indexAlong(-1));
  };
  const inRow = is(places.less(0).where(2 * rows, row), 2 * rows + 1).cast("f32"); // [class, example, 2 · row + 1]
  const counted = weights === undefined ? inRow : weighed(inRow, weights.expandDims(-1).broadcastTo(inRow.shape));
  return matmul(counted.transpose([0, 2, 1]), is(places.maximum(0).mod(columns), columns).cast("f32"));
}

function areaOf(state: MetricState, average: ClassAverage): Tensor {
  const histograms = sumOf(partOf(state, "histograms"));
  const each = average === "micro" ? histograms.sum({ axis: 0, keepDims: true }) : histograms;
  const [classes, height, columns] = each.shape;
  const rows = (height - 1) / 2;
  const sharesIn = (first: number): Tensor => {
    const counts = each.slice([0, first], [classes, first + rows]);
    return counts.div(counts.sum({ axis: [1, 2], keepDims: true })); // [class, row, column]
  };
  const [positive, negative] = [sharesIn(0), sharesIn(rows)];
  const pairs = positive.mul(below(negative).add(negative.mul(0.5))).reshape([classes, rows * columns]);
  const isUndefined = each.slice([0, 2 * rows]).sum({ axis: [1, 2] }).greater(0);
  const areas = isUndefined.where(NaN, pairs.sum({ axis: 1 })); // [class]
  if (average === "micro") return areas.squeeze(0);
  if (average === "none") return areas;
  const isKnown = areas.equal(areas);
  const mean = isKnown.where(areas, 0).sum().div(isKnown.cast("f32").sum());
  return isUndefined.cast("f32").sum().greater(0).where(NaN, mean);
}

/** The sum of all bins before each one, of [class, row, column]. */
function below(x: Tensor): Tensor {
  const before = (extent: number): Tensor => {
    const square = zeros([extent, extent]);
    return square.indexAlong(0).less(square.indexAlong(1)).cast("f32");
  };
  const [, rows, columns] = x.shape;
  const earlier = matmul(x.sum({ axis: 2 }), before(rows)); // [class, row]
  return matmul(x, before(columns)).add(earlier.expandDims(-1));
}
