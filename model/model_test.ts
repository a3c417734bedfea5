import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { deviceStatistics, type Tensor, zeros } from "../core/mod.ts";
import { data, digitsLoader, oneHotEncoding, samples } from "../data/mod.ts";
import { denseLayer, dropout, inputLayer, logisticRegression } from "../layers/mod.ts";
import { categoricalAccuracy, meanSquaredError, momentum, nesterovMomentum, sgd } from "../optim/mod.ts";
import { testOnEveryDevice } from "../tests/on_every_device.ts";
import { Diverged } from "./training/diverged.ts";
import type { TrainingEvent } from "./training/events.ts";
import { model } from "./model.ts";
import { network } from "./network.ts";
import { disposeTree, type Weights } from "./weights.ts";

const sets = digitsLoader({ sizes: [610, 120, 70] });
const digits = data(sets, { name: "digits" });
const input = inputLayer({ shape: [null, 784] });
const softmax = network("softmax", [input, logisticRegression(input, { nClass: 10 })]);
const noisy = dropout(input, { corruptionLevel: 0.2 });
const hidden = denseLayer(noisy, { nUnits: 20, activation: "relu", l2: 0.001 });
const mlp = network("mlp", [input, noisy, hidden, logisticRegression(hidden, { nClass: 10 })]);
const values = { batchSize: 40, nEpochs: 4, learningRate: 0.05, momentum: 0.9 };
const untrained = model({ network: mlp, data: digits, hyperparameters: values, updates: momentum, name: "mlp model" });

async function numbersOf({ params }: Pick<Weights, "params">): Promise<number[]> {
  const tensors = Object.values(params).flatMap((layer): Tensor[] => Object.values(layer));
  return (await Promise.all(tensors.map((tensor) => tensor.data()))).flatMap((values) => [...values]);
}

Deno.test("training lowers the error, and does not change the original model", async () => {
  const { model: trained, report } = await untrained.train();
  assert(report.testError! < 55 && report.validationError! < 55, `${report.validationError} ${report.testError}`);
  assertEquals([report.epochs, report.iterations, report.stop], [4, 4 * 16, "epochs"]);
  assertEquals([report.model, report.network, report.data, report.updates], ["mlp model", "mlp", "digits", "momentum"]);
  assertEquals([report.errorUnit, report.seed, report.parameters], ["%", 1, 784 * 20 + 20 + 20 * 10 + 10]);
  assertEquals(report.history.map(({ epoch }) => epoch), [1, 2, 3, 4]);
  assert(report.history[3].trainLoss < report.history[0].trainLoss);
  assertEquals(untrained.network.weights, undefined);
  assertThrows(() => untrained.predict(digits.test!.x), TypeError, "it was neither trained nor loaded");
  const classes = await trained.predict(digits.test!.x).data();
  const wrong = classes.filter((one, i) => one !== sets[2].y[i]).length;
  assertEquals((wrong / 70 * 100).toFixed(3), report.testError!.toFixed(3));
});

Deno.test("the same seed gives the same weights bit for bit, another seed does not", async () => {
  const weights = async (seed: number) => await numbersOf((await untrained.train({ seed })).model.network);
  const first = await weights(3);
  assertEquals(await weights(3), first);
  assert(String(await weights(4)) !== String(first));
});

Deno.test("the events come in order, worded as documented", async () => {
  const lines: string[] = [];
  const events: TrainingEvent[] = [];
  await untrained.train({ log: (...line) => lines.push(...line), onEvent: (event) => events.push(event) });
  assertEquals(lines[0].replace(/[\d.]+ %/, "9 %"), "epoch 1, minibatch 16/16, validation error 9 %");
  assertEquals(lines.slice(-3).map((line) => line.replaceAll(/\d+(\.\d+)?/g, "9")), [
    "Optimization completed.",
    "Validation score of 9 % obtained at iteration 9, with test performance 9 %",
    "Training mlp model took 9 s",
  ]);
  const kinds = events.map(({ event }) => event);
  assertEquals(kinds.slice(0, 20).join(" "), `start ${"step ".repeat(16)}validation checkpoint epoch`);
  assertEquals(kinds.at(-1), "end");
});

Deno.test("the last batch of an epoch may be smaller: every example counts once", async () => {
  const events: TrainingEvent[] = [];
  const few = model({
    network: softmax,
    data: digits,
    hyperparameters: { batchSize: 240, nEpochs: 1, learningRate: 0 },
  });
  await few.train({ onEvent: (event) => events.push(event) });
  const epoch = events.find((event) => event.event === "epoch");
  assert(epoch?.event === "epoch");
  assert(Math.abs(epoch.trainLoss - Math.log(10)) < 1e-5);
  const zeros = sets[0].y.filter((one) => one !== 0).length / 610 * 100;
  assertEquals(epoch.trainError.toFixed(2), zeros.toFixed(2));
});

