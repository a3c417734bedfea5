import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { explain, random, setDevice, type Tensor, tensor } from "../../core/mod.ts";
import { data, samples } from "../../data/mod.ts";
import { activationLayer, denseLayer, inputLayer, logisticRegression } from "../../layers/mod.ts";
import {
  accuracy,
  auc,
  confusionCounts,
  f1,
  getMetric,
  getObjective,
  meanAbsoluteError,
  meanObjective,
  meanSquaredError,
  type Metric,
  perplexity,
  r2,
} from "../../optim/mod.ts";
import { inFolder } from "../../tests/in_folder.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { loadModel } from "../files/load_model.ts";
import { readModel } from "../files/container.ts";
import { ResumeError } from "../files/errors.ts";
import { model } from "../model.ts";
import { network } from "../network.ts";
import type { EpochEvent, ValidationEvent } from "./events.ts";
import { beginTraining, makePrograms, prepareSteps, trainingFeed } from "./programs.ts";
import type { MetricValues } from "./set_metrics.ts";
import { taskOf } from "./task_of.ts";
import { contentOf, untrained } from "./test_resuming.ts";
import type { ModelTrainOptions } from "./train_options.ts";

const perClass = { ...f1({ average: "none" }), name: "per class" };
const metrics = ["accuracy", f1(), perClass, "auc", perplexity(), "categoricalError"] as const;

/** The value of each metric for the predictions of a model for a set, all at once. */
async function valuesOf(of: readonly Metric[], prediction: Tensor, target: Tensor): Promise<number[]> {
  const values = of.map((metric) => metric.result(metric.update(metric.init(prediction, target), prediction, target)));
  return (await Promise.all(values.map((value) => value.data()))).flatMap((numbers) => [...numbers].map(Number));
}

function assertNear(actual: MetricValues | null | undefined, expected: readonly number[], tolerance = 2e-5): void {
  const values = Object.values(actual ?? {});
  assertEquals(values.length, expected.length);
  values.forEach((value, i) => assertAlmostEquals(value, expected[i], tolerance * Math.max(1, expected[i])));
}

testOnEveryDevice("training, validation and test have the values of their whole sets", async () => {
  const records: EpochEvent[] = [];
  const onEvent: ModelTrainOptions["onEvent"] = (event) => event.event === "epoch" && records.push(event);
  const { model: trained, report } = await untrained.train({ metrics, earlyStop: false, restoreBest: false, onEvent });
  const made = [accuracy(), f1(), perClass, auc(), perplexity()];
  const expected = async ({ x, y }: { readonly x: Tensor; readonly y: Tensor }, error: number | null) => [
    ...await valuesOf(made, trained.getOutput(x), y),
    error! / 100,
  ];
  const { validation, test } = trained.data;
  assertNear(report.metrics?.validation, await expected(validation, report.validationError), 2e-3);
  assertNear(report.metrics?.test, await expected(test!, report.testError), 2e-3);
  assertEquals(report.history.map(({ metrics }) => metrics), records.map(({ metrics }) => metrics));
  for (const { metrics, trainError, validationError } of report.history) {
    assertAlmostEquals(metrics!.training.accuracy, 1 - trainError / 100, 1e-6);
    assertAlmostEquals(metrics!.training.categoricalError, trainError / 100, 1e-6);
    assertAlmostEquals(metrics!.validation!.accuracy, 1 - validationError! / 100, 1e-6);
  }
});

testOnEveryDevice("a training with metrics that is resumed within an epoch ends with the same bits", async () => {
  await inFolder(async (folder) => {
    const [whole, part] = [`${folder}/whole.ym`, `${folder}/part.ym`];
    const options = { metrics, monitor: "f1", earlyStop: false, seed: 7 };
    await untrained.train({ ...options, file: whole });
    const expected = contentOf(whole);
    for (const step of [1, 4, 10, 23, 47]) {
      const controller = new AbortController();
      await untrained.train({
        ...options,
        file: part,
        signal: controller.signal,
        onEvent: (event) => event.event === "step" && event.iteration === step && controller.abort(),
      });
      await untrained.train({ file: part, resume: true });
      assertEquals(contentOf(part), expected, `resumed from step ${step}`);
    }
    const { report } = loadModel(whole);
    assertEquals(report?.history.length, 5);
    assertEquals(Object.keys(report?.history[4].metrics?.training ?? {}).length, 15);
  });
});

