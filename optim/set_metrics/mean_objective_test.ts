import { assertEquals, assertThrows } from "@std/assert";
import { tensor } from "../../core/creation.ts";
import type { Tensor } from "../../core/tensor.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { categoricalAccuracy } from "../metrics.ts";
import { meanAbsoluteError, meanSquaredError } from "../objectives.ts";
import { meanObjective, perplexity, rootMeanSquare } from "./mean_objective.ts";
import { assertValue, classes, probabilities, scores, weights } from "./testing.ts";

const target = scores.map(([a, b]) => [1990 + 10 * a, 1990 + 10 * b]);
const prediction = scores.map(([a, _b, _c, d], i) => [target[i][0] + 4 * d, target[i][1] + 4 * a]);

testOnEveryDevice("means of errors have the values of scikit-learn, with weights and without", async () => {
  const tolerance = 2e-5; // the rounding of targets to f32
  // mean_absolute_error(T, Q), mean_squared_error(T, Q), and with sample_weight=w
  await assertValue(meanObjective(meanAbsoluteError), { prediction, target }, { expected: 2.524946829, tolerance });
  await assertValue(meanObjective(meanSquaredError), { prediction, target }, { expected: 7.920178577, tolerance });
  const weighted = { prediction, target, weights };
  await assertValue(meanObjective(meanAbsoluteError), weighted, { expected: 2.545478803, tolerance });
  await assertValue(meanObjective(meanSquaredError), weighted, { expected: 7.965634432, tolerance });
  // root_mean_squared_error of the first feature
  const first = { prediction: prediction.map(([one]) => one), target: target.map(([one]) => one) };
  await assertValue(rootMeanSquare(), first, { expected: 2.799902001, tolerance });
  await assertValue(rootMeanSquare(), { ...first, weights }, { expected: 2.774513558, tolerance });
});

testOnEveryDevice("perplexity has the exponential of the log loss of scikit-learn", async () => {
  // exp(log_loss(y, P)), and with sample_weight=w
  const bySet = { prediction: probabilities, target: classes };
  await assertValue(perplexity(), bySet, { expected: 5.125285519 });
  await assertValue(perplexity(), { ...bySet, weights }, { expected: 5.686015851 });
  const logits = { prediction: scores.map((row) => row.map((one) => 2 * one)), target: classes };
  await assertValue(perplexity({ fromLogits: true }), logits, { expected: 5.125285519 });
  const kept = classes.map((one) => one === 2 ? 0 : 1);
  const logs = classes.map((one, i) => kept[i] * Math.log(probabilities[i][one]));
  const mean = logs.reduce((a, b) => a + b) / kept.reduce<number>((a, b) => a + b, 0);
  await assertValue(perplexity({ ignoreIndex: 2 }), bySet, { expected: Math.exp(-mean) });
  const padded = { ...logits, target: classes.map((one) => one === 2 ? -1 : one) };
  await assertValue(perplexity({ ignoreIndex: -1, fromLogits: true }), padded, { expected: Math.exp(-mean) });
});

testOnEveryDevice("a prediction that is NaN makes a mean NaN, unless its weight is 0", async () => {
  const set = { prediction: [1, NaN, 3], target: [1, 2, 4] };
  await assertValue(meanObjective(meanAbsoluteError), set, { expected: NaN });
  await assertValue(meanObjective(meanAbsoluteError), { ...set, weights: [1, 0, 3] }, { expected: 0.75 });
  await assertValue(rootMeanSquare(), set, { expected: NaN });
});

testOnEveryDevice("functions of your own may return one number per time step", async () => {
  const distance = (p: Tensor, t: Tensor): Tensor => p.sub(t).abs().max({ axis: -1 }); // [example, time]
  const metric = meanObjective(distance);
  const [p, t] = [tensor([[[1, 5], [2, 2]], [[0, 0], [0, 1]]]), tensor([[[1, 2], [2, 2]], [[0, 0], [0, 0]]])];
  assertEquals(await metric.result(metric.update(metric.init(p, t), p, t)).item(), 1);
  const form = { weights: tensor([[1, 0], [0, 1]]) };
  assertEquals(await metric.result(metric.update(metric.init(p, t, form), p, t, form)).item(), 2);
});

Deno.test("a function without a name, or with another result, is refused", () => {
  assertThrows(() => meanObjective((p, t) => p.sub(t)), TypeError, "pass { name }");
  const [p, t] = [tensor([[1], [2]]), tensor([[1], [2]])];
  const total = meanObjective((p, t) => p.sub(t).abs().sum(), { name: "total" });
  assertThrows(() => total.update(total.init(p, t), p, t), TypeError, "do not take the mean over the batch");
  const nothing = meanObjective((() => 3) as never, { name: "nothing" });
  assertThrows(() => nothing.update(nothing.init(p, t), p, t), TypeError, "the objective to return a tensor [example]");
  assertEquals(meanObjective(categoricalAccuracy, { direction: "maximize" }).direction, "maximize");
});

Deno.test("an objective must return numbers for each example, and a single prediction has no examples", () => {
  const update = (prediction: Tensor, objective: (p: Tensor) => Tensor): unknown => {
    const metric = meanObjective(objective, { name: "mine" });
    const state = metric.init(tensor([[0], [0]]), tensor([[0], [0]]));
    return metric.update(state, prediction, prediction);
  };
  const two = tensor([[1], [2]]);
  update(two, (p) => p);
  for (
    const [prediction, objective] of [
      [two, (p: Tensor) => p.sum()],
      [two, (p: Tensor) => p.slice([0, 0], [1, 1])],
      [tensor(1), (p: Tensor) => p],
    ] as const
  ) {
    assertThrows(() => update(prediction, objective), TypeError, "Cannot compute mine of ");
  }
});