Deno.test("the history has the last validation of each epoch", async () => {
  const events: TrainingEvent[] = [];
  const { report } = await untrained.train({ onEvent: (event) => events.push(event) });
  const last = events.findLast((event) => event.event === "validation");
  assert(last?.event === "validation");
  const { validationError, validationLoss } = report.history.at(-1)!;
  assertEquals([validationError, validationLoss], [last.validationError, last.validationLoss]);
});

Deno.test("a batch larger than the training set is the training set", async () => {
  const large = model({ network: softmax, data: digits, hyperparameters: { batchSize: 999, nEpochs: 2 } });
  assertEquals((await large.train()).report.iterations, 2);
});

Deno.test("early stopping stops after the patience and keeps the best weights", async () => {
  const stubborn = untrained.with({ hyperparameters: { ...values, nEpochs: 50, learningRate: 0, patience: 20 } });
  const { report } = await stubborn.train();
  assertEquals([report.stop, report.bestIteration, report.iterations, report.epochs], ["patience", 10, 21, 2]);
  assertEquals((await stubborn.train({ earlyStop: false })).report.stop, "epochs");
});

Deno.test("training continues from the weights of the network", async () => {
  const { model: trained, report } = await untrained.train();
  const before = await numbersOf(trained.network);
  const again = await trained.train({ seed: 2 });
  assert(again.report.history[0].trainLoss < report.history[0].trainLoss);
  assertEquals(await numbersOf(trained.network), before);
});

Deno.test("training stops if the cost becomes NaN", async () => {
  const hot = untrained.with({ hyperparameters: { ...values, learningRate: 1e30 } });
  const error = await assertRejects(() => hot.train(), Diverged, "Cannot continue training mlp model: the cost became");
  assert(error instanceof Diverged && error.iteration <= 16);
});

Deno.test("a signal stops training after the step in progress", async () => {
  const controller = new AbortController();
  let steps = 0;
  const { report, model: stopped } = await untrained.train({
    signal: controller.signal,
    onEvent: ({ event }) => event === "step" && ++steps === 20 && controller.abort(),
  });
  assertEquals([report.stop, report.iterations, report.testError, report.epochs], ["aborted", 20, null, 2]);
  assert(stopped.network.weights && report.validationError !== null);
});

Deno.test("training needs no more memory from epoch to epoch", async () => {
  const bytes: number[] = [];
  await untrained.with({ hyperparameters: { ...values, nEpochs: 30, patience: 1e6 } }).train({
    onEvent: ({ event }) => event === "epoch" && bytes.push(deviceStatistics().liveBytes),
  });
  // Objects of other tests may be collected meanwhile.
  const settled = bytes.slice(3);
  assertEquals(settled, settled.toSorted((a, b) => b - a));
});

Deno.test("steps read nothing and allocate nothing", async () => {
  // The memory of an earlier training, which the garbage collector may or may not have released.
  disposeTree((await untrained.train()).model.network.weights);
  const counts: string[] = [];
  await untrained.train({
    onEvent: (event) => {
      const { reads, allocations } = deviceStatistics();
      if (event.event === "step" && event.epoch > 1 && event.batch > 1) {
        counts.push(`${event.epoch} ${reads} ${allocations}`);
      }
    },
  });
  assertEquals(new Set(counts).size, 3);
});

Deno.test("one-hot targets and other objectives, rules and metrics have an effect", async () => {
  const oneHot = data(sets.map((set) => ({ x: set.x, y: oneHotEncoding(set.y, 9) })), { preprocessing: "standardize" });
  const other = model({
    network: softmax,
    data: oneHot,
    hyperparameters: { batchSize: 50, nEpochs: 3, learningRate: 0.5 },
    updates: nesterovMomentum,
    objective: meanSquaredError,
    evaluationMetric: categoricalAccuracy,
  });
  const { report } = await other.train({ shuffle: false, restoreBest: false });
  assertEquals([report.updates, report.errorUnit], ["nesterovMomentum", "%"]);
  assert(report.testError! < 60);
  const regression = await other.with({
    hyperparameters: { batchSize: 50, nEpochs: 3 },
    evaluationMetric: meanSquaredError,
    updates: sgd({ learningRate: 0.1 }),
  }).train();
  assertEquals(regression.report.errorUnit, "");
  assert(regression.report.testError! < 0.1);
});

Deno.test("an input layer may require a certain batch size", async () => {
  const input = inputLayer({ shape: [40, 784] });
  const fixed = network("fixed", [input, logisticRegression(input, { nClass: 10 })]);
  const { model: trained, report } = await untrained.with({ network: fixed }).train();
  assertEquals(report.iterations, 4 * 15);
  assertEquals(trained.predict(digits.test!.x).shape, [70]);
  const wrong = untrained.with({ network: fixed, hyperparameters: { ...values, batchSize: 30 } });
  await assertRejects(() => wrong.train(), TypeError, "expected batches of 40");
});