testOnEveryDevice("metrics change no bit of a training, whether its data are streamed or not", async () => {
  await inFolder(async (folder) => {
    const groupsOf = async (options: ModelTrainOptions) => {
      await untrained.train({ ...options, file: `${folder}/one.ym` });
      const { params, training, best } = readModel(`${folder}/one.ym`).groups;
      const kept = Object.entries(training).filter(([name]) => !name.startsWith("metrics"));
      return { tensors: [params, Object.fromEntries(kept), best], report: loadModel(`${folder}/one.ym`).report! };
    };
    const plain = await groupsOf({});
    const measured = await groupsOf({ metrics });
    assertEquals(measured.tensors, plain.tensors);
    assertEquals(plain.report.history.some((one) => "metrics" in one) || "metrics" in plain.report, false);
    const streamed = await groupsOf({ metrics, deviceBytes: 20_000 });
    assertEquals(streamed.tensors, plain.tensors);
    assertEquals(streamed.report.metrics, measured.report.metrics);
    const ofEpochs = ({ history }: typeof streamed.report) => history.map(({ metrics }) => metrics);
    assertEquals(ofEpochs(streamed.report), ofEpochs(measured.report));
  });
});

Deno.test("the best weights are those with the best monitored value, whose direction is known", async () => {
  await setDevice("wasm");
  const cases = [
    { monitor: "f1", better: Math.max, of: ({ metrics }: ValidationEvent) => metrics!.f1 },
    { monitor: "per class/3", better: Math.max, of: ({ metrics }: ValidationEvent) => metrics!["per class/3"] },
    { monitor: "perplexity", better: Math.min, of: ({ metrics }: ValidationEvent) => metrics!.perplexity },
    { monitor: "loss", better: Math.min, of: ({ validationLoss }: ValidationEvent) => validationLoss },
    { monitor: "error", better: Math.min, of: ({ validationError }: ValidationEvent) => validationError! },
  ];
  for (const { monitor, better, of } of cases) {
    const found: ValidationEvent[] = [];
    const onEvent: ModelTrainOptions["onEvent"] = (event) => event.event === "validation" && found.push(event);
    const { report } = await untrained.train({ metrics, monitor, earlyStop: false, onEvent });
    const values = found.map(of);
    const best = found[values.indexOf(better(...values))];
    assertEquals(report.bestIteration, best.iteration, monitor);
    assertEquals(report.metrics?.validation, best.metrics);
    assertEquals([report.validationError, report.validationLoss], [best.validationError, best.validationLoss]);
    const named = { loss: "validationLoss", error: "validationError" }[monitor];
    assertEquals([report.monitor, report.monitoredMetric], named ? [named, undefined] : [undefined, monitor]);
  }
});

Deno.test("unknown names, equal names and unknown monitors are refused before training, with what there is", async () => {
  const refused = async (options: ModelTrainOptions, message: string): Promise<void> => {
    const error = await assertRejects(() => untrained.train(options), RangeError);
    assert(error.message.includes(message), error.message);
  };
  await refused({ metrics: ["acuracy"] }, "expected metrics[0] to be the name of a metric, did you mean accuracy?");
  await refused({ metrics: ["f1", f1({ average: "micro" })] }, 'with two metrics named "f1"');
  await refused({ metrics: [{ ...f1(), name: "loss" }] }, 'with a metric named "loss"');
  await refused({ monitor: "f1" }, 'with monitor "f1": expected one of loss, error');
  await refused({ metrics: ["f1", "auc"], monitor: "f2" }, "expected one of loss, error, f1, auc; did you mean f1?");
  await refused({ metrics: [confusionCounts()], monitor: "confusionCounts/0/0" }, "expected one of loss, error");
  await refused({ metrics: [{ ...accuracy(), name: "same" }, perClass], monitor: "per class" }, "per class/0");
});

