import { assert, assertAlmostEquals, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { tensor } from "../../core/mod.ts";
import { data, DataError, samples, type SampleSet } from "../../data/mod.ts";
import { activationLayer, denseLayer, inputLayer, logisticRegression, rnn } from "../../layers/mod.ts";
import * as optim from "../../optim/mod.ts";
import { inFolder } from "../../tests/in_folder.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { finish } from "../search/finish.ts";
import { gridSearch } from "../search/grid_search.ts";
import { hyperparameters } from "../hyperparameters.ts";
import { loadModel } from "../files/load_model.ts";
import { model } from "../model.ts";
import { network } from "../network.ts";
import { summaryLines } from "./log_lines.ts";

/** 40 points of the line 1.5 x + 0.5. */
const x = Float32Array.from({ length: 40 }, (_, i) => i / 20 - 1);
const y = x.map((one) => 1.5 * one + 0.5);
const column = { x: samples(x, [40, 1]), y: samples(y, [40, 1]) };
const flat = { ...column, y: samples(y, [40]) };

const input = inputLayer({ shape: [null, 1] });
const line = network("line", [input, denseLayer(input, { nUnits: 1, activation: "linear" })]);
const regression = (set: SampleSet) =>
  model({
    network: line,
    data: data([set, set, set], { name: "points" }),
    objective: optim.meanSquaredError,
    updates: optim.sgd({ learningRate: 0.5 }),
    hyperparameters: { batchSize: 10, nEpochs: 50 },
  });

testOnEveryDevice("A regression without a metric keeps the weights with the best validation loss", async () => {
  for (const set of [column, flat]) {
    const { model: trained, report } = await regression(set).train();
    const [low, high] = await trained.predict(tensor([[-1], [1]])).data();
    assertAlmostEquals(low, -1, 1e-5);
    assertAlmostEquals(high, 2, 1e-5);
    assertEquals([report.validationError, report.testError, report.monitor], [null, null, "validationLoss"]);
    assert(report.bestIteration! > 20 && report.validationLoss! < 1e-10 && report.testLoss! < 1e-10);
    assertEquals(Math.min(...report.history.map(({ validationLoss }) => validationLoss!)), report.validationLoss);
  }
});

/** Shares of two parts, of which the first is always the greater one: they sum to 1, but are no classes. */
const parts = Array.from(x, (one) => [0.75 + 0.2 * one, 0.25 - 0.2 * one]);

testOnEveryDevice("A regression whose rows look like classes is judged by its objective", async () => {
  const set = { x: samples(x, [40, 1]), y: samples(parts) };
  const pairs = { x: samples(x, [20, 2, 1]), y: samples(Float32Array.from(parts.flat()), [20, 2, 2]) };
  const sequence = inputLayer({ shape: [null, 2, 1] });
  const own: optim.Objective = (p, t) => p.sub(t).square().mean({ axis: -1 });
  for (const objective of ["mse", "mae", "huberError", "rmse", own]) {
    for (const [given, from, leadingAxes] of [[set, input, 1], [pairs, sequence, 2]] as const) {
      const { model: trained, report } = await model({
        network: network("parts", [from, denseLayer(from, { nUnits: 2, activation: "linear", leadingAxes })]),
        data: data([given, given, given]),
        objective,
        updates: optim.adam,
        hyperparameters: { batchSize: 10, nEpochs: 150, learningRate: 0.05 },
      }).train();
      assertEquals([report.monitor, report.validationError], ["validationLoss", null]);
      const at0 = tensor(leadingAxes === 1 ? [[0]] : [[[0], [0]]]);
      assertAlmostEquals((await trained.getOutput(at0).data())[0], 0.75, 0.02);
      assertEquals(Math.min(...report.history.map(({ validationLoss }) => validationLoss!)), report.validationLoss);
    }
  }
});

Deno.test("Errors are counted by default for classes that are certain, or that the objective compares", async () => {
  const monitorOf = async (activation: "softmax" | "linear" | "sigmoid", y: SampleSet["y"], objective?: string) => {
    const set = { x: samples(x, [40, 1]), y };
    const { report } = await model({
      network: network("parts", [input, denseLayer(input, { nUnits: 2, activation })]),
      data: data([set, set]),
      ...objective !== undefined && { objective },
      hyperparameters: { batchSize: 10, nEpochs: 1 },
    }).train();
    return report.monitor;
  };
  const oneHot = samples(parts.map((_, i) => [i % 2, 1 - i % 2]));
  const numbered = Int32Array.from(x, (_, i) => i % 2);
  const late = samples(Array.from({ length: 40 }, (_, i) => i < 39 ? [1, 0] : [0.75, 0.25]));
  for (const y of [oneHot, numbered, samples(parts)]) assertEquals(await monitorOf("softmax", y), "validationError");
  for (const y of [oneHot, numbered]) {
    assertEquals(await monitorOf("linear", y, "categoricalCrossentropyFromLogits"), "validationError");
    assertEquals(await monitorOf("linear", y, "categoricalHingeError"), "validationError");
  }
  assertEquals(await monitorOf("softmax", oneHot, "mse"), "validationError");
  assertEquals(await monitorOf("softmax", oneHot, "kld"), "validationError");
  for (const y of [samples(parts), late]) assertEquals(await monitorOf("softmax", y, "kld"), "validationLoss");
  for (const objective of ["mse", "bce"]) assertEquals(await monitorOf("sigmoid", oneHot, objective), "validationLoss");
});

Deno.test("Events and log lines of a regression show losses, no errors", async () => {
  const lines: string[] = [];
  const errors: (number | null)[] = [];
  const { report } = await regression(flat).train({
    log: (one) => lines.push(one),
    onEvent: (one) => {
      if ("validationError" in one) errors.push(one.validationError);
      if (one.event === "start") assertEquals(one.monitor, "validationLoss");
    },
  });
  assert(errors.length > 50 && errors.every((one) => one === null));
  assert(lines[0].startsWith("epoch 1, minibatch 4/4, validation loss 0."));
  assertMatch(summaryLines(report)[1], /^Validation score of [1-9]\.?\d*e-\d+ obtained at iteration/);
});

Deno.test("A regression stops early when the validation loss stops improving", async () => {
  const still = regression(column).with({
    updates: optim.sgd({ learningRate: 0 }),
    hyperparameters: { batchSize: 10, nEpochs: 50, patience: 8 },
  });
  const { report } = await still.train();
  assertEquals([report.stop, report.epochs, report.bestIteration], ["patience", 3, 4]);
});

Deno.test("A regression that is saved and resumed ends like an uninterrupted one", async () => {
  await inFolder(async (folder) => {
    const file = `${folder}/line.ym`;
    const whole = await regression(column).train({ file });
    assertEquals(loadModel(file).report?.validationLoss, whole.report.validationLoss);
    assertEquals(loadModel(file).report?.monitor, "validationLoss");
    const stop = new AbortController();
    const part = `${folder}/part.ym`;
    await regression(column).train({
      ...{ file: part, saveMode: "stop", signal: stop.signal },
      onEvent: (one) => one.event === "epoch" && one.epoch === 7 && stop.abort(),
    });
    const resumed = await regression(column).train({ file: part, resume: true });
    assertEquals(resumed.report.validationLoss, whole.report.validationLoss);
    assertEquals(resumed.report.bestIteration, whole.report.bestIteration);
  });
});

Deno.test("A search compares regressions by their validation loss", async () => {
  const build = ({ learningRate }: { learningRate: number }) =>
    regression(column).with({ updates: optim.sgd({ learningRate }), hyperparameters: { batchSize: 10, nEpochs: 3 } });
  const { best, rows } = await finish(gridSearch(hyperparameters({ learningRate: [0.5, [0.001, 0.5]] }), build));
  assertEquals(best?.hyperparameters.learningRate, 0.5);
  assert(rows[0].validationLoss! < rows[1].validationLoss!);
  assertEquals(rows.map(({ errors }) => errors.length), [3, 3]);
});

Deno.test("Categorical functions are refused, with both shapes and the cure, if targets are not classes", async () => {
  const shapes = "got outputs [any, 1] and targets [40, 1] that are not classes; pass another ";
  const parts = { network: line, data: regression(column).data, hyperparameters: { batchSize: 10, nEpochs: 1 } };
  await assertRejects(() => model(parts).train(), TypeError, `${shapes}objective, such as meanSquaredError`);
  const { meanSquaredError: objective } = optim;
  for (const measure of [optim.categoricalError, optim.categoricalAccuracy]) {
    const judged = model({ ...parts, objective, evaluationMetric: measure });
    await assertRejects(() => judged.train(), TypeError, `${shapes}evaluationMetric, or none`);
  }
  const names = ["categoricalCrossentropyError", "categoricalHingeError", "categoricalCrossentropyFromLogits"];
  for (const name of names) {
    for (const given of [optim.objectives[name], ...name.endsWith("Logits") ? [optim.getObjective(name, {})] : []]) {
      await assertRejects(
        () => model({ ...parts, objective: given }).train(),
        TypeError,
        `with ${name}: expected class`,
      );
    }
  }
  const pairs = { x: column.x, y: samples([...x].map((one) => [one, -one])) };
  const two = network("two", [input, denseLayer(input, { nUnits: 2, activation: "linear" })]);
  await assertRejects(
    () => model({ ...parts, network: two, data: data([pairs, pairs]) }).train(),
    TypeError,
    "[40, 2]",
  );
});

Deno.test("Classes, as numbers or rows, have the categorical defaults", async () => {
  const classes = Int32Array.from(x, (one) => Number(one > 0));
  const rows = (of: (one: number) => number[]) => samples([...classes].map(of));
  const softmax = network("softmax", [input, logisticRegression(input, { nClass: 2 })]);
  for (const y of [classes, rows((one) => [1 - one, one]), rows((one) => [0.9 - 0.8 * one, 0.1 + 0.8 * one])]) {
    const set = { x: column.x, y };
    const { report } = await model({
      ...{ network: softmax, data: data([set, set, set]), updates: optim.sgd({ learningRate: 0.5 }) },
      hyperparameters: { batchSize: 10, nEpochs: 20 },
    }).train();
    assertEquals([report.monitor, report.errorUnit], ["validationError", "%"]);
    assert(report.validationError! < 10 && report.testError! < 10);
    assert(report.validationLoss! > 0 && report.testLoss! > 0);
  }
});

Deno.test("Class numbers may be the targets of one output", async () => {
  const yes = { x: column.x, y: Int32Array.from(x, (one) => Number(one > 0)) };
  const sigmoid = network("sigmoid", [input, denseLayer(input, { nUnits: 1, activation: "sigmoid" })]);
  const parts = { network: sigmoid, data: data([yes, yes]), hyperparameters: { batchSize: 10, nEpochs: 100 } };
  const { report } = await model({
    ...parts,
    objective: optim.binaryCrossentropyError,
    evaluationMetric: optim.binaryError,
    updates: optim.sgd({ learningRate: 1 }),
  }).train();
  assertEquals([report.monitor, report.errorUnit, report.testError], ["validationError", "%", null]);
  assert(report.validationError! < 10);
});

/** Sets for training and validation that are the same. */
const twice = (set: SampleSet): SampleSet[] => [set, set];

testOnEveryDevice("The cost and the error of a sequence are the means of its time steps", async () => {
  const rows = inputLayer({ shape: [null, 2, 1] });
  const steps = samples(Float32Array.from({ length: 14 }, (_, i) => i / 7 - 1), [7, 2, 1]);
  const states = network("states", [rows, rnn(rows, { nUnits: 1, activation: "linear", lastOnly: false })]);
  const squares = samples(steps.values.map((one) => 2 * one + 1), [7, 2, 1]);
  const regression = model({
    network: states,
    data: data(twice({ x: steps, y: squares }), { name: "sequences" }),
    objective: optim.meanSquaredError,
    hyperparameters: { batchSize: 4, nEpochs: 1, learningRate: 0 },
  });
  const { model: trained, report } = await regression.train();
  const outputs = await trained.predict(tensor(steps.values as Float32Array, [7, 2, 1])).data();
  const errors = Array.from(outputs, (one, i) => (one - squares.values[i]) ** 2);
  assertAlmostEquals(report.validationLoss!, errors.reduce((a, b) => a + b) / 14, 1e-5);

  const logits = rnn(rows, { nUnits: 3, activation: "linear", lastOnly: false });
  const numbers = Float32Array.from({ length: 14 }, (_, i) => i % 3);
  const classification = model({
    network: network("classes", [rows, logits, activationLayer(logits, { activation: "softmax" })]),
    data: data(twice({ x: steps, y: samples(numbers, [7, 2]) }), { name: "sequences" }),
    objective: optim.categoricalCrossentropyError,
    evaluationMetric: optim.categoricalError,
    hyperparameters: { batchSize: 4, nEpochs: 1, learningRate: 0 },
  });
  const { model: classifier, report: judged } = await classification.train();
  const chances = await classifier.getOutput(tensor(steps.values as Float32Array, [7, 2, 1])).data();
  const rowsOf = Array.from(numbers, (own, i) => ({ own, row: [...chances.slice(3 * i, 3 * i + 3)] }));
  const loss = rowsOf.reduce((sum, { own, row }) => sum - Math.log(row[own]), 0) / 14;
  const wrong = rowsOf.filter(({ own, row }) => row[own] < Math.max(...row)).length / 14;
  assertAlmostEquals(judged.validationLoss!, loss, 1e-5);
  assertAlmostEquals(judged.validationError!, 100 * wrong, 1e-5);
});

Deno.test("Classes of sequences in another shape are refused with both shapes and the cure", async () => {
  const train = (time: number | null, y: SampleSet["y"], objective?: string, nUnits = 3) => {
    const rows = inputLayer({ shape: [null, time, 1] });
    const logits = rnn(rows, { nUnits, activation: "linear", lastOnly: false });
    const net = network("classes", [rows, logits, activationLayer(logits, { activation: "softmax" })]);
    const set = { x: samples(new Float32Array(8), [4, 2, 1]), y };
    const parts = { network: net, data: data([set, set]), hyperparameters: { batchSize: 2, nEpochs: 1 } };
    return model({ ...parts, ...objective !== undefined && { objective } }).train();
  };
  const classes = Int32Array.of(0, 1, 2, 0, 0, 1, 2, 0);
  for (const objective of [undefined, "categoricalCrossentropyFromLogits"]) {
    await assertRejects(
      () => train(2, classes.subarray(0, 4), objective),
      TypeError,
      "expected a class number for each output of a sequence, [4, 2], or rows with one column per class, [4, 2, 3], got " +
        "outputs [any, 2, 3] and targets [4] that are not; pass samples(Float32Array.from(classes), [4, 2]) as targets, or " +
        "end the network in one output per example, such as that of the last step",
    );
  }
  await assertRejects(() => train(null, classes.subarray(0, 4)), TypeError, "of a sequence, [4, time], or rows with");
  const two = Int32Array.of(0, 1, 1, 0);
  await assertRejects(
    () => train(2, two, undefined, 2),
    TypeError,
    "one column per class, [4, 2, 2], got outputs [any, 2, 2]",
  );
  const wide = samples(new Float32Array(12), [4, 3]);
  await assertRejects(() => train(2, wide), TypeError, "[4, 2]) as targets, or pass another objective, such as");
  assertThrows(
    () => data(twice({ x: samples(new Float32Array(8), [4, 2, 1]), y: classes })),
    DataError,
    "expected as many targets as inputs, got 8 and 4; 2 class numbers per example are passed as " +
      "samples(Float32Array.from(y), [4, 2])",
  );
  const { report } = await train(2, samples(Float32Array.from(classes), [4, 2]));
  assertEquals(report.monitor, "validationError");
});

Deno.test("An objective that returns one number for the batch is refused with its shape", async () => {
  const whole: optim.Objective = (prediction, target) => optim.meanSquaredError(prediction, target).mean();
  const wrong = model({
    network: line,
    data: data(twice(column), { name: "points" }),
    objective: whole,
    hyperparameters: { batchSize: 10, nEpochs: 1 },
  });
  await assertRejects(() => wrong.train(), TypeError, "expected one number per example, or one per time step, got");
});
