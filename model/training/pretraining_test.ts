import { assert, assertAlmostEquals, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { random, tensor } from "../../core/mod.ts";
import { data, digitsLoader, samples } from "../../data/mod.ts";
import { autoEncoder, inputLayer, logisticRegression, rbm } from "../../layers/mod.ts";
import { momentum } from "../../optim/mod.ts";
import type { Layer } from "../../layers/layer.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { Diverged } from "./diverged.ts";
import type { PretrainingEvent, TrainingEvent } from "./events.ts";
import { model } from "../model.ts";
import { network } from "../network.ts";
import type { PretrainOptions } from "./train_options.ts";

const digits = data(digitsLoader({ sizes: [305, 60, 60] }));
const input = inputLayer({ shape: [null, 784] });
const hyperparameters = { epochs: 3, batchSize: 20, learningRate: 0.05 };
const first = autoEncoder(input, { nUnits: 20, corruptionLevel: 0.2, hyperparameters });
const second = rbm(first, { nUnits: 10, hyperparameters });
const net = network("stacked", [input, first, second, logisticRegression(second, { nClass: 10 })]);
const untrained = model({
  network: net,
  data: digits,
  updates: momentum,
  hyperparameters: { batchSize: 20, nEpochs: 2, learningRate: 0.1 },
});

Deno.test("unsupervised layers learn from their own input, one after the other", async () => {
  const events: TrainingEvent[] = [];
  const pretrained = await untrained.pretrain({ onEvent: (event) => events.push(event) });
  const costs = events.filter((event): event is PretrainingEvent => event.event === "pretraining");
  const layers = ["AutoEncoder 1", "RBM 1"];
  assertEquals(
    costs.map(({ layer, epoch }) => `${layer} ${epoch}`),
    layers.flatMap((name) => [1, 2, 3].map((n) => `${name} ${n}`)),
  );
  assert(costs.every(({ cost }) => Number.isFinite(cost)));
  assert(costs[2].cost < costs[0].cost);
  assertEquals(untrained.network.weights, undefined);
  const again = await untrained.pretrain();
  const weights = (one: typeof pretrained) => one.network.params["RBM 1"].W.toArray();
  assertEquals(await weights(again), await weights(pretrained));
});

Deno.test("training starts with pre-training by default", async () => {
  const count = async (unsupervisedTraining: boolean) => {
    let pretraining = 0;
    const { report } = await untrained.train({
      unsupervisedTraining,
      onEvent: ({ event }) => event === "pretraining" && pretraining++,
    });
    assertEquals(report.epochs, 2);
    return [pretraining, report.history[0].trainLoss];
  };
  const [withIt, without] = [await count(true), await count(false)];
  assertEquals([withIt[0], without[0]], [6, 0]);
  assertNotEquals(withIt[1], without[1]);
  const events: string[] = [];
  await (await untrained.pretrain()).train({ onEvent: ({ event }) => events.push(event) });
  assert(!events.includes("pretraining"));
});

/** A layer whose pre-training changes nothing, with a random number of the step's key as its cost. */
function drawing(layer: Layer): Layer {
  const { pretraining } = layer;
  assert(pretraining);
  return {
    ...layer,
    pretraining: {
      ...pretraining,
      step: ({ params, state }, _input, key) => ({ params, state, cost: random.uniform(key, []) }),
    },
  };
}

testOnEveryDevice("every layer, epoch and step of pre-training has its own key", async () => {
  const hyperparameters = { epochs: 2, batchSize: 100, learningRate: 0.1 };
  const small = inputLayer({ shape: [null, 784] });
  const one = drawing(autoEncoder(small, { nUnits: 4, hyperparameters, name: "one" }));
  const two = drawing(autoEncoder(one, { nUnits: 4, hyperparameters, name: "two" }));
  const three = drawing(autoEncoder(two, { nUnits: 4, hyperparameters, name: "three" }));
  const layers = network("drawing", [small, one, two, three, logisticRegression(three, { nClass: 10 })]);
  const costsOf = async (seed: number): Promise<number[]> => {
    const costs: number[] = [];
    const onEvent = (event: TrainingEvent) => event.event === "pretraining" && costs.push(event.cost);
    await untrained.with({ network: layers }).pretrain({ seed, onEvent });
    return costs;
  };
  const costs = await costsOf(1);
  assertEquals([costs.length, new Set(costs).size], [6, 6], String(costs));
  // The mean of three numbers between 0 and 1, which are not all the same.
  assert(costs.every((cost) => cost > 0 && cost < 1), String(costs));
  assertEquals(await costsOf(1), costs);
  assertEquals((await costsOf(2)).filter((cost) => costs.includes(cost)), []);
});

testOnEveryDevice("the cost of an epoch of pre-training is the mean over its batches", async () => {
  const hyperparameters = { epochs: 3, batchSize: 100, learningRate: 0.1 };
  const small = inputLayer({ shape: [null, 784] });
  const layer = autoEncoder(small, { nUnits: 4, hyperparameters });
  const { pretraining } = layer;
  assert(pretraining);
  const counting: Layer = {
    ...layer,
    pretraining: { ...pretraining, step: ({ params, state }, input) => ({ params, state, cost: input.max() }) },
  };
  const costs: number[] = [];
  const one = untrained.with({
    network: network("counting", [small, counting, logisticRegression(counting, { nClass: 10 })]),
  });
  await one.pretrain({ onEvent: (event) => event.event === "pretraining" && costs.push(event.cost) });
  // The brightest pixel of each batch of a hundred digits is white.
  costs.forEach((cost) => assertAlmostEquals(cost, 1, 1e-6));
  assertEquals(costs.length, 3);
});

Deno.test("pre-training that diverges names the layer and the last step of the epoch", async () => {
  const hyperparameters = { epochs: 3, batchSize: 100, learningRate: 0.1 };
  const small = inputLayer({ shape: [null, 784] });
  const layer = autoEncoder(small, { nUnits: 4, hyperparameters, name: "odd" });
  const { pretraining } = layer;
  assert(pretraining);
  // The bias counts steps. The cost is 1 in the three of the first epoch, and infinite in the fifth: -log 0.
  const odd: Layer = {
    ...layer,
    pretraining: {
      ...pretraining,
      step: ({ params, state }) => {
        const steps = params.b.max();
        return { params: { ...params, b: params.b.add(1) }, state, cost: steps.less(4).cast("f32").log().neg().add(1) };
      },
    },
  };
  const one = untrained.with({ network: network("odd", [small, odd, logisticRegression(odd, { nClass: 10 })]) });
  const costs: number[] = [];
  const error = await assertRejects(
    () => one.pretrain({ onEvent: (event) => event.event === "pretraining" && costs.push(event.cost) }),
    Diverged,
  );
  assertEquals(costs, [1]);
  assertEquals([error.layer, error.iteration, error.cost], ["odd", 6, Infinity]);
});

Deno.test("options that say nothing about pre-training are refused", async () => {
  for (const options of [{ file: "a.ym" }, { saveMode: "each" }, { shuffle: false }, { resume: true }]) {
    const [name] = Object.keys(options);
    const message = `Cannot pre-train: unknown option "${name}"`;
    await assertRejects(() => untrained.pretrain(options as PretrainOptions), RangeError, message);
  }
});

Deno.test("a pre-training whose batches the input cannot take is refused before its start, with its hyperparameter", async () => {
  const fixed = inputLayer({ shape: [6, 784] });
  const first = autoEncoder(fixed, { nUnits: 4, hyperparameters: { epochs: 1, batchSize: 6 }, name: "first" });
  const second = autoEncoder(first, { nUnits: 4, hyperparameters: { epochs: 1, batchSize: 20 }, name: "second" });
  const layers = network("fixed", [fixed, first, second, logisticRegression(second, { nClass: 10 })]);
  const events: TrainingEvent[] = [];
  await assertRejects(
    () =>
      untrained.with({ network: layers, hyperparameters: { batchSize: 6, nEpochs: 1 } }).pretrain({
        onEvent: (event) => events.push(event),
      }),
    TypeError,
    "Cannot pre-train second: expected batches of 6, as the input of the network requires, got " +
      "hyperparameters.batchSize 20 of the layer, of ",
  );
  assertEquals(events, []);
});

/** The weight of an autoencoder of one unit after steps on single numbers, in double precision. */
function learnedWeight(numbers: readonly number[], first: number, learningRate: number): number {
  const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
  let [W, b, back] = [first, 0, 0];
  for (const x of numbers) {
    const code = sigmoid(W * x + b);
    const wrong = sigmoid(code * W + back) - x; // The derivative of the cross-entropy by the logit.
    const ofCode = wrong * W * code * (1 - code);
    [W, b, back] = [
      W - learningRate * (wrong * code + ofCode * x),
      b - learningRate * ofCode,
      back - learningRate * wrong,
    ];
  }
  return W;
}

testOnEveryDevice("pre-training takes the examples in their order if they are not shuffled", async () => {
  const [x, first, learningRate] = [[0.1, 0.9, 0.4], 0.3, 0.5];
  const input = inputLayer({ shape: [null, 1] });
  const options = { W: tensor([[first]]), hyperparameters: { epochs: 1, batchSize: 1, learningRate } };
  const code = autoEncoder(input, { nUnits: 1, ...options, name: "code" });
  const set = { x: samples(x.map((one) => [one])), y: Int32Array.of(0, 1, 0) };
  const learner = model({
    network: network("stacked", [input, code, logisticRegression(code, { nClass: 2 })]),
    data: data([set, set]),
    hyperparameters: { batchSize: 3, nEpochs: 1, learningRate: 0 },
  });
  const weights = async (shuffle: boolean, seed: number): Promise<number> => {
    const { model: trained } = await learner.train({ shuffle, seed });
    return await trained.network.params.code.W.item();
  };
  const expected = learnedWeight(x, first, learningRate);
  for (const seed of [1, 2, 3]) assertAlmostEquals(await weights(false, seed), expected, 1e-6);
  assertNotEquals(await weights(true, 2), await weights(false, 2));
});