const x = Array.from({ length: 40 }, (_, i) => [i / 40, (i * 7 % 40) / 40]);
const numbers = data([0, 1].map(() => ({ x: samples(x), y: samples(x.map(([a, b]) => [3 * a - b])) })));
const input = inputLayer({ shape: [null, 2] });
const line = network("line", [input, denseLayer(input, { nUnits: 1, activation: "linear" })]);
const regression = model({
  network: line,
  data: numbers,
  objective: meanSquaredError,
  hyperparameters: { batchSize: 12, nEpochs: 3, learningRate: 0.1 },
});

Deno.test("a metric that does not fit the network or the targets is refused before training", async () => {
  for (const metric of ["accuracy", "f1", "auc", confusionCounts()] as const) {
    await assertRejects(
      () => regression.train({ metrics: [metric] }),
      TypeError,
      "expected targets that are classes, or 0 and 1, got",
    );
  }
  await assertRejects(() => regression.train({ metrics: ["perplexity"] }), TypeError, "one column per class");
  await assertRejects(
    () => regression.train({ metrics: ["topKAccuracy"] }),
    RangeError,
    "with metric topKAccuracy: predictions [40, 1]: expected at least 5 classes, got 1",
  );
  const answers = data([0, 1].map(() => ({ x: samples(x), y: samples(x.map(([a, b]) => [a > b ? 1 : 0])) })));
  const logits = regression.with({ data: answers, objective: "binaryCrossentropyFromLogits" });
  await assertRejects(() => logits.train({ metrics: ["accuracy"] }), TypeError, "pass threshold: 0 to the metric");
  await assertRejects(() => logits.train({ metrics: ["auc"] }), TypeError, "pass fromLogits: true to the metric");
  const { report } = await logits.train({ metrics: [accuracy({ threshold: 0 }), auc({ fromLogits: true })] });
  assert(report.metrics!.validation!.auc > 0.5);
  assertThrows(() => f1({ average: "all" } as never), RangeError);
});

testOnEveryDevice("metrics of numbers have the values of their set, also without a metric per example", async () => {
  const own = meanObjective((p, t) => p.sub(t).abs().max({ axis: -1 }), { name: "greatest" });
  const options = { metrics: ["r2", meanAbsoluteError, "rootMeanSquaredError", own], monitor: "r2" };
  const { model: trained, report } = await regression.train({ ...options, earlyStop: false });
  const { x, y } = trained.data.validation;
  const expected = await valuesOf([r2(), meanObjective(meanAbsoluteError)], trained.getOutput(x), y);
  const { validation } = report.metrics!;
  assertNear(validation, [...expected, Math.sqrt(report.validationLoss!), expected[1]], 1e-4);
  assertEquals(report.validationError, null);
});

Deno.test("metrics of your own are passed again when a training is resumed, and others must be the same", async () => {
  await inFolder(async (folder) => {
    const own = meanObjective(meanAbsoluteError, { name: "own" });
    const options = { file: `${folder}/own.ym`, saveMode: "epoch" as const };
    await regression.train({ ...options, metrics: [own, "r2"] });
    const more = regression.with({ hyperparameters: { batchSize: 12, nEpochs: 4, learningRate: 0.1 } });
    await assertRejects(() => more.train({ ...options, resume: true }), TypeError, 'without its metric "own"');
    await assertRejects(() => more.train({ ...options, resume: true, metrics: ["r2"] }), ResumeError, "metrics");
    const { report } = await more.train({ ...options, resume: true, metrics: [own, "r2"] });
    assertEquals(report.history.map(({ metrics }) => Object.keys(metrics!.training)), Array(4).fill(["own", "r2"]));
  });
});

