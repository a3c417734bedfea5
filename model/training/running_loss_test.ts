import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { tensor } from "../../core/creation.ts";
import { data, samples } from "../../data/mod.ts";
import { autoEncoder, denseLayer, inputLayer } from "../../layers/mod.ts";
import { meanSquaredError, sgd } from "../../optim/mod.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { model } from "../model.ts";
import { network } from "../network.ts";
import type { TrainingEvent } from "./events.ts";

// Every example has the same cost, (2 · 3 - 5)² = 1, and no step changes it.
const input = inputLayer({ shape: [null, 1] });
const fixed = { W: tensor([[2]]), b: tensor([0]) };
const line = network("line", [input, denseLayer(input, { nUnits: 1, activation: "linear", ...fixed, name: "line" })]);
const set = (examples: number) => ({
  x: samples(Array.from({ length: examples }, () => [3])),
  y: samples(Array.from({ length: examples }, () => [5])),
});
const still = model({
  network: line,
  data: data([set(20_003), set(10)]),
  objective: meanSquaredError,
  updates: sgd,
  hyperparameters: { batchSize: 10, nEpochs: 1000, learningRate: 0 },
});

/** Trains until an event is enough, and returns the losses of the epoch that steps have shown. */
async function lossesOf(watched: boolean, enough: (event: TrainingEvent, losses: number[]) => boolean) {
  const losses: number[] = [];
  const stop = new AbortController();
  const see = (event: TrainingEvent): void => {
    if (event.event === "step" && event.trainLoss !== undefined) losses.push(event.trainLoss);
    if (enough(event, losses)) stop.abort();
  };
  const { signal } = stop;
  const watching = watched ? { progress: see } : { progress: false, onEvent: see };
  const { report } = await still.train({ signal, earlyStop: false, ...watching });
  return { losses, report };
}

testOnEveryDevice("steps show the loss of the epoch so far if progress is watched, otherwise they do not", async () => {
  const start = performance.now();
  const { losses, report } = await lossesOf(true, (_, losses) => losses.length > 3);
  assertEquals(report.stop, "aborted");
  losses.forEach((loss) => assertAlmostEquals(loss, 1, 1e-5));
  const until = performance.now() + Math.min(1000, performance.now() - start);
  assertEquals((await lossesOf(false, () => performance.now() > until)).losses, []);
});

testOnEveryDevice("watching changes no bit of the training", async () => {
  const inputs = inputLayer({ shape: [null, 1] });
  const code = autoEncoder(inputs, { nUnits: 2, hyperparameters: { epochs: 2, batchSize: 10, learningRate: 0.1 } });
  const learning = still.with({
    network: network("code", [inputs, code, denseLayer(code, { nUnits: 1, activation: "linear", name: "line" })]),
    // Autoencoders take inputs from 0 to 1.
    data: data([set(303), set(10)].map(({ x, y }) => ({ x: samples(x.values.map((one) => one / 6), x.shape), y }))),
    hyperparameters: { batchSize: 10, nEpochs: 3, learningRate: 0.001 },
  });
  const steps: string[] = [];
  const weights = async (options: object) => {
    const { model } = await learning.train(options);
    return await model.network.params.line.W.toArray();
  };
  const watched = await weights({ progress: ({ event }: TrainingEvent) => void steps.push(event) });
  assertEquals(await weights({ progress: false }), watched);
  assert(steps.filter((event) => event === "pretrainingStep").length === 60, String(steps));
});
