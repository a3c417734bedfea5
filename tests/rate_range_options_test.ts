/**
 * Tests each option of a learning-rate range test against what its definition says, in plain numbers.
 */

import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { tensor } from "../core/mod.ts";
import { data, samples } from "../data/mod.ts";
import type { Augmentation } from "../data/augment/augmentation.ts";
import { denseLayer, inputLayer } from "../layers/mod.ts";
import { type Batch, learningRateRange, model, network, type RateRangeOptions } from "../model/mod.ts";
import { rateRangeOptions } from "../model/training/learning_rate_range.ts";
import { binaryCrossentropyFromLogits, meanSquaredError, sgd } from "../optim/mod.ts";
import { testOptions } from "./option_definitions.ts";

const x = [0.5, -1, 2, 1.5];
const answers = [0, 1, 0, 0];
const [w0, b0] = [0.75, -0.25];
const input = inputLayer({ shape: [null, 1] });
const line = denseLayer(input, { nUnits: 1, activation: "linear", W: tensor([[w0]]), b: tensor([b0]) });
const set = { x: samples(x.map((one) => [one])), y: samples(answers.map((one) => [one])) };
const learner = model({
  network: network("line", [input, line]),
  data: data([set, set]),
  objective: meanSquaredError,
  updates: sgd,
  hyperparameters: { batchSize: 4 },
});
const classifier = learner.with({ objective: binaryCrossentropyFromLogits, evaluationMetric: meanSquaredError });

const range = (options: RateRangeOptions, from = learner) => learningRateRange(from, options);
const losses = async (options: RateRangeOptions, from = learner) =>
  (await range(options, from)).points.map(({ loss }) => loss);

/** The weighted mean of the cross-entropies of the first line, with smoothed answers. */
function crossEntropy(weightOf: (i: number) => number, smoothing = 0): number {
  const costs = x.map((one, i) => {
    const p = 1 / (1 + Math.exp(-w0 * one - b0));
    const y = answers[i] * (1 - smoothing) + smoothing / 2;
    return -weightOf(i) * (y * Math.log(p) + (1 - y) * Math.log(1 - p));
  });
  return costs.reduce((sum, cost) => sum + cost) / x.reduce((sum, _, i) => sum + weightOf(i), 0);
}

testOptions<RateRangeOptions>("learningRateRange", rateRangeOptions, {
  from: async () => {
    assertEquals((await range({ from: 0.001, steps: 3 })).points[0].rate, 0.001);
    assertEquals((await range({ steps: 3 })).points[0].rate, 1e-7);
  },
  to: async () => {
    assertEquals((await range({ to: 0.001, steps: 3 })).points[2].rate, 0.001);
    assertEquals((await range({ steps: 3 })).points[2].rate, 10);
  },
  steps: async () => {
    for (const steps of [1, 2, 7]) assertEquals((await range({ to: 0.01, steps })).points.length, steps);
    assertEquals((await range({ to: 0.01 })).points.length, 100);
  },
  smoothing: async () => {
    for (const smoothing of [0, 0.5, undefined]) {
      const share = smoothing ?? 0.9;
      const { points } = await range({ to: 0.1, steps: 4, smoothing });
      points.forEach(({ smoothed }, i) => {
        const weights = points.slice(0, i + 1).map((_, j) => share ** (i - j));
        const mean = points.slice(0, i + 1).reduce((sum, { loss }, j) => sum + weights[j] * loss, 0) /
          weights.reduce((a, b) => a + b);
        assertAlmostEquals(smoothed, mean, 1e-6);
      });
    }
  },
  divergence: async () => {
    const endsAt = async (divergence: number | undefined): Promise<number> => {
      const { points, stop } = await range({ to: 1e3, steps: 500, smoothing: 0, divergence });
      assertEquals(stop, "diverged");
      const all = points.map(({ smoothed }) => smoothed);
      const times = divergence ?? 4;
      // The first tenth of the steps does not count.
      all.slice(51, -1).forEach((one, i) =>
        assert(one <= times * Math.min(...all.slice(50, 51 + i)), `${one} at ${i}`)
      );
      assert(all.at(-1)! > times * Math.min(...all.slice(50, -1)));
      return all.length;
    };
    const [, byDefault, late] = [await endsAt(1.5), await endsAt(undefined), await endsAt(1e4)];
    assert(byDefault < late);
  },
  seed: async () => {
    // Batches of one example: the seed decides their order.
    const single = learner.with({ hyperparameters: { batchSize: 1 } });
    const orders = await Promise.all(
      [1, 2, 3, 4, undefined].map((seed) => losses({ seed, from: 1e-9, to: 1e-8, steps: 4, divergence: 1e9 }, single)),
    );
    const costs = x.map((one, i) => (w0 * one + b0 - answers[i]) ** 2).sort((a, b) => a - b);
    for (const order of orders) {
      order.toSorted((a, b) => a - b).forEach((loss, i) => assertAlmostEquals(loss, costs[i], 1e-5));
    }
    assertEquals(orders[0], orders[4]);
    assert(orders.slice(1, 4).some((order) => String(order) !== String(orders[0])));
  },
  deviceBytes: async () => {
    let reads = 0;
    const source = {
      shape: [4, 1],
      read: (numbers: Int32Array, target: Float32Array) => {
        reads++;
        numbers.forEach((number, i) => target[i] = x[number]);
      },
    };
    const streaming = learner.with({ data: data([{ x: source, y: set.y }, set]) });
    const readsWith = async (deviceBytes: number | undefined): Promise<number> => {
      const before = reads;
      assertEquals(await losses({ to: 0.01, steps: 5, deviceBytes }, streaming), await losses({ to: 0.01, steps: 5 }));
      return reads - before;
    };
    assert(await readsWith(1) > await readsWith(undefined));
  },
  classWeights: async () => {
    const [loss] = await losses({ classWeights: [0.5, 3], steps: 2 }, classifier);
    assertAlmostEquals(loss, crossEntropy((i) => [0.5, 3][answers[i]]), 1e-5);
    assertAlmostEquals((await losses({ steps: 2 }, classifier))[0], crossEntropy(() => 1), 1e-5);
  },
  labelSmoothing: async () => {
    const [loss] = await losses({ labelSmoothing: 0.2, steps: 2 }, classifier);
    assertAlmostEquals(loss, crossEntropy(() => 1, 0.2), 1e-5);
  },
  augment: async () => {
    const own: Augmentation<Batch> = (_key, { x, y }) => ({ x, y: y.add(y) });
    const [loss] = await losses({ augment: own, steps: 2 });
    const expected = x.reduce((sum, one, i) => sum + (w0 * one + b0 - 2 * answers[i]) ** 2, 0) / 4;
    assertAlmostEquals(loss, expected, 1e-5);
  },
  signal: async () => {
    const controller = new AbortController();
    controller.abort();
    assertEquals((await range({ signal: controller.signal })).stop, "aborted");
    assertEquals((await range({ signal: new AbortController().signal, to: 1e-6 })).stop, "steps");
  },
});
