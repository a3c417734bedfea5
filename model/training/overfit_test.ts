import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { tensor } from "../../core/mod.ts";
import { data, digitsLoader, samples, type SampleSource } from "../../data/mod.ts";
import { batchNormalization, denseLayer, dropout, inputLayer, logisticRegression } from "../../layers/mod.ts";
import { adam, chain, freeze, meanSquaredError, parametersOf, sgd } from "../../optim/mod.ts";
import { inFolder } from "../../tests/in_folder.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { loadModel } from "../files/load_model.ts";
import { model } from "../model.ts";
import { network } from "../network.ts";
import type { TrainingEvent } from "./events.ts";
import { summaryLines } from "./log_lines.ts";
import { overfitOptions } from "./overfit.ts";
import { goalOf, overfitOf } from "./overfit_goal.ts";

const pixels = inputLayer({ shape: [null, 784] });
const hidden = denseLayer(pixels, { nUnits: 20, activation: "relu" });
const digits = data(digitsLoader({ sizes: [100, 40, 40] }), { name: "digits" });
const classifier = model({
  network: network("mlp", [pixels, hidden, logisticRegression(hidden, { nClass: 10 })]),
  data: digits,
  hyperparameters: { batchSize: 20, nEpochs: 2, learningRate: 0.01 },
  updates: adam,
});

Deno.test("the goal of a loss of 0 is 0, and a loss below 0 has none", () => {
  assertEquals([goalOf(0), goalOf(5)], [{ firstLoss: 0, goal: 0 }, { firstLoss: 5, goal: 0.05 }]);
  assertThrows(() => goalOf(-1e-9), RangeError, "expected an objective whose least value is 0");
  const task = { network: network("plain", [pixels, hidden]), rule: sgd({ learningRate: 0.5 }) };
  const after = (loss: number) => overfitOf(goalOf(5), { examples: 1, loss, task, params: {} });
  assertEquals([after(0.05).reached, after(0.05).lookAt], [true, []]);
  // Nothing is named that the network or the training does not have.
  assertEquals(after(0.0501).lookAt.map((one) => one.split(/[ ,]/)[0] + one.split(" ")[1]), [
    "thelearning",
    "targetsof",
    "thescale",
    "thelast",
    "theleast",
  ]);
});

Deno.test("examples that were known before the first step are learned at the first validation", async () => {
  const input = inputLayer({ shape: [null, 1] });
  const zero = ["constant", { value: 0 }] as const;
  const layer = denseLayer(input, { nUnits: 1, activation: "linear", W: zero, b: zero });
  const set = { x: samples([[1], [2]]), y: samples([[0], [0]]) };
  const { report } = await model({
    network: network("zero", [input, layer]),
    data: data([set, set]),
    objective: meanSquaredError,
    hyperparameters: { batchSize: 2, nEpochs: 1 },
  }).train({ overfit: 2 });
  const { stop, iterations, overfit } = report;
  assertEquals([stop, iterations, overfit?.reached, overfit?.goal], ["overfit", 1, true, 0]);
});

Deno.test("options that change nothing are taken with overfit", () => {
  for (const labelSmoothing of [0, { kind: 0 }]) assertEquals(overfitOptions({ labelSmoothing }).monitor, "loss");
  assertThrows(
    () => overfitOptions({ labelSmoothing: { kind: 0, age: 0.1 } }),
    RangeError,
    "overfit and labelSmoothing",
  );
});