Deno.test("examples with weights count by them", async () => {
  const weights = x.map((_, i) => i % 3);
  const set = { x: samples(x), y: samples(x.map(([a, b]) => [3 * a - b])), weights };
  const { model: trained, report } = await regression.with({ data: data([set, set]) }).train({ metrics: ["r2"] });
  const [output, target] = [await trained.getOutput(numbers.training.x).data(), await numbers.training.y.data()];
  const sum = (of: (i: number) => number): number => weights.reduce((total, weight, i) => total + weight * of(i), 0);
  const mean = sum((i) => target[i]) / sum(() => 1);
  const expected = 1 - sum((i) => (output[i] - target[i]) ** 2) / sum((i) => (target[i] - mean) ** 2);
  assertAlmostEquals(report.metrics!.validation!.r2, expected, 1e-5);
});

Deno.test("time steps with weights count by them, also in a batch that is not full", async () => {
  const [examples, steps, classes] = [5, 4, 3];
  const scores = Float32Array.from({ length: examples * steps * classes }, (_, i) => Math.sin(3 * i));
  const targets = Array.from({ length: examples * steps }, (_, i) => i % classes);
  const weights = targets.map((_, i) => (i % 4) / 2);
  const set = {
    x: samples(scores, [examples, steps, classes]),
    y: samples(Float32Array.from(targets), [examples, steps]),
    weights: samples(Float32Array.from(weights), [examples, steps]),
  };
  const inputs = inputLayer({ shape: [null, steps, classes] });
  const { report } = await model({
    network: network("sequence", [inputs, activationLayer(inputs, { activation: "softmax" })]),
    data: data([set, set]),
    objective: "categoricalCrossentropyError",
    hyperparameters: { batchSize: 2, nEpochs: 1, learningRate: 0 },
  }).train({ metrics: ["accuracy"] });
  const isRight = targets.map((target, i) => {
    const row = scores.subarray(classes * i, classes * (i + 1));
    return row.indexOf(Math.max(...row)) === target;
  });
  const sum = (of: readonly number[]): number => of.reduce((total, one) => total + one);
  const expected = sum(weights.map((weight, i) => isRight[i] ? weight : 0)) / sum(weights);
  assertAlmostEquals(report.metrics!.validation!.accuracy, expected, 1e-6);
});

testOnEveryDevice("targets that the objective ignores do not count in metrics", async () => {
  const classes = x.map((_, i) => i % 4 === 3 ? -1 : i % 3);
  const set = { x: samples(x), y: samples(Float32Array.from(classes), [classes.length]) };
  const softmax = network("softmax", [input, logisticRegression(input, { nClass: 3 })]);
  const objective = getObjective("categoricalCrossentropyFromLogits", { ignoreIndex: -1 });
  const { model: trained, report } = await model({
    network: softmax,
    data: data([set, set]),
    objective,
    hyperparameters: { batchSize: 12, nEpochs: 2, learningRate: 0.5 },
  }).train({ metrics: ["accuracy", perClass, "perplexity"], restoreBest: false });
  const kept = classes.flatMap((one, i) => one < 0 ? [] : [i]);
  const prediction = trained.getOutput(tensor(kept.map((i) => x[i])));
  const expected = await valuesOf(
    [accuracy(), perClass, perplexity()],
    prediction,
    tensor(kept.map((i) => classes[i])),
  );
  assertNear(report.metrics?.validation, expected);
});

Deno.test("a metric adds at most two kernels to a step, the area under a curve four", async () => {
  await setDevice("wasm");
  const dispatches = async (metrics: readonly Metric[]): Promise<number> => {
    const { network, data, parts } = untrained;
    const task = taskOf({ ...parts, network, data }, { judge: true, options: { metrics } });
    using programs = makePrograms(task, data.training.length);
    const state = beginTraining(programs, network.init(random.key(1)), random.key(2));
    using feed = trainingFeed(programs, { set: data.training, bytes: 1e9 });
    prepareSteps(programs, state, feed.form);
    return Number(/(\d+) dispatches/.exec(await explain(programs.stepFor(0)))![1]);
  };
  const without = await dispatches([]);
  for (
    const name of ["accuracy", "topKAccuracy", "precision", "f1", "confusionCounts", "perplexity", "categoricalError"]
  ) {
    const added = await dispatches([getMetric(name)]) - without;
    assert(added <= 2, `${name}: ${added}`);
  }
  assertEquals(await dispatches([auc()]) - without, 4);
});
