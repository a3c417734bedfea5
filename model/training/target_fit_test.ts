import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { data } from "../../data/data.ts";
import type { GivenSet, SampleSource } from "../../data/sample_source.ts";
import { samples, type SampleSet } from "../../data/samples.ts";
import { denseLayer } from "../../layers/dense.ts";
import { inputLayer } from "../../layers/input.ts";
import { getObjective } from "../../optim/registry.ts";
import { accuracy } from "../../optim/set_metrics/accuracy.ts";
import { auc } from "../../optim/set_metrics/auc.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { model } from "../model.ts";
import type { ModelParts } from "../model_options.ts";
import { network } from "../network.ts";
import { checkTraining } from "./task_of.ts";

const input = inputLayer({ shape: [null, 1] });

function train(name: string, y: readonly number[] | Int32Array) {
  const activation = name === "binaryCrossentropyError" ? "sigmoid" : "linear";
  const x = samples([[1], [2], [3], [4]]);
  const set = { x, y: y instanceof Int32Array ? y : samples(y.map((one) => [one])) };
  return model({
    network: network("answers", [input, denseLayer(input, { nUnits: 1, activation })]),
    data: data([set, set]),
    hyperparameters: { batchSize: 2, nEpochs: 1 },
    objective: getObjective(name),
  }).train();
}

Deno.test("Targets that an objective of yes/no answers does not have are refused, with the cure", async () => {
  const cases = [
    ["binaryCrossentropyError", [0, 1, -1, 1], "expected targets from 0 to 1, got -1"],
    ["binaryCrossentropyFromLogits", [0, 1, 1.5, 1], "expected targets from 0 to 1, got 1.5"],
    ["binaryCrossentropyError", Int32Array.of(0, 1, 2, 1), "got class 2; for more than two classes end the network"],
    [
      "binaryHingeError",
      [0, 1, 2, 1],
      "expected targets -1 and 1, or 0 and 1, got 2 in row 2 of the training set; for",
    ],
    ["binaryHingeError", [-1, 1, 1, 0.5], "got 0.5 in row 3 of the training set; for numbers use another objective"],
    ["binaryHingeError", Int32Array.of(0, 1, 2, 1), "got class 2; for numbers use another objective"],
  ] as const;
  for (const [name, y, message] of cases) {
    await assertRejects(() => train(name, y), TypeError, `Cannot train "answers" on data with ${name}: `);
    await assertRejects(() => train(name, y), TypeError, message);
  }
});

Deno.test("Targets that an objective of yes/no answers has are taken", async () => {
  const cases = [
    ["binaryCrossentropyError", [0, 1, 0.25, 1]],
    ["binaryCrossentropyFromLogits", Int32Array.of(0, 1, 0, 1)],
    ["binaryCrossentropyError", Int32Array.of(0, 0, 0, 0)],
    ["binaryHingeError", [-1, 1, 0, 1]],
    ["binaryHingeError", Int32Array.of(0, 1, 0, 1)],
  ] as const;
  for (const [name, y] of cases) assertEquals((await train(name, y)).report.epochs, 1);
});

Deno.test("Rows of a categorical hinge error are signs or zeros and ones, and class numbers are any", async () => {
  const three = network("three", [input, denseLayer(input, { nUnits: 3, activation: "linear" })]);
  const x = samples([[1], [2]]);
  const trainOn = (y: SampleSet["y"]) =>
    model({
      network: three,
      data: data([{ x, y }, { x, y }]),
      hyperparameters: { batchSize: 2, nEpochs: 1 },
      objective: "categoricalHingeError",
    }).train();
  for (const y of [Int32Array.of(2, 0), samples(Float32Array.of(2, 0), [2]), samples([[0, 0, 1], [1, 0, 0]])]) {
    assertEquals((await trainOn(y)).report.epochs, 1);
  }
  await assertRejects(
    () => trainOn(samples([[0, 0, 1], [0.5, 0.5, 0]])),
    TypeError,
    "with categoricalHingeError: expected targets -1 and 1, or 0 and 1, got 0.5 in row 1 of the training set; for",
  );
});

const LENGTH = 600;

/** A set whose target of one example is replaced. */
function setWith(good: (i: number) => readonly number[], change?: { readonly at: number; readonly to: number[] }) {
  const x = samples(Float32Array.from({ length: LENGTH }, (_, i) => Math.sin(i)), [LENGTH, 1]);
  const y = Array.from({ length: LENGTH }, (_, i) => i === change?.at ? change.to : good(i));
  const isColumn = y[0].length === 1;
  return { x, y: samples(Float32Array.from(y.flat()), isColumn ? [LENGTH] : [LENGTH, y[0].length]) };
}

interface Wrong {
  readonly good: (i: number) => readonly number[];
  readonly to: number[];
  readonly objective?: string;
  readonly evaluationMetric?: string;
  readonly units: number;
  readonly activation: "sigmoid" | "softmax" | "linear";
  readonly message: string;
}