testOnEveryDevice("a network learns a few examples by heart, and the report says so", async () => {
  for (const overfit of [5, 20, 40]) {
    const { report, model: trained } = await classifier.train({ overfit });
    const { stop, overfit: found, validationLoss, iterations, batches, testError, hyperparameters } = report;
    assertEquals([stop, found?.reached, found?.examples, batches], ["overfit", true, overfit, Math.ceil(overfit / 20)]);
    // Before the first step, the logistic regression gives each class a tenth.
    assertAlmostEquals(found!.firstLoss, Math.log(10), 1e-4);
    assertAlmostEquals(found!.goal, Math.log(10) / 100, 1e-6);
    assert(validationLoss! <= found!.goal && iterations < 1000, `${validationLoss} after ${iterations}`);
    assertEquals([testError, found!.lookAt, hyperparameters.nEpochs], [null, [], 2]);
    // They are the first examples of the training set.
    const classes = await trained.predict(digits.training.x.slice([0, 0], [overfit, 784])).data();
    assertEquals([...classes], [...await digits.training.y.slice([0], [overfit]).data()]);
    const lines = summaryLines(report);
    assert(lines[0].startsWith("Optimization completed. Examples learned by heart at epoch: "), lines[0]);
    assert(
      lines.some((line) => line.startsWith(`Overfitting ${overfit} examples succeeded: the loss fell from 2.303`)),
    );
  }
});

Deno.test("the same examples are learned whether they are streamed or not, and whatever they are kept as", async () => {
  const trained = (from = digits, options = {}) => classifier.with({ data: from }).train({ overfit: 20, ...options });
  const { report: resident } = await trained();
  const { report: streamed } = await trained(digits, { deviceBytes: 20_000 });
  assertEquals(streamed.history.map(({ trainLoss }) => trainLoss), resident.history.map(({ trainLoss }) => trainLoss));
  // A source is asked for the first examples only.
  const x = await digits.training.x.data() as Float32Array;
  let highest = -1;
  const source: SampleSource = {
    shape: [100, 784],
    read: (numbers, target) => {
      numbers.forEach((number, i) => target.set(x.subarray(number * 784, (number + 1) * 784), i * 784));
      if (isTraining) highest = Math.max(highest, ...numbers);
    },
  };
  let isTraining = false;
  const y = Int32Array.from(await digits.training.y.data());
  const onDemand = data([{ x: source, y }, { x: source, y }]);
  const { report: read } = await classifier.with({ data: onDemand }).train({
    overfit: 20,
    onEvent: ({ event }) => isTraining ||= event === "step",
  });
  assertEquals(read.history.at(-1)?.trainLoss, resident.history.at(-1)?.trainLoss);
  assert(highest < 20, String(highest));
});

Deno.test("if the examples are not learned, the report and the log say what to look at", async () => {
  // Equal inputs with different targets.
  const x = samples([[1], [1], [2], [2]]);
  const set = { x, y: samples([[0], [1], [2], [5]]) };
  const input = inputLayer({ shape: [null, 1] });
  const noisy = dropout(input, { corruptionLevel: 0.1, name: "noise" });
  const normal = batchNormalization(noisy);
  const line = denseLayer(normal, { nUnits: 1, activation: "linear", l2: 0.1, name: "line", W: tensor([[0]]) });
  const lines: string[] = [];
  const { report } = await model({
    network: network("line", [input, noisy, normal, line]),
    data: data([set, set]),
    objective: meanSquaredError,
    updates: sgd,
    hyperparameters: { batchSize: 4, nEpochs: 3, learningRate: 0.01 },
  }).train({ overfit: 4, log: (line) => lines.push(line) });
  const { overfit, stop, iterations, validationLoss } = report;
  assertEquals([stop, overfit?.reached, iterations], ["epochs", false, 1000]);
  assertEquals(overfit!.firstLoss, 30 / 4);
  assert(validationLoss! > 0.075 && overfit!.lookAt.length > 4);
  assertEquals(overfit!.lookAt[0], "the learning rate 0.01, which may be too low or too high");
  assertEquals(overfit!.lookAt[1], 'noise and penalties, to leave out here: Dropout "noise", DenseLayer "line"');
  const warning = lines.find((line) =>
    line.startsWith("Warning: overfitting 4 examples failed: the loss went from 7.500")
  );
  assert(
    warning?.includes("Look at the learning rate 0.01") && warning.includes("different targets"),
    lines.join("\n"),
  );
});

