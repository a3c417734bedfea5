import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { deviceStatistics, tensor } from "../../core/mod.ts";
import { data, digitsLoader, samples } from "../../data/mod.ts";
import { denseLayer, inputLayer, logisticRegression } from "../../layers/mod.ts";
import { accumulate, adam, chain, meanSquaredError, momentum, sgd } from "../../optim/mod.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { model } from "../model.ts";
import { network } from "../network.ts";
import { learningRateRange } from "./learning_rate_range.ts";
import { exponentialRates, hasDiverged, judgeRates, type RatePoint, smoother } from "./rate_range.ts";

const input = inputLayer({ shape: [null, 1] });
const x = [0.5, -1, 2];
const y = [1, 0.25, -0.5];
const start = [0.75, -0.25];
const line = network("line", [
  input,
  denseLayer(input, { nUnits: 1, activation: "linear", W: tensor([[start[0]]]), b: tensor([start[1]]), name: "line" }),
]);
const set = { x: samples(x.map((one) => [one])), y: samples(y.map((one) => [one])) };
const learner = model({
  network: line,
  data: data([set, set]),
  objective: meanSquaredError,
  updates: sgd,
  hyperparameters: { batchSize: 3, learningRate: 0.5 },
});

/** The losses of a line before each step of gradient descent at rising rates, in double precision. */
function lossesAt(rates: readonly number[]): number[] {
  let [w, b] = start;
  return rates.map((rate) => {
    const errors = x.map((one, i) => w * one + b - y[i]);
    const loss = errors.reduce((sum, error) => sum + error ** 2, 0) / 3;
    w -= rate * 2 / 3 * errors.reduce((sum, error, i) => sum + error * x[i], 0);
    b -= rate * 2 / 3 * errors.reduce((sum, error) => sum + error, 0);
    return loss;
  });
}

testOnEveryDevice(
  "the losses of a range test are those of steps at its rates, whatever rate the rule has",
  async () => {
    const rates = exponentialRates(1e-3, 0.2, 9);
    assertEquals([rates.length, rates[0], rates.at(-1)], [9, 1e-3, 0.2]);
    rates.slice(1).forEach((rate, i) => assertAlmostEquals(rate / rates[i], 200 ** (1 / 8), 1e-9));
    const expected = lossesAt(rates);
    for (const updates of [sgd, sgd({ learningRate: (step) => step.cast("f32").mul(7) })]) {
      const hyperparameters = { batchSize: 3 };
      const { points, stop } = await learningRateRange(learner.with({ updates, hyperparameters }), {
        ...{ from: 1e-3, to: 0.2, steps: 9, smoothing: 0, divergence: 1e6 },
      });
      assertEquals(stop, "steps");
      assertEquals(points.map(({ rate }) => rate), rates);
      points.forEach(({ loss, smoothed }, i) => {
        assertAlmostEquals(loss, expected[i], 1e-5 * expected[i]);
        assertEquals(smoothed, loss);
      });
    }
  },
);

testOnEveryDevice("one step is compiled for all rates, and the model stays as it is", async () => {
  const weights = line.init(tensor([1, 2], [2], { dtype: "u32" }));
  const trained = learner.with({ network: line.withWeights(weights) });
  const before = await weights.params.line.W.data();
  const compilations = async (steps: number): Promise<number> => {
    const { compilations } = deviceStatistics();
    const { points } = await learningRateRange(trained, { from: 1e-6, to: 1e-2, steps });
    assertEquals(points.length, steps);
    return deviceStatistics().compilations - compilations;
  };
  const few = await compilations(2);
  assert(await compilations(40) <= few);
  assertEquals(await trained.network.params.line.W.data(), before);
});

Deno.test("the smoothed loss is the moving average without its beginning, and the steepest descent is suggested", () => {
  const smooth = smoother(0.5);
  assertEquals([4, 4, 1].map(smooth), [4, 4, (0.5 * 1 + 0.25 * 4 + 0.125 * 4) / 0.875]);
  const pointsOf = (losses: readonly number[]) => losses.map((loss, i) => ({ rate: 10 ** i, loss, smoothed: loss }));
  const judge = (points: readonly RatePoint[], settling = 0) => judgeRates(points, { stop: "steps", settling });
  // Falls most from 100 to 10 000, is lowest at 10⁵, and what follows does not count.
  const { suggestion, steepest, lowest } = judge(pointsOf([5, 5, 4.9, 3, 2, 1.9, 8, 2]));
  assertEquals([suggestion, steepest, lowest], [1000, 1000, 1e5]);
  // A tenth of the lowest is less.
  const early = judge(pointsOf([5, 5, 4.9, 4.8, 2, 1]));
  assertEquals([early.suggestion, early.steepest, early.lowest], [1e4, 1e4, 1e5]);
  const near = judge([1, 2, 3, 4].map((rate) => ({ rate, loss: 0, smoothed: 10 - rate ** 2 })));
  assertEquals([near.suggestion, near.steepest, near.lowest], [0.4, 3, 4]);
  // Of equal descents the first one counts, and none at the lowest loss or behind it.
  assertEquals(judge(pointsOf([4, 3, 2, 1])).steepest, 10);
  assertEquals(judge(pointsOf([1, 10, 0.5, 0.6])).steepest, 10);
  assertEquals(judge(pointsOf([5, 4, 3, 3])).lowest, 100);
  assertEquals(judge(pointsOf([5, 6, 7])).suggestion, null);
  assertEquals(judgeRates([], { stop: "aborted", settling: 10 }), {
    points: [],
    suggestion: null,
    steepest: null,
    lowest: null,
    stop: "aborted",
  });
  // The first points may be those of easy batches.
  const late = judge(pointsOf([9, 0.01, ...Array.from({ length: 18 }, (_, i) => 1 - 0.01 * i)]), 2);
  assertEquals([late.steepest! >= 1000, late.lowest], [true, 1e19]);
});

