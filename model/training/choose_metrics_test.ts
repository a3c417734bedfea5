import { assertAlmostEquals, assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { type Tensor, tensor } from "../../core/mod.ts";
import { type AnySamples, data, samples } from "../../data/mod.ts";
import { type ActivationName, denseLayer, inputLayer } from "../../layers/mod.ts";
import {
  accuracy,
  auc,
  categoricalCrossentropyFromLogits,
  f1,
  getMetric,
  getObjective,
  meanObjective,
  type Objective,
} from "../../optim/mod.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { model } from "../model.ts";
import { network } from "../network.ts";
import { chooseMonitor } from "./choose_metrics.ts";
import type { GivenMetric } from "./metric_option.ts";

const input = inputLayer({ shape: [null, 1] });
const x = samples(Array.from({ length: 12 }, (_, i) => [i / 12]));
const classes = Int32Array.from({ length: 12 }, (_, i) => i % 3);
const answers = samples(Array.from(classes, (one) => [one > 0 ? 1 : 0]));
const counts = Int32Array.from({ length: 12 }, (_, i) => i % 6);
const labels = samples(Array.from(classes, (one) => [[1, 1, 0], [0, 0, 0], [0, 1, 0]][one]));

/** A training of a network of one layer. */
interface Case {
  readonly units: number;
  readonly activation: ActivationName;
  readonly y: Int32Array | AnySamples;
  readonly objective: string | Objective;
}

function modelOf({ units, activation, y, objective }: Case) {
  const W = tensor([Array.from({ length: units }, (_, i) => 3 * i + 1)]);
  return model({
    network: network("one", [input, denseLayer(input, { nUnits: units, activation, W })]),
    data: data([{ x, y }, { x, y }]),
    objective,
    hyperparameters: { nEpochs: 1, batchSize: 5, learningRate: 1e-4 },
  });
}

const refuses = (one: Case, metric: GivenMetric, message: string) =>
  assertRejects(() => modelOf(one).train({ metrics: [metric] }), TypeError, message);

const softmax: Case = { units: 3, activation: "softmax", y: classes, objective: "categoricalCrossentropyError" };
const linear: Case = { ...softmax, activation: "linear", objective: "categoricalCrossentropyFromLogits" };
const sigmoid: Case = { units: 1, activation: "sigmoid", y: answers, objective: "binaryCrossentropyError" };
const logit: Case = { ...sigmoid, activation: "linear", objective: "binaryCrossentropyFromLogits" };
const numbers: Case = { units: 1, activation: "linear", y: counts, objective: "meanSquaredError" };

Deno.test("messages list ten values that can be monitored, and mark the others", () => {
  const messageFor = (count: number): string => {
    const values = () =>
      Array.from({ length: count }, (_, i) => ({ name: `v${i}`, direction: "maximize", unit: "" } as const));
    return assertThrows(() => chooseMonitor("train", "none of them", { hasError: false, values }), RangeError).message;
  };
  assertStringIncludes(messageFor(9), "expected one of loss, v0, v1, v2, v3, v4, v5, v6, v7, v8");
  assertEquals([messageFor(9).includes("…"), messageFor(10).includes("v8, …")], [false, true]);
});

Deno.test("an objective as a metric is refused for outputs and targets that it would not learn", async () => {
  await refuses(linear, "categoricalCrossentropyError", "expected probabilities as outputs, got the activation linear");
  await refuses(logit, "binaryCrossentropyError", "expected probabilities as outputs, got the activation linear");
  await refuses(sigmoid, "binaryCrossentropyFromLogits", "expected outputs before the sigmoid, which it computes");
  const own = meanObjective(getObjective("binaryCrossentropyError"), { name: "own" });
  await refuses(logit, own, "expected probabilities as outputs, got the activation linear");
  const counting = { ...sigmoid, y: counts, objective: "meanSquaredError" };
  await refuses(counting, "binaryCrossentropyError", "expected targets from 0 to 1, got class 2");
});

testOnEveryDevice("a cross-entropy of logits as a metric is computed from the values before the softmax", async () => {
  const objectives = [
    categoricalCrossentropyFromLogits,
    getObjective("categoricalCrossentropyFromLogits", { labelSmoothing: 0.2 }),
  ];
  for (const objective of objectives) {
    const { report } = await modelOf(softmax).with({ objective }).train({
      metrics: [objective, meanObjective(objective, { name: "own" })],
    });
    for (const value of Object.values(report.metrics!.validation!)) {
      assertAlmostEquals(value, report.validationLoss!, 1e-5);
    }
  }
  const { report } = await modelOf({ ...softmax, objective: "meanSquaredError", y: oneHot() }).train({
    metrics: [getMetric("categoricalCrossentropyFromLogits"), "categoricalCrossentropyError"],
  });
  const { categoricalCrossentropyFromLogits: before, categoricalCrossentropyError: after } = report.metrics!
    .validation!;
  assertAlmostEquals(before, after, 1e-5);
});

function oneHot() {
  return samples(Array.from(classes, (one) => [0, 1, 2].map((i) => Number(i === one))));
}

Deno.test("metrics of answers are refused for whole numbers that are none", async () => {
  for (const metric of ["accuracy", "f1", "binaryError", accuracy({ threshold: 0.5 })]) {
    await refuses(numbers, metric, "expected targets that are classes, or 0 and 1, got 2 among targets [12]");
  }
  await modelOf({ ...numbers, y: classes.map((one) => Math.min(one, 1)) }).train({ metrics: ["accuracy", "f1"] });
});

Deno.test("metrics of one class per row are refused for rows of several labels", async () => {
  const several = { units: 3, activation: "sigmoid", y: labels, objective: "binaryCrossentropyError" } as const;
  for (const metric of ["accuracy", "precision", "recall", "f1", "confusionCounts"]) {
    await refuses(several, metric, "pass threshold: 0.5 to the metric if rows may have several classes");
  }
  const before = { ...several, activation: "linear", objective: "binaryCrossentropyFromLogits" } as const;
  const own = {
    ...several,
    activation: "linear" as const,
    objective: (p: Tensor, t: Tensor) => p.sub(t).abs().mean({ axis: 1 }),
  };
  await refuses(own, "accuracy", "pass threshold: 0.5 to the metric if rows may have several classes");
  await refuses(before, "f1", "pass threshold: 0 to the metric if rows may have several classes");
  for (const metric of ["perplexity", getMetric("topKAccuracy", { k: 2 }), "categoricalError"]) {
    await refuses(several, metric, "use accuracy({ threshold: 0.5 }) or auc() if rows may have several classes");
  }
  const rows = samples(Array.from(counts, (one) => [one, 0, 1]));
  await refuses({ ...several, y: rows, objective: "meanSquaredError" }, f1({ threshold: 0.5 }), "got 2 among targets");
  await modelOf(several).train({ metrics: [f1({ threshold: 0.5 }), auc()] });
});

Deno.test("a metric of your own that returns something else is refused before a training", async () => {
  const set = { x, y: samples(Array.from(classes, (one) => [one])) };
  const untrained = model({
    network: network("line", denseLayer(input, { nUnits: 1, activation: "linear" })),
    data: data([set, set]),
    objective: "meanSquaredError",
    hyperparameters: { batchSize: 12, nEpochs: 1 },
  });
  const greatest = {
    name: "greatest",
    direction: "minimize",
    init: (): unknown => ({ greatest: tensor(0) }),
    update: (_: unknown, prediction: Tensor): unknown => ({ greatest: prediction.abs().max() }),
    result: ({ greatest }: { greatest: Tensor }): unknown => greatest,
  };
  const train = (part: object) => {
    const metric: object = { ...greatest, ...part };
    return untrained.train({ metrics: [metric as GivenMetric], progress: false });
  };
  assertAlmostEquals((await train({})).report.metrics!.validation!.greatest, 0, 10);
  for (const odd of [undefined, null, 5, "x", [tensor(1)], tensor(1), {}]) {
    const refuse = (part: object, message: string) =>
      assertRejects(
        () => train(part),
        TypeError,
        `Cannot train "line" on data with metric greatest: expected ${message}, got`,
      );
    await refuse({ init: () => odd }, "init of the metric to return a state, a record of tensors");
    await refuse({ update: () => odd }, "update of the metric to return a state of the form that init returns");
    if (!(odd instanceof Object && "dtype" in odd)) {
      await refuse({ result: () => odd }, "result of the metric to return a tensor");
    }
  }
});