Deno.test("parameters that the update rule does not change are named if the goal is not reached", async () => {
  const frozen = chain(sgd({ learningRate: 1e-9 }), freeze(parametersOf("DenseLayer*")));
  const { report } = await classifier.with({ updates: frozen, hyperparameters: { batchSize: 20, nEpochs: 2 } })
    .train({ overfit: 20 });
  const named = report.overfit!.lookAt.find((one) => one.startsWith("the parameters that the update rule"));
  assert(named?.includes("/W") && named.includes("/b"), String(report.overfit!.lookAt));
});

Deno.test("epochs of the hyperparameters count if they have more than 1000 steps", async () => {
  const few = samples([[1], [2], [3], [4], [5], [6], [7], [8]]);
  const input = inputLayer({ shape: [null, 1] });
  const line = network("line", [input, denseLayer(input, { nUnits: 1, activation: "linear" })]);
  const set = { x: few, y: few };
  const { report } = await model({
    network: line,
    data: data([set, set]),
    objective: meanSquaredError,
    updates: sgd,
    hyperparameters: { batchSize: 1, nEpochs: 130, learningRate: 1e-9, patience: 1e6 },
  }).train({ overfit: 8 });
  assertEquals([report.iterations, report.epochs, report.overfit?.reached], [1040, 130, false]);
});

Deno.test("as many examples as fit into batches are allowed, and options without a purpose are refused", async () => {
  const refuse = (options: object, text: string) => assertRejects(() => classifier.train(options), RangeError, text);
  const action = 'Cannot train "mlp" on digits: expected overfit to be';
  await refuse({ overfit: 30 }, `${action} at most 20, the batchSize, or a multiple of it, got 30`);
  await refuse({ overfit: 101 }, `${action} at most 100, the training examples, got 101`);
  await refuse({ overfit: 0 }, "expected overfit to be a whole number of at least 1, got 0");
  const together = (option: string) => `Cannot train with overfit and ${option}:`;
  await refuse({ overfit: 5, file: "never.ym" }, together("file"));
  await refuse({ overfit: 5, saveMode: "each" }, together("saveMode"));
  await refuse({ overfit: 5, resume: "never.ym" }, together("resume"));
  await refuse({ overfit: 5, earlyStop: true }, together("earlyStop"));
  await refuse({ overfit: 5, monitor: "error" }, together("monitor"));
  for (const labelSmoothing of [0.1, { kind: 0, age: 0.1 }]) {
    await refuse({ overfit: 5, labelSmoothing }, together("labelSmoothing"));
  }
  // A network for batches of 20 cannot take fewer.
  const fixed = inputLayer({ shape: [20, 784] });
  const ofTwenty = classifier.with({ network: network("fixed", [fixed, logisticRegression(fixed, { nClass: 10 })]) });
  const train = (overfit: number) => ofTwenty.train({ overfit });
  await assertRejects(() => train(5), RangeError, "expected overfit to be a multiple of the batchSize 20, got 5");
  assertEquals((await train(20)).report.overfit?.examples, 20);
  const negative = classifier.with({ objective: (p) => p.sum({ axis: -1 }).neg() });
  await assertRejects(
    () => negative.train({ overfit: 5 }),
    RangeError,
    "an objective whose least value is 0, got the loss -1",
  );
});

Deno.test("nothing is saved, also if the model has a file, and the report is kept in files of the model", async () => {
  await inFolder(async (folder) => {
    const events: TrainingEvent["event"][] = [];
    const named = classifier.with({ file: `${folder}/best.ym` });
    const { model: trained, report } = await named.train({ overfit: 5, onEvent: ({ event }) => events.push(event) });
    assertEquals([...Deno.readDirSync(folder)], []);
    assert(!events.includes("save") && events.at(-1) === "end");
    await trained.saveModel(`${folder}/learned.ym`);
    assertEquals(loadModel(`${folder}/learned.ym`).report, report);
    // The data of the model are all, as before.
    assertEquals(trained.data.training.length, 100);
  });
});
