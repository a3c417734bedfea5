import { assertAlmostEquals, assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { type Tensor, tensor } from "../../core/mod.ts";
import { type AnySamples, data, samples } from "../../data/mod.ts";
import { type Activation, type ActivationName, denseLayer, inputLayer, reshapeLayer } from "../../layers/mod.ts";
import {
  accuracy,
  auc,
  categoricalCrossentropyFromLogits,
  f1,
  getMetric,
  getObjective,
  meanObjective,
  type Metric,
  type Objective,
} from "../../optim/mod.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { model } from "../model.ts";
import { network } from "../network.ts";
import { checkMetrics, chooseMonitor, type MeasuredParts, setsOf } from "./choose_metrics.ts";
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

/** What metrics of a layer are measured on, without a model. */
function measured(
  [nUnits, activation]: readonly [number, Activation],
  y: Int32Array | AnySamples,
  more: Partial<MeasuredParts> = {},
): MeasuredParts {
  const set = { x: samples([[1], [2]]), y };
  const net = network("net", [input, denseLayer(input, { nUnits, activation })]);
  const objective = getObjective("meanSquaredError");
  return { network: net, set: data([set, set]).training, objective, error: null, ...more };
}

const check = (parts: MeasuredParts, ...metrics: readonly Metric[]) => checkMetrics("train", metrics, parts);

function refusal(parts: MeasuredParts, ...metrics: readonly Metric[]): string {
  return assertThrows(() => check(parts, ...metrics), TypeError).message;
}

const yesOrNo = samples([[0], [1]]);
const severalLabels = samples([[1, 1], [0, 0]]);

Deno.test("metrics have different names, and none that every training has", () => {
  const named = (name: string) => ({ ...accuracy(), name });
  const parts = measured([2, "softmax"], Int32Array.of(0, 1));
  for (const name of ["loss", "error"]) {
    assertThrows(() => check(parts, named("a"), named(name)), RangeError, `with a metric named "${name}"`);
    check({ ...parts, output: "kind" }, named(name));
  }
  assertThrows(() => check({ ...parts, output: "kind" }, named("kind/loss")), RangeError, "with a metric named");
  check(parts, named("kind/loss"), named("a"), named("b"));
  assertThrows(() => check(parts, named("a"), named("b"), named("a")), RangeError, 'with two metrics named "a"');
});

Deno.test("metrics of classes take classes, answers, and shares of several classes by a threshold", () => {
  const shares = "expected targets that are classes, or 0 and 1, got";
  check(measured([2, "softmax"], Int32Array.of(0, 1)), accuracy());
  check(measured([1, "sigmoid"], yesOrNo), accuracy());
  check(measured([1, "sigmoid"], samples([[0], [0.5]])), accuracy());
  assertStringIncludes(
    refusal(measured([1, "sigmoid"], samples([[0], [2]])), accuracy()),
    `${shares} 2 among targets [2, 1]`,
  );
  assertStringIncludes(refusal(measured([1, "sigmoid"], samples([[0], [-1]])), accuracy()), `${shares} -1`);
  check(measured([1, "tanh"], samples([[1], [-1]])), getMetric("binaryAccuracy", { threshold: 0 }));
  assertStringIncludes(
    refusal(measured([1, "tanh"], samples([[1], [-2]])), getMetric("binaryAccuracy")),
    `${shares} -2`,
  );
  assertStringIncludes(refusal(measured([1, "sigmoid"], Int32Array.of(0, 2)), accuracy()), `${shares} 2 among`);
  const single = measured([1, "sigmoid"], Int32Array.of(0, 2));
  const flat = network("flat", reshapeLayer(single.network.outputLayer, { outputShape: [null] }));
  assertStringIncludes(refusal({ ...single, network: flat }, accuracy()), `${shares} 2 among`);
  assertStringIncludes(
    refusal(measured([2, "sigmoid"], samples([[0, 2], [1, 0]])), accuracy({ threshold: 0.5 })),
    `${shares} 2 among`,
  );
  check(measured([1, "linear"], samples([[0], [7]])), getMetric("r2"));
});

Deno.test("a metric of your own may judge outputs of several classes by class numbers of another shape", () => {
  const own: Metric = {
    name: "own",
    direction: "maximize",
    takes: "classes",
    init: () => ({ sum: tensor(0) }),
    update: (state) => state,
    result: () => tensor(0),
  };
  const steps = (units: number, y: Int32Array | AnySamples): MeasuredParts => ({
    ...measured([1, "sigmoid"], y),
    network: network("steps", inputLayer({ shape: [null, 3, units] })),
  });
  check(steps(2, Int32Array.of(0, 2)), own);
  const refused = "expected targets that are classes, or 0 and 1, got 2 among targets";
  assertStringIncludes(refusal(steps(1, Int32Array.of(0, 2)), own), `${refused} [2]`);
  assertStringIncludes(refusal(steps(2, samples([[0], [2]])), own), `${refused} [2, 1]`);
});

Deno.test("rows of several classes need a threshold, or a function that takes them as one class", () => {
  const [labels, several] = [
    measured([2, "sigmoid"], severalLabels),
    "expected rows of one class each, got targets [2, 2]",
  ];
  assertStringIncludes(refusal(labels, accuracy()), several);
  assertStringIncludes(refusal(labels, accuracy()), "pass threshold: 0.5 to the metric if rows may have");
  assertStringIncludes(refusal(labels, getMetric("perplexity")), "use accuracy({ threshold: 0.5 }) or auc() if rows");
  const linear = measured([2, "linear"], severalLabels, { objective: getObjective("binaryCrossentropyFromLogits") });
  assertStringIncludes(refusal(linear, accuracy()), "pass threshold: 0 to the metric");
  const own = measured([2, "linear"], severalLabels, { objective: (p) => p.mean({ axis: -1 }) });
  assertStringIncludes(refusal(own, accuracy()), "pass threshold: 0.5 to the metric");
  check(labels, accuracy({ threshold: 0.5 }), auc());
  const error = getObjective("categoricalError");
  check({ ...labels, error }, accuracy());
  assertStringIncludes(refusal({ ...labels, error: getObjective("meanAbsoluteError") }, accuracy()), several);
  check({ ...labels, objective: getObjective("categoricalCrossentropyError") }, accuracy());
  assertStringIncludes(refusal(labels, meanObjective(error)), several);
  check(labels, meanObjective(getObjective("meanAbsoluteError")));
  assertStringIncludes(
    refusal(labels, meanObjective(getObjective("categoricalCrossentropyFromLogits"))),
    "with metric categoricalCrossentropyFromLogits: expected rows of one class each",
  );
});

Deno.test("metrics of answers count from 0.5 on, so other outputs need a threshold", () => {
  const needs = (parts: MeasuredParts, message: string) => assertStringIncludes(refusal(parts, accuracy()), message);
  const objective = getObjective("binaryCrossentropyFromLogits");
  needs(
    measured([1, "linear"], yesOrNo, { objective }),
    "expected probabilities as outputs, got the activation linear and binaryCrossentropyFromLogits; " +
      "pass threshold: 0 to the metric, from which on outputs mean yes",
  );
  const anonymous = (): Objective => (p) => p.mean({ axis: -1 });
  needs(
    measured([1, "linear"], yesOrNo, { objective: anonymous() }),
    "got the activation linear and an objective of your own; pass threshold to the metric, which nothing else says",
  );
  check(measured([1, "linear"], yesOrNo), accuracy());
  check(measured([1, "linear"], yesOrNo, { objective }), accuracy({ threshold: 0 }), getMetric("r2"));
  check(measured([2, "linear"], Int32Array.of(0, 1), { objective }), accuracy());
  const binary = getMetric("binaryError");
  assertStringIncludes(refusal(measured([2, "linear"], severalLabels, { objective }), binary), "pass threshold: 0 to");
  const mixed = [measured([1, "linear"], samples([[-1], [1]])).set];
  needs(measured([1, "linear"], yesOrNo, { answers: mixed }), "pass threshold: 0 to the metric");
});

Deno.test("metrics of probabilities and of logits take outputs of their kind", () => {
  const [probabilities, logits] = [auc(), auc({ fromLogits: true })];
  check(measured([1, "sigmoid"], yesOrNo), probabilities);
  check(measured([1, "linear"], yesOrNo), logits);
  const perplexity = getMetric("perplexity");
  const [ofLogits, classes] = [getMetric("perplexity", { fromLogits: true }), Int32Array.of(0, 1)];
  assertStringIncludes(
    refusal(measured([2, "linear"], classes), perplexity),
    "expected probabilities as outputs, got the activation linear; pass fromLogits: true to the metric",
  );
  assertStringIncludes(
    refusal(measured([2, "sigmoid"], classes), ofLogits),
    "expected outputs before a softmax or sigmoid, got the activation sigmoid; leave out fromLogits",
  );
  check(measured([2, "linear"], classes), ofLogits);
  check(measured([2, "sigmoid"], classes), perplexity);
  for (const metric of [perplexity, ofLogits]) {
    check(measured([2, "softmax"], classes), metric);
    check(measured([2, (one) => one.mul(2)], classes), metric);
  }
});

Deno.test("what a metric refuses is refused with the metric, and its faults are not changed", () => {
  const parts = measured([1, "linear"], yesOrNo);
  const throwing = (error: Error): Metric => ({
    ...meanObjective(getObjective("meanAbsoluteError"), { name: "own" }),
    init: () => {
      throw error;
    },
  });
  const refused = (error: Error) => {
    try {
      check(parts, throwing(error));
    } catch (found) {
      return found instanceof Error ? [found.constructor, found.message, found.cause] : [];
    }
    return [];
  };
  for (const Kind of [TypeError, RangeError]) {
    const error = new Kind("Cannot compute own of [2]: expected more");
    assertEquals(refused(error), [Kind, "Cannot train with metric own: [2]: expected more", error]);
  }
  assertEquals(refused(new SyntaxError("odd")), [SyntaxError, "odd", undefined]);
  const counted = measured([1, "linear"], samples([[0], [3]]));
  const message = refusal(counted, meanObjective(getObjective("binaryCrossentropyFromLogits")));
  assertStringIncludes(message, "expected targets from 0 to 1, got 3");
  assertStringIncludes(
    refusal(parts, meanObjective(getObjective("binaryCrossentropyError"))),
    "expected probabilities as outputs, got the activation linear",
  );
});

Deno.test("a training is monitored by its error, by its loss, or by a value that has a direction", () => {
  const values = () => [
    { name: "f1", direction: "maximize" as const },
    { name: "r2", direction: null },
    { name: "loss/kind", direction: "minimize" as const },
  ];
  const choose = (monitor?: string, hasError = true) => chooseMonitor("train", monitor, { hasError, values });
  assertEquals([choose(), choose(undefined, false), choose("error")], [undefined, undefined, undefined]);
  assertEquals([choose("loss"), choose("loss", false)], ["loss", "loss"]);
  assertEquals(choose("f1"), { name: "f1", direction: "maximize" });
  assertEquals(choose("loss/kind", false), { name: "loss/kind", direction: "minimize" });
  assertThrows(() => choose("error", false), RangeError, 'monitor "error": expected one of loss, f1, loss/kind');
  assertThrows(() => choose("r2"), RangeError, 'with monitor "r2": expected one of loss, error, f1, loss/kind');
  assertThrows(() => choose("f"), RangeError, "did you mean f1?");
});

Deno.test("a training measures on all sets that it has", () => {
  assertEquals(setsOf({ training: 1, validation: 2, test: 3 }), [1, 2, 3]);
  assertEquals(setsOf({ training: 1, validation: 2, test: undefined }), [1, 2]);
});