Deno.test("a loss diverges above a multiple of the lowest one, if that is above 0", () => {
  const points = [4, 2, 3].map((smoothed) => ({ rate: 1, loss: smoothed, smoothed }));
  assertEquals([6, 6.1, NaN].map((smoothed) => hasDiverged(smoothed, points, 3)), [false, true, true]);
  assertEquals(hasDiverged(1, [{ rate: 1, loss: 0, smoothed: 0 }], 3), false);
  assertEquals([hasDiverged(1e30, [], 3), hasDiverged(Infinity, [], 3)], [false, true]);
});

Deno.test("rates are multiples of each other, from the first to the last one exactly", () => {
  const rates = exponentialRates(1e-3, 7, 5);
  assertEquals([rates.length, rates[0], rates[4]], [5, 1e-3, 7]);
  for (const i of [1, 2, 3]) assertAlmostEquals(rates[i] ** 2, rates[i - 1] * rates[i + 1], 1e-9);
  assertEquals(exponentialRates(1e-3, 7, 1), [1e-3]);
});

Deno.test("the test ends when the loss diverges or is not finite, and rates that learn are found", async () => {
  const { points, stop, suggestion, lowest } = await learningRateRange(learner, {
    from: 1e-4,
    to: 1e4,
    smoothing: 0.5,
  });
  assertEquals(stop, "diverged");
  assert(points.length < 100 && points.at(-1)!.smoothed > 4 * Math.min(...points.map(({ smoothed }) => smoothed)));
  assert(suggestion! > 1e-3 && suggestion! <= lowest! && lowest! < 10);
  // Costs of 1e38 and more are infinite in the second step.
  const infinite = await learningRateRange(learner, { from: 1e25, to: 1e38, steps: 10, divergence: 1e300 });
  assertEquals(infinite.stop, "diverged");
  assert(infinite.points.every(({ smoothed }) => Number.isFinite(smoothed)));
  const pixels = inputLayer({ shape: [null, 784] });
  const digits = model({
    network: network("softmax", [pixels, logisticRegression(pixels, { nClass: 10 })]),
    data: data(digitsLoader({ sizes: [300, 50, 50] })),
    hyperparameters: { batchSize: 30, nEpochs: 3 },
    updates: momentum,
  });
  const found = await learningRateRange(digits, { from: 1e-6, to: 100 });
  const train = async (learningRate: number) =>
    (await digits.with({ hyperparameters: { batchSize: 30, nEpochs: 3, learningRate } }).train()).report
      .validationLoss!;
  const loss = await train(found.suggestion!);
  for (const share of [0.01, 100]) assert(loss < await train(found.suggestion! * share), String(share));
});

Deno.test("rules that accumulate use each rate for an update, and the signal ends the test", async () => {
  const hyperparameters = { batchSize: 1 };
  const rule = chain(accumulate(3), sgd({ learningRate: 1 }));
  const options = { from: 1e-3, to: 0.1, steps: 4, smoothing: 0 };
  const { points } = await learningRateRange(learner.with({ updates: rule, hyperparameters }), options);
  // Three steps see all examples, so the losses are those of the whole set.
  const expected = lossesAt(exponentialRates(1e-3, 0.1, 4));
  points.forEach(({ loss }, i) => assertAlmostEquals(loss, expected[i], 1e-5));
  const controller = new AbortController();
  controller.abort();
  const { stop, points: none } = await learningRateRange(learner, { signal: controller.signal });
  assertEquals([stop, none], ["aborted", []]);
});

Deno.test("ranges that are none, and rules without a learning rate, are refused", async () => {
  const refuse = (options: object, text: string) =>
    assertRejects(
      () => learningRateRange(learner, options),
      RangeError,
      `Cannot find a learning rate: expected ${text}`,
    );
  await refuse({ from: 1, to: 0.1 }, "from to be below to, 0.1, got 1");
  await refuse({ from: 0.1, to: 0.1 }, "from to be below to, 0.1, got 0.1");
  await refuse({ smoothing: 1 }, "smoothing to be below 1, got 1");
  await refuse({ divergence: 1 }, "divergence to be above 1, got 1");
  const own = { ...adam(), name: "own", learningRate: undefined };
  await assertRejects(
    () => learningRateRange(learner.with({ updates: own, hyperparameters: {} })),
    TypeError,
    'Cannot find a learning rate of "line" for the update rule own: expected a rule with one learning rate',
  );
  await assertRejects(() => learningRateRange(learner.with({ data: undefined })), TypeError, "it has no data");
});
