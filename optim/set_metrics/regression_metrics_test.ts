import { assertAlmostEquals, assertThrows } from "@std/assert";
import { tensor } from "../../core/creation.ts";
import type { Tensor } from "../../core/tensor.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { r2 } from "./regression_metrics.ts";
import { assertValue, scores, weights } from "./testing.ts";

/** Years, and predictions of them. */
const target = scores.map(([a, b]) => [1990 + 10 * a, 1990 + 10 * b]);
const prediction = scores.map(([a, b, _, d], i) => [target[i][0] + 4 * d, target[i][1] + 4 * a + 0 * b]);

testOnEveryDevice("R² has the values of scikit-learn, with weights and without", async () => {
  // r2_score(T, Q), and with multioutput="raw_values", sample_weight=w. The bound is the rounding of targets to f32.
  const tolerance = 2e-5;
  await assertValue(r2(), { prediction, target }, { expected: 0.841379067, tolerance });
  await assertValue(r2(), { prediction, target, weights }, { expected: 0.843505786, tolerance });
  const raw = [[0.843228479, 0.839529656], [0.850361871, 0.836649701]];
  await assertValue(r2({ average: "none" }), { prediction, target }, { expected: raw[0], tolerance });
  await assertValue(r2({ average: "none" }), { prediction, target, weights }, { expected: raw[1], tolerance });
});

testOnEveryDevice("R² of equal targets is 1 if predictions are perfect, otherwise 0", async () => {
  const equal = [0.1, 0.1, 0.1];
  await assertValue(r2(), { prediction: equal, target: equal }, { expected: 1 });
  await assertValue(r2(), { prediction: [0.1, 0.2, 0.1], target: equal }, { expected: 0 });
  await assertValue(r2(), { prediction: [0.1, 5, 0.1], target: [0.1, 9, 0.1], weights: [1, 0, 2] }, { expected: 1 });
});

testOnEveryDevice("R² takes sequences of one number with or without the axis of features, as errors do", async () => {
  const valueOf = async (prediction: Tensor, target: Tensor, weights?: Tensor): Promise<number> => {
    const metric = r2();
    const state = metric.init(prediction, target, weights && { weights });
    return await metric.result(metric.update(state, prediction, target, weights && { weights })).item();
  };
  // The example in the documentation of scikit-learn.
  const [t, p] = [[3, -0.5, 2, 7], [2.5, 0, 2, 8]];
  for (const [a, b] of [[[4], [4]], [[4], [4, 1]], [[4, 1], [4]], [[4, 1], [4, 1]]]) {
    assertAlmostEquals(await valueOf(tensor(p, a), tensor(t, b)), 0.948608137, 1e-6, `[${a}] and [${b}]`);
  }
  const flat = tensor([[3, -0.5], [2, 7]]);
  const wide = tensor([2.5, 0, 2, 8], [2, 2, 1]);
  assertAlmostEquals(await valueOf(wide, flat), 1 - 1.5 / 29.1875, 1e-6);
  assertAlmostEquals(await valueOf(flat, wide), 1 - 1.5 / 35.1875, 1e-6);
  assertAlmostEquals(await valueOf(wide, flat.expandDims(-1)), 1 - 1.5 / 29.1875, 1e-6);
  assertAlmostEquals(await valueOf(wide, flat, tensor([[1, 0], [1, 1]])), 1 - 1.25 / 14, 1e-6);
  assertThrows(() => r2().init({ shape: [5, 3, 2] }, { shape: [5, 3] }), TypeError, "shape of the predictions");
});

testOnEveryDevice("R² is NaN if a prediction that counts is NaN, or none counts", async () => {
  const set = { prediction: [1, NaN, 3], target: [1, 2, 4] };
  await assertValue(r2(), set, { expected: NaN });
  await assertValue(r2(), { ...set, weights: [1, 0, 1] }, { expected: 1 - 1 / 4.5 });
  await assertValue(r2(), { ...set, weights: [0, 0, 0] }, { expected: NaN });
  await assertValue(r2(), { prediction: [1, NaN], target: [1, 1] }, { expected: NaN });
});

Deno.test("R² refuses targets of another shape", () => {
  assertThrows(
    () => r2().init({ shape: [5, 3] }, { shape: [5] }),
    TypeError,
    "targets of the shape of the predictions",
  );
});

Deno.test("R² refuses single numbers, which are no examples", () => {
  for (const [prediction, target] of [[1, 2], [1, [2]], [[1], 2]]) {
    assertThrows(() => r2().init(tensor(prediction), tensor(target)), TypeError, "Cannot compute r2 of predictions");
  }
});
