/**
 * The confusion of classes over a set.
 *
 * @module
 */

import { describeOptions } from "../../core/options/nested.ts";
import { refuseSurplus } from "../../core/options/surplus.ts";
import { readOptions } from "../../core/options/read.ts";
import { showShape, sizeOf } from "../../core/shape.ts";
import { stack } from "../../core/functions/movement.ts";
import { matmul } from "../../core/functions/matmul.ts";
import type { Tensor } from "../../core/tensor.ts";
import { alike } from "../targets.ts";
import { type ThresholdOptions, thresholdOptions } from "./accuracy.ts";
import { decide, decisionForm, HALF } from "./decisions.ts";
import { beginEntries, countEntries, weighed } from "./entries.ts";
import { areNumbers, checkedMetric, type Metric, partOf } from "./metric.ts";
import { addToTally, beginTally, sumOf } from "./tally.ts";

/**
 * How often each class was predicted as each class: [class, predicted class]. A single column means the classes no and
 * yes. Rows that contain NaN predict no class, so they are in no column. It has no order, so it cannot be monitored.
 *
 * Source: `confusion_matrix` of scikit-learn.
 *
 * @example
 * ```ts
 * import { confusionCounts } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const metric = confusionCounts();
 * const [prediction, target] = [tensor([[0.2, 0.8], [0.3, 0.7], [0.9, 0.1]]), tensor([1, 0, 0])];
 * const state = metric.update(metric.init(prediction, target), prediction, target);
 * assertEquals(await metric.result(state).toArray(), [[1, 1], [0, 1]]);
 * ```
 */
export function confusionCounts(options: ThresholdOptions = {}): Metric {
  refuseSurplus("confusionCounts", arguments, 1);
  const name = "confusionCounts";
  const { threshold } = readOptions(`make ${name}`, thresholdOptions, options);
  return checkedMetric({
    name,
    direction: null,
    takes: "classes",
    configuration: [name, describeOptions(thresholdOptions, { threshold })],
    init: (prediction, target, form = {}) => {
      const { questions, columns } = decisionForm(name, { prediction, target }, threshold);
      if (questions && columns > 1) {
        throw new TypeError(
          `Cannot compute ${name} of predictions ${showShape(prediction.shape)} with a threshold: expected one column`,
        );
      }
      const classes = questions ? 2 : columns;
      const counts = beginTally([classes, classes], { whole: !areNumbers(form.weights) });
      return { ...beginEntries(true, form), counts };
    },
    update: (state, prediction, target, { weights } = {}) => {
      const { predicted, actual, rows, questions, columns } = decide(name, { prediction, target }, threshold);
      const entries = countEntries(state, { name, shape: rows, weights });
      const each = entries.weights?.reshape([sizeOf(rows), 1]);
      const least = threshold ?? HALF;
      const [p, t] = questions ? alike(name, prediction, target) : [prediction, target];
      const wide = (no: Tensor, yes: Tensor): Tensor =>
        (questions ? stack([no, yes], -1) : yes).reshape([sizeOf(rows), questions ? 2 : columns]).cast("f32");
      const rowsOf = wide(t.less(HALF), actual);
      const shares = each === undefined ? rowsOf : weighed(rowsOf, each.broadcastTo(rowsOf.shape));
      const found = matmul(shares.transpose(), wide(p.less(least), predicted));
      return { ...entries.state, counts: addToTally(partOf(state, "counts"), found, entries.clock) };
    },
    result: (state) => sumOf(partOf(state, "counts")),
  });
}