const bit = (i: number) => [i % 2];
const classOf = (i: number) => [i % 3];
const oneHot = (i: number) => [1 - i % 2, i % 2];

const wrong: readonly Wrong[] = [
  { good: bit, to: [50], objective: "bce", units: 1, activation: "sigmoid", message: "from 0 to 1, got 50 in row 300" },
  {
    ...{ good: bit, to: [3], objective: "mse", evaluationMetric: "binaryError", units: 1, activation: "linear" },
    message: "with binaryError: expected targets 0 and 1, or -1 and 1, got 3 in row 300",
  },
  {
    ...{ good: bit, to: [5], objective: "mse", evaluationMetric: "bce", units: 1, activation: "sigmoid" },
    message: "with binaryCrossentropyError: expected targets from 0 to 1, got 5 in row 300",
  },
  { good: classOf, to: [7], units: 3, activation: "softmax", message: "from 0 to 2, got 7 in row 300" },
  { good: classOf, to: [1.7], units: 3, activation: "softmax", message: "1.7 in row 300" },
  { good: classOf, to: [-1], units: 3, activation: "softmax", message: "from 0 to 2, got -1 in row 300" },
  { good: oneHot, to: [3.3, -7], units: 2, activation: "softmax", message: "in row 300" },
  {
    ...{ good: oneHot, to: [0.3, 0.3], objective: "kld", units: 2, activation: "softmax" },
    message: "with kullbackLeiblerDivergence: expected rows of probabilities that sum to 1, got 0.3 in row 300",
  },
  {
    ...{ good: oneHot, to: [10, -10], objective: "kld", units: 2, activation: "softmax" },
    message: "with kullbackLeiblerDivergence: expected rows of probabilities that sum to 1, got 10 in row 300",
  },
  {
    ...{ good: oneHot, to: [1, -1], objective: "cce", units: 2, activation: "softmax" },
    message: "with categoricalCrossentropyError: expected class numbers, or rows of numbers from 0, got",
  },
];

Deno.test("All targets of all sets are read, and the first wrong one is named with its example and set", async () => {
  for (const { good, to, units, activation, message, ...measures } of wrong) {
    const net = network("answers", [input, denseLayer(input, { nUnits: units, activation })]);
    const modelOf = (sets: ReturnType<typeof setWith>[]) =>
      model({ network: net, data: data(sets), hyperparameters: { batchSize: 50, nEpochs: 1 }, ...measures });
    const right = setWith(good);
    await modelOf([right, right, right]).train();
    for (const at of [0, 1, 2]) {
      const sets = [right, right, right].with(at, setWith(good, { at: 300, to }));
      const error = await assertRejects(() => modelOf(sets).train(), TypeError, message, `${at}: ${message}`);
      if (at > 0) assertStringIncludes(error.message, `of the ${["training", "validation", "test"][at]} set`);
    }
  }
});

Deno.test("Targets that are read on demand are checked piece by piece", async () => {
  const length = 70_000;
  const x: SampleSource = {
    shape: [length, 1],
    read: (numbers, target) => numbers.forEach((n, i) => target[i] = n % 7),
  };
  const y: SampleSource = {
    shape: [length, 1],
    read: (numbers, target) => numbers.forEach((n, i) => target[i] = n === 69_999 ? 2 : n % 2),
  };
  const bits = model({
    network: network("bits", [input, denseLayer(input, { nUnits: 1, activation: "sigmoid" })]),
    data: data([{ x, y }, { x, y }]),
    hyperparameters: { batchSize: 1000, nEpochs: 1 },
    objective: "binaryCrossentropyError",
  });
  await assertRejects(() => bits.train(), TypeError, "got 2 in row 69999 of the training set");
});

Deno.test("Class numbers that were changed after the data were made are refused", async () => {
  for (const [changed, activation] of [[7, "softmax"], [-4, "softmax"], [7, "linear"]] as const) {
    const y = Int32Array.of(0, 1, 2, 1);
    const set = { x: samples([[1], [2], [3], [4]]), y };
    const net = network("classes", [input, denseLayer(input, { nUnits: 3, activation })]);
    const task = model({
      ...{ network: net, data: data([set, set]), hyperparameters: { batchSize: 2, nEpochs: 1 } },
      ...activation === "linear" && { objective: "categoricalCrossentropyFromLogits" },
    });
    y[2] = changed;
    await assertRejects(
      () => task.train(),
      TypeError,
      `expected class numbers from 0 to 2, got class ${changed}; targets`,
    );
  }
});

/** Rows of several classes, of none, and of one. */
const labels = [[1, 1, 0], [0, 0, 0], [0, 1, 0], [1, 0, 0]];
const single = [[1, 0, 0], [0.25, 0.5, 0.25], [0, 1, 0], [1, 0, 0]];

