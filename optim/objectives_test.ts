import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { tensor, zeros } from "../core/creation.ts";
import type { Tensor } from "../core/tensor.ts";
import { grad } from "../core/gradients.ts";
import { testOnEveryDevice } from "../tests/on_every_device.ts";
import { bce, bhe, cce, che, kld, mae, mse, rmse } from "./aliases.ts";
import { globalNorm } from "./clipping.ts";
import { binaryAccuracy, binaryError, categoricalAccuracy, categoricalError } from "./metrics.ts";
import * as from from "./objectives.ts";
import { objectives } from "./registry.ts";

testOnEveryDevice("Impossible certainties cost log 10⁸, not infinity, with finite gradients", async () => {
  const sure = tensor([[1, 0]]);
  const wrong = tensor([[0, 1]]);
  const most = -Math.log(1e-8);
  assertAlmostEquals(await from.binaryCrossentropyError(sure, wrong).item(), most, 1e-4);
  assertAlmostEquals(await from.categoricalCrossentropyError(sure, wrong).item(), most, 1e-4);
  assertAlmostEquals(await from.kullbackLeiblerDivergence(sure, wrong).item(), most, 1e-4);
  for (const objective of [bce, cce, kld]) {
    const slope = await grad((p: Tensor) => objective(p, wrong).sum())(sure).data();
    assert(slope.every(Number.isFinite));
    assertEquals(await objective(sure, sure).item(), 0);
  }
});

testOnEveryDevice("The gradient of Huber's error is limited at infinite differences too", async () => {
  const [p, zero] = [tensor([[Infinity], [-Infinity], [1e30], [0.5], [1]]), zeros([5, 1])];
  const slope = grad((p: Tensor) => from.huberError(p, zero, { delta: 2 }).sum())(p);
  assertEquals([...await slope.data()], [2, -2, 2, 0.5, 1]);
  assertEquals(await from.huberError(p, zero).toArray(), [Infinity, Infinity, Math.fround(1e30), 0.125, 0.5]);
});

Deno.test("Classes may be numbers or one-hot rows, also for each step of a sequence", async () => {
  const prediction = tensor([[[0.5, 0.25, 0.25], [0.125, 0.75, 0.125]]]);
  const classes = tensor([[1, 0]]);
  const rows = tensor([[[0, 1, 0], [1, 0, 0]]]);
  for (const measure of [cce, che, categoricalAccuracy, categoricalError]) {
    const [byNumber, byRow] = [measure(prediction, classes), measure(prediction, rows)];
    assertEquals(byNumber.shape, [1, 2]);
    assertEquals(await byNumber.data(), await byRow.data());
  }
});

testOnEveryDevice("The hinge errors take targets of 0 as −1, with the gradient of −1", async () => {
  // The example of https://keras.io/api/losses/hinge_losses, whose rows are 1.1 and 1.5.
  const prediction = tensor([[0.6, 0.4], [0.4, 0.6]]);
  const byName = { "0 and 1": tensor([[0, 1], [0, 0]]), "−1 and 1": tensor([[-1, 1], [-1, -1]]) };
  for (const objective of [bhe, che]) {
    for (const [name, target] of Object.entries(byName)) {
      const costs = await objective(prediction, target).data();
      [1.1, 1.5].forEach((cost, i) => assertAlmostEquals(costs[i], cost, 1e-6, name));
      const slope = await grad((p: Tensor) => objective(p, target).sum())(prediction).toArray();
      assertEquals(slope, [[0.5, -0.5], [0.5, 0.5]], name);
    }
  }
  const classes = tensor([1, 0], [2], { dtype: "i32" });
  const rows = tensor([[-1, 1], [1, -1]]);
  assertEquals(await che(prediction, classes).data(), await che(prediction, rows).data());
  const slope = await grad((p: Tensor) => che(p, classes).sum())(prediction).toArray();
  assertEquals(slope, [[0.5, -0.5], [-0.5, 0.5]]);
});

Deno.test("Errors are 1 minus the accuracies", async () => {
  const prediction = tensor([[0.9, 0.2, 0.4], [0.1, 0.7, 0.6]]);
  const target = tensor([[1, 1, 0], [0, 1, 0]]);
  for (const [accuracy, error] of [[binaryAccuracy, binaryError], [categoricalAccuracy, categoricalError]]) {
    const sum = accuracy(prediction, target).add(error(prediction, target));
    assertEquals(await sum.toArray(), [1, 1]);
  }
});

Deno.test("Short names are the objectives themselves", () => {
  const names: Readonly<Record<string, unknown>> = {
    meanSquaredError: mse,
    rootMeanSquaredError: rmse,
    meanAbsoluteError: mae,
    binaryHingeError: bhe,
    categoricalHingeError: che,
    binaryCrossentropyError: bce,
    categoricalCrossentropyError: cce,
    kullbackLeiblerDivergence: kld,
  };
  for (const [name, objective] of Object.entries(names)) assertEquals(objectives[name], objective);
});

testOnEveryDevice(
  "The gradient of the root mean squared error is 0 where predictions equal their targets",
  async () => {
    const target = tensor([[1, 2], [3, 3]]);
    const prediction = tensor([[1, 2], [1, 3]]);
    const slope = grad((p: Tensor) => from.rootMeanSquaredError(p, target).sum())(prediction);
    const [first, second] = [[0, 0], [-Math.SQRT1_2, 0]];
    const found = await slope.data();
    [...first, ...second].forEach((value, i) => assertAlmostEquals(found[i], value, 1e-6));
  },
);

testOnEveryDevice("The norm of zeros has the gradient 0", async () => {
  const slope = grad((x: Tensor) => globalNorm([x]))(zeros([3]));
  assertEquals(await slope.toArray(), [0, 0, 0]);
});
