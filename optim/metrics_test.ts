import { assertEquals } from "@std/assert";
import { tensor } from "../core/creation.ts";
import { jit } from "../core/jit.ts";
import type { Tensor } from "../core/tensor.ts";
import { testOnEveryDevice } from "../tests/on_every_device.ts";
import { binaryAccuracy, binaryError, categoricalAccuracy, categoricalError } from "./metrics.ts";

type Metric = (prediction: Tensor, target: Tensor) => Tensor;

/** Checks an accuracy, and the error that is 1 minus it, alone and compiled. */
async function assertAccuracy(
  [accuracy, error]: readonly [Metric, Metric],
  [prediction, target]: readonly [Tensor, Tensor],
  expected: readonly number[],
): Promise<void> {
  for (const measure of [accuracy, jit(accuracy)]) {
    assertEquals(await measure(prediction, target).toArray(), expected);
  }
  for (const measure of [error, jit(error)]) {
    assertEquals(await measure(prediction, target).toArray(), expected.map((share) => 1 - share));
  }
}

const binary = [binaryAccuracy, binaryError] as const;
const categorical = [categoricalAccuracy, categoricalError] as const;

testOnEveryDevice("a binary prediction or target that is NaN is never right", async () => {
  const prediction = tensor([[NaN, NaN], [0.5, 0.49], [Infinity, -Infinity], [0, 1]]);
  const target = tensor([[0, 1], [1, 0], [1, 0], [NaN, NaN]]);
  await assertAccuracy(binary, [prediction, target], [0, 1, 1, 0]);
});

testOnEveryDevice("Predictions from the threshold on mean yes, and targets are 0 and 1 or -1 and 1", async () => {
  const prediction = tensor([[-3, -0.1, 0, 0.4, 0.5, 7]]);
  for (const no of [0, -1]) {
    const target = tensor([[no, 1, 1, 1, 1, no]]);
    for (const [threshold, right] of [[undefined, 2], [0, 4], [0.5, 2], [-1, 5]] as const) {
      const options = threshold === undefined ? {} : { threshold };
      const expected = Math.fround(right / 6);
      assertEquals(await binaryAccuracy(prediction, target, options).toArray(), [expected]);
      assertEquals(await binaryError(prediction, target, options).toArray(), [Math.fround(1 - expected)]);
    }
  }
  assertEquals(await binaryAccuracy(tensor([[0.2, -1]]), tensor([[NaN, NaN]]), { threshold: 0 }).toArray(), [0]);
});

testOnEveryDevice("a row of predictions that contains NaN is never right, whatever the class", async () => {
  const rows = [[NaN, NaN, NaN], [NaN, 0, 0], [0, NaN, 1], [1, 2, NaN], [1, 2, 0]];
  const prediction = tensor(rows);
  for (const one of [0, 1, 2]) {
    const expected = [0, 0, 0, 0, one === 1 ? 1 : 0];
    await assertAccuracy(categorical, [prediction, tensor(rows.map(() => one))], expected);
    const target = tensor(rows.map(() => [0, 1, 2].map((j) => j === one ? 1 : 0)));
    await assertAccuracy(categorical, [prediction, target], expected);
    await assertAccuracy(categorical, [prediction, prediction], [0, 0, 0, 0, 1]);
  }
});

testOnEveryDevice("the first of several greatest predictions counts, infinite ones too", async () => {
  const prediction = tensor([[0, 0, 0], [1, 2, 2], [-Infinity, -Infinity, -Infinity], [0, Infinity, Infinity], [
    0,
    0,
    1,
  ]]);
  await assertAccuracy(categorical, [prediction, tensor([0, 1, 0, 1, 2])], [1, 1, 1, 1, 1]);
  await assertAccuracy(categorical, [prediction, tensor([1, 2, 1, 2, 0])], [0, 0, 0, 0, 0]);
  const whole = tensor(Int32Array.of(3, 3, -1, 0), [2, 2]);
  await assertAccuracy(categorical, [whole, tensor([0, 1])], [1, 1]);
  await assertAccuracy(categorical, [whole.greater(0), tensor([0, 0])], [1, 1]);
});
