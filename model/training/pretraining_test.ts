import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { data, digitsLoader } from "../../data/mod.ts";
import { autoEncoder, inputLayer, logisticRegression, rbm } from "../../layers/mod.ts";
import { momentum } from "../../optim/mod.ts";
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

Deno.test("options that say nothing about pre-training are refused", async () => {
  for (const options of [{ file: "a.ym" }, { saveMode: "each" }, { shuffle: false }, { resume: true }]) {
    const [name] = Object.keys(options);
    const message = `Cannot pre-train: unknown option "${name}"`;
    await assertRejects(() => untrained.pretrain(options as PretrainOptions), RangeError, message);
  }
});
