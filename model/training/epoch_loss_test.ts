import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { tensor } from "../../core/creation.ts";
import { data, samples } from "../../data/mod.ts";
import { dropout, inputLayer, logisticRegression } from "../../layers/mod.ts";
import { sgd } from "../../optim/mod.ts";
import { inFolder } from "../../tests/in_folder.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { model } from "../model.ts";
import { network } from "../network.ts";
import type { TrainingEvent } from "./events.ts";

// The scores of both classes are x and 0, and no step changes that. So class 0 is predicted for x > 0, and the cost of
// an example is log(1 + exp(-x)) for class 0 and log(1 + exp(x)) for class 1.
const input = inputLayer({ shape: [null, 1] });
const fixed = { W: tensor([[1, 0]]), b: tensor([0, 0]) };
const still = network("still", [input, logisticRegression(input, { nClass: 2, ...fixed })]);

const xs = [0.5, 1, -2, 3, 0.25, -1, 2];
const classes = [0, 1, 1, 0, 0, 0, 1];
const costs = xs.map((x, i) => Math.log1p(Math.exp(classes[i] === 0 ? -x : x)));
const wrong = xs.map((x, i) => Number((x > 0 ? 0 : 1) !== classes[i]));
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

const set = (from: number, to: number) => ({
  x: samples(xs.slice(from, to).map((x) => [x])),
  y: Int32Array.from(classes.slice(from, to)),
});

/** The events of a training that changes nothing. */
async function eventsOf(hyperparameters: { batchSize: number; patience: number }): Promise<TrainingEvent[]> {
  const events: TrainingEvent[] = [];
  const sets = data([set(0, 7), set(2, 7)]);
  const values = { nEpochs: 4, learningRate: 0, ...hyperparameters };
  await model({ network: still, data: sets, updates: sgd, hyperparameters: values })
    .train({ earlyStop: false, progress: false, onEvent: (event) => events.push(event) });
  return events;
}

testOnEveryDevice(
  "the loss and the error of each epoch are means over its examples, however often they are read",
  async () => {
    // Epochs of whole batches, with a last batch of one example, and of one batch; several validations per epoch, or one.
    for (const [batchSize, patience] of [[1, 2], [2, 2], [2, 4], [2, 1000], [3, 4], [7, 1000]]) {
      const events = await eventsOf({ batchSize, patience });
      const epochs = events.filter((event) => event.event === "epoch");
      assertEquals(epochs.map(({ epoch }) => epoch), [1, 2, 3, 4]);
      for (const { trainLoss, trainError } of epochs) {
        assertAlmostEquals(trainLoss, mean(costs), 1e-6);
        assertAlmostEquals(trainError, 100 * mean(wrong), 1e-4);
      }
    }
  },
);

testOnEveryDevice(
  "the loss and the error of a validation are means over its set, whatever is trained before",
  async () => {
    for (const [batchSize, patience] of [[1, 2], [2, 4], [3, 1000]]) {
      const validations = (await eventsOf({ batchSize, patience })).filter((event) => event.event === "validation");
      assertEquals(
        validations.length,
        4 * Math.ceil(7 / batchSize) / Math.min(Math.ceil(7 / batchSize), patience / 2) | 0,
      );
      for (const { validationLoss, validationError } of validations) {
        assertAlmostEquals(validationLoss, mean(costs.slice(2)), 1e-6);
        assertAlmostEquals(validationError!, 100 * mean(wrong.slice(2)), 1e-4);
      }
    }
  },
);

testOnEveryDevice("the loss of the steps between two validations is the mean over their examples", async () => {
  const events = await eventsOf({ batchSize: 7, patience: 2 });
  const validations = events.filter((event) => event.event === "validation");
  assertEquals(validations.length, 4);
  for (const { trainLoss } of validations) assertAlmostEquals(trainLoss, mean(costs), 1e-6);
});

testOnEveryDevice("each step has its own noise", async () => {
  const noise = dropout(input, { corruptionLevel: 0.5 });
  const noisy = network("noisy", [input, noise, logisticRegression(noise, { nClass: 2, ...fixed })]);
  const losses: (number | null)[] = [];
  // All steps have the same batch and the same weights, so only the noise differs.
  const many = Array.from({ length: 50 }, (_, i) => i);
  const same = { x: samples(many.map((i) => [xs[i % 7]])), y: Int32Array.from(many, (i) => classes[i % 7]) };
  const values = { nEpochs: 4, learningRate: 0, batchSize: 50, patience: 2 };
  await model({ network: noisy, data: data([same, set(0, 7)]), updates: sgd, hyperparameters: values }).train({
    ...{ earlyStop: false, progress: false, shuffle: false },
    onEvent: (event) => event.event === "epoch" && losses.push(event.trainLoss),
  });
  assertEquals([losses.length, new Set(losses).size], [4, 4], String(losses));
});

Deno.test("the seconds of a report are those of its phases, and all of them count", async () => {
  const sets = data([set(0, 7), set(2, 7)]);
  const values = { nEpochs: 3, learningRate: 0.1, batchSize: 2 };
  await inFolder(async (folder) => {
    const { report: { seconds, history } } = await model({
      network: still,
      data: sets,
      updates: sgd,
      hyperparameters: values,
    })
      .train({ file: `${folder}/a.ym`, saveMode: "epoch", progress: false });
    const { total, ...phases } = seconds;
    assertEquals(Object.keys(phases).sort(), ["compile", "pretrain", "save", "train", "validate"]);
    for (const [phase, spent] of Object.entries(phases)) assert(spent > 0 && spent < total, `${phase}: ${spent}`);
    assert(Object.values(phases).reduce((a, b) => a + b) <= total);
    assertAlmostEquals(history.reduce((sum, one) => sum + one.seconds, 0), seconds.train, 1e-6);
    for (const { seconds, samplesPerSecond } of history) assertAlmostEquals(samplesPerSecond * seconds, 7, 1e-6);
  });
});

Deno.test("a report counts parameters, steps and batches, and the best step from 1", async () => {
  const values = { nEpochs: 3, learningRate: 0, batchSize: 3, patience: 2 };
  const { report } = await model({
    network: still,
    data: data([set(0, 7), set(2, 7)]),
    updates: sgd,
    hyperparameters: values,
  })
    .train({ earlyStop: false, progress: false });
  // The first validation, after the first step, is the best one, because nothing changes.
  assertEquals([report.bestIteration, report.iterations, report.batches, report.epochs], [1, 9, 3, 3]);
  assertEquals([report.parameters, report.stop, report.updates], [4, "epochs", "sgd"]);
  assertAlmostEquals(report.samplesPerSecond * report.seconds.train, 21, 1e-6);
});