testOnEveryDevice("Metrics of one class are refused for rows of several, in training and evaluation", async () => {
  const x = samples([[1], [2], [3], [4]]);
  const setOf = (rows: number[][]) => ({ x, y: samples(rows) });
  const modelOf = (activation: "sigmoid" | "softmax", evaluationMetric: string, sets: GivenSet[]) =>
    model({
      ...{ network: network("labels", [input, denseLayer(input, { nUnits: 3, activation })]), evaluationMetric },
      ...{ objective: activation === "sigmoid" ? "binaryCrossentropyError" : "meanSquaredError", data: data(sets) },
      hyperparameters: { batchSize: 2, nEpochs: 1 },
    });
  const right = setOf(single);
  for (const metric of ["categoricalError", "categoricalAccuracy"]) {
    for (const activation of ["sigmoid", "softmax"] as const) {
      const name = "categoricalError";
      for (const [at, set] of [[0, "training"], [1, "validation"], [2, "test"]] as const) {
        for (
          const [row, rows] of [[0, labels], [2, single.with(2, [0, 0.5, 1])], [1, single.with(1, [0, 0, 0])]] as const
        ) {
          const error = await assertRejects(
            () => modelOf(activation, metric, [right, right, right].with(at, setOf([...rows]))).train(),
            TypeError,
            `Cannot train "labels" on data with ${name}: expected rows of one class each, which sum to 1, got ` +
              `[${rows[row].join(", ")}] in row ${row} of the ${set} set; use binaryError if rows may have several`,
          );
          assertStringIncludes(error.message, "or an objective for classes, such as categoricalCrossentropyError");
        }
      }
      const { model: trained } = await modelOf(activation, metric, [right, right]).train();
      await trained.evaluate(right);
      await assertRejects(
        () => trained.evaluate(setOf(labels)),
        TypeError,
        `Cannot evaluate "labels" with ${name}: expected rows of one class each, which sum to 1, got [1, 1, 0] in row 0`,
      );
    }
  }
  await modelOf("sigmoid", "binaryError", [setOf(labels), setOf(labels)]).train();
  const classes = modelOf("softmax", "categoricalError", [setOf(labels), setOf(labels)]);
  await classes.with({ objective: "categoricalCrossentropyError" }).train();
});

Deno.test("The checks of a training read each target once, and others once more to name one that does not fit", () => {
  const length = 1000;
  let reads = 0;
  const sourceOf = (rowOf: (n: number) => readonly number[]): SampleSource => ({
    shape: [length, 3],
    read: (numbers, target) => {
      reads += numbers.length;
      numbers.forEach((n, i) => target.set(rowOf(n), 3 * i));
    },
  });
  const x: SampleSource = { shape: [length, 1], read: (numbers, target) => numbers.forEach((n, i) => target[i] = n) };
  const oneHot = (n: number) => [0, 1, 2].map((i) => Number(i === n % 3));
  const check = (parts: ModelParts, activation: "softmax" | "sigmoid", y: SampleSource) => {
    const net = network("rows", [input, denseLayer(input, { nUnits: 3, activation })]);
    const made = model({ network: net, data: data([{ x, y }, { x, y }, { x, y }]), ...parts });
    reads = 0;
    checkTraining({ ...made.parts, network: net, data: made.data }, {
      metrics: activation === "softmax" ? [accuracy(), auc()] : [],
    });
    return reads / length;
  };
  const binary = { objective: "binaryCrossentropyError", evaluationMetric: "binaryError" };
  for (const rowOf of [oneHot, (n: number) => oneHot(n).map((one) => 0.1 + 0.7 * one), () => [0.25, 0.5, 0.25]]) {
    assertEquals(check({}, "softmax", sourceOf(rowOf)), 3);
    assertEquals(check({ objective: "mse" }, "softmax", sourceOf(rowOf)), 3);
  }
  assertEquals(check(binary, "sigmoid", sourceOf(oneHot)), 3);
  const odd = sourceOf((n) => n === 500 ? [0.5, -0.5, 1] : oneHot(n));
  assertThrows(() => check({}, "softmax", odd), TypeError, "not classes, such as 0.5 in row 500");
});

Deno.test("class numbers with an axis of their own are refused with the shape that is taken", async () => {
  const set = (y: GivenSet["y"]) => ({ x: samples([[1], [2], [3]]), y });
  const train = (y: GivenSet["y"]) =>
    model({
      network: network("column", [input, denseLayer(input, { nUnits: 3, activation: "softmax" })]),
      data: data([set(y), set(y)]),
      hyperparameters: { batchSize: 2, nEpochs: 1 },
    }).train();
  for (const values of [Float32Array.of(0, 2, 1), Int32Array.of(0, 2, 1)]) {
    await assertRejects(
      () => train({ values, shape: [3, 1] }),
      TypeError,
      "targets [3, 1] that are not classes; pass class numbers as samples(values, [3]), without the last axis, or pass",
    );
    await train({ values, shape: [3] });
  }
});
