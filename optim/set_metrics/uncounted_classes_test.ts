import { assertAlmostEquals, assertRejects } from "@std/assert";
import { jit } from "../../core/jit.ts";
import { tensor } from "../../core/creation.ts";
import type { Tensor } from "../../core/tensor.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { categoricalError } from "../metrics.ts";
import { categoricalCrossentropyError, type Objective } from "../objectives.ts";
import { accuracy, topKAccuracy } from "./accuracy.ts";
import { auc } from "./auc.ts";
import { f1, precision, recall } from "./class_metrics.ts";
import { confusionCounts } from "./confusion.ts";
import { meanObjective, perplexity } from "./mean_objective.ts";
import type { Metric } from "./metric.ts";

const metrics: readonly Metric[] = [
  accuracy(),
  topKAccuracy({ k: 2 }),
  auc(),
  precision(),
  recall(),
  f1(),
  confusionCounts(),
  perplexity(),
  perplexity({ fromLogits: true }),
  perplexity({ ignoreIndex: 1 }),
  meanObjective(categoricalCrossentropyError),
  meanObjective(categoricalError),
];

const rows = [[0.6, 0.3, 0.1], [0.2, 0.5, 0.3], [0.2, 0.7, 0.1], [0.1, 0.2, 0.7], [0.5, 0.2, 0.3], [0.1, 0.4, 0.5]];

/** The value of a metric for targets of which the third and the last do not count. */
function valueOf(metric: Metric, spare: number, [weights, isOfSteps]: readonly [Tensor, boolean]): Promise<Tensor> {
  const shape = isOfSteps ? [3, 2] : [6];
  const value = (prediction: Tensor, target: Tensor, weights: Tensor): Tensor => {
    const state = metric.init(prediction, target, { weights });
    return metric.result(metric.update(state, prediction, target, { weights }));
  };
  const [prediction, target] = [tensor(rows.flat(), [...shape, 3]), tensor([0, 1, spare, 2, 1, spare], shape)];
  return Promise.resolve(jit(value)(prediction, target, weights.reshape(shape)));
}

testOnEveryDevice("Classes that do not exist change no metric if their weight is 0", async () => {
  const numbers = tensor([1, 2, 0, 0.5, 3, 0]);
  for (const metric of metrics) {
    for (const weights of [numbers, numbers.notEqual(0)]) {
      for (const isOfSteps of [false, true]) {
        const expected = await (await valueOf(metric, 0, [weights, isOfSteps])).data();
        for (const spare of [-1, 7, NaN, Infinity]) {
          const found = await (await valueOf(metric, spare, [weights, isOfSteps])).data();
          found.forEach((one, i) => assertAlmostEquals(Number(one), Number(expected[i]), 1e-6, metric.name));
        }
      }
    }
  }
});

Deno.test("Classes that do not exist are refused by all metrics if they count", async () => {
  const all = tensor([1, 1, 1, 1, 1, 1]);
  for (const metric of metrics) {
    await assertRejects(async () => await (await valueOf(metric, -1, [all, false])).data(), RangeError, "class -1");
  }
});

Deno.test("A mean of an objective of your own gets all targets, as it may compare examples", async () => {
  const spread: Objective = (prediction, target) => prediction.max({ axis: -1 }).mul(0).add(target.max());
  const value = await valueOf(meanObjective(spread, { name: "spread" }), 9, [tensor([1, 1, 0, 1, 1, 0]), false]);
  assertAlmostEquals(await value.item(), 9);
});