Deno.test("missing parts, and parts that do not fit, are named", async () => {
  await assertRejects(() => model({ data: digits }).train(), TypeError, "it has no network; add it with model.with");
  await assertRejects(() => model({ network: mlp }).train(), TypeError, "it has no data");
  const tiny = { x: samples([[1, 2]]), y: Int32Array.of(0) };
  await assertRejects(
    () => untrained.with({ data: data([tiny, tiny]) }).train(),
    TypeError,
    "expected samples of [784], the input of the network, got [2]",
  );
  const many = { x: sets[1].x, y: sets[1].y.map((one) => one + 5) };
  await assertRejects(() => untrained.with({ data: data([many, many]) }).train(), TypeError, "at most 10 classes");
  assertThrows(() => model({ hyperparameters: { batchsize: 3 } }), RangeError, "did you mean batchSize?");
  await assertRejects(
    () => untrained.with({ hyperparameters: { ...values, batchSize: 0 } }).train(),
    RangeError,
    "expected batchSize to be a whole number of at least 1, got 0",
  );
  await assertRejects(() => untrained.compile("trian" as "train"), RangeError, "did you mean train?");
});

Deno.test("what was compiled ahead is not compiled again", async () => {
  const ahead = await untrained.with({}).compile("train", "test");
  const { compilations } = deviceStatistics();
  ahead.network.init(zeros([2], { dtype: "u32" }));
  await ahead.train();
  const later = deviceStatistics().compilations;
  await ahead.train();
  assertEquals(deviceStatistics().compilations, later);
  assert(later >= compilations);
});

testOnEveryDevice("what a training compiled is freed when it ends, fails, or is left", async () => {
  const inUse = (): number => deviceStatistics().programs - deviceStatistics().keptPrograms;
  const mine = untrained.with({ hyperparameters: { ...values, nEpochs: 1 } });
  await mine.train();
  const before = inUse();
  for (const batchSize of [10, 15, 20, 25]) {
    await mine.with({ hyperparameters: { ...values, batchSize, nEpochs: 1 } }).train();
    assertEquals(inUse(), before);
  }
  const diverging = mine.with({ hyperparameters: { ...values, batchSize: 30, learningRate: 1e30 } });
  await assertRejects(() => diverging.train(), Diverged);
  assertEquals(inUse(), before);
  for await (const { event } of mine.with({ hyperparameters: { ...values, batchSize: 35 } }).events()) {
    if (event === "step") break;
  }
  assertEquals(inUse(), before);
});

Deno.test("each step says at which step training ends if the error stops improving", async () => {
  const lastOf = async (patience: number, earlyStop: boolean): Promise<number[]> => {
    const last: number[] = [];
    const { report } = await untrained.with({ hyperparameters: { ...values, nEpochs: 6, patience } }).train({
      earlyStop,
      onEvent: (event) => event.event === "step" && last.push(event.lastIteration ?? NaN),
    });
    assertEquals(report.iterations, last.length);
    return last;
  };
  const all = (await lastOf(1e6, true))[0];
  assertEquals(new Set(await lastOf(1e6, true)), new Set([all]));
  assertEquals(new Set(await lastOf(5, false)), new Set([all]));
  const growing = await lastOf(5, true);
  assertEquals(growing[0], 6);
  assertEquals(growing, growing.toSorted((a, b) => a - b));
  // The patience grew while the error improved, and training ended where its last step said.
  assert(growing[growing.length - 1] > 6 && growing.length === growing[growing.length - 1], String(growing));
});

testOnEveryDevice("models that differ only in the learning rate are compiled once", async () => {
  await untrained.with({ hyperparameters: { ...values, learningRate: 0.5 } }).train();
  const { compilations } = deviceStatistics();
  const losses = new Set<unknown>();
  for (let rate = 1; rate <= 20; rate++) {
    const { report } = await untrained.with({ hyperparameters: { ...values, learningRate: rate / 40 } }).train();
    losses.add(report.validationLoss);
  }
  assertEquals(deviceStatistics().compilations, compilations);
  assertEquals(losses.size, 20);
});

Deno.test("notebooks show the summary of a model and of a network", () => {
  const displayed = (value: object): unknown =>
    Reflect.apply(Reflect.get(value, Symbol.for("Jupyter.display")), value, []);
  assertEquals(displayed(untrained.network), { "text/plain": untrained.network.summary() });
  assertEquals(displayed(untrained), {
    "text/plain": `model ${untrained.name}\n${untrained.network.summary()}\nnot trained`,
  });
  assertEquals(model({}).summary(), "model model\nno network\nnot trained");
});
