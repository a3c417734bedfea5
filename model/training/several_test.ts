import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { jit, random, type Tensor } from "../../core/mod.ts";
import { data, type SampleSource } from "../../data/mod.ts";
import { categoricalCrossentropyError, meanAbsoluteError, meanSquaredError, momentum, sgd } from "../../optim/mod.ts";
import { inFolder } from "../../tests/in_folder.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { loadModel } from "../files/load_model.ts";
import type { TrainingEvent } from "./events.ts";
import { keysOf } from "./keys.ts";
import { contentOf } from "./test_resuming.ts";
import {
  costsOf,
  examplesOf,
  mean,
  outputsFor,
  quiet,
  sets,
  severalModel,
  twoOutputs,
  values,
  weightsOf,
} from "./test_several.ts";
import type { ModelTrainOptions } from "./train_options.ts";
import { trainStep } from "./train_step.ts";

testOnEveryDevice(
  "several outputs learn as by steps of one's own, also from the smaller batch at the end",
  async () => {
    const net = twoOutputs({ noise: false, l2: 0.01 });
    const one = severalModel({ network: net });
    const { model: trained } = await one.train({
      ...quiet,
      shuffle: false,
      earlyStop: false,
      restoreBest: false,
      seed: 5,
    });
    const { step } = trainStep({
      network: net,
      objective: { kind: categoricalCrossentropyError, age: meanSquaredError },
      lossWeights: { age: 0.1 },
      rule: momentum({ learningRate: 0.1, momentum: 0.9 }),
    });
    const { init, noise } = keysOf(5);
    const { params, state: layers } = net.init(init);
    const updates = momentum({ learningRate: 0.1, momentum: 0.9 }).init(params);
    let state = { params, state: layers, updates, key: noise };
    const { x, y } = sets().training;
    const compiled = jit(step);
    for (let epoch = 0; epoch < 3; epoch++) {
      for (let begin = 0; begin < 70; begin += 16) {
        const rows = (all: Tensor): Tensor => all.slice([begin], [Math.min(70, begin + 16)]);
        const batch = {
          x: { image: rows(x.image), table: rows(x.table) },
          y: { kind: rows(y.kind), age: rows(y.age) },
        };
        [state] = compiled(state, batch);
      }
    }
    const [found, expected] = [
      await weightsOf(trained),
      await weightsOf(one.with({ network: net.withWeights(state) })),
    ];
    found.forEach((tensor, i) => tensor.forEach((value, j) => assertAlmostEquals(value, expected[i][j], 1e-5)));
  },
);

testOnEveryDevice("losses are means over sets by their definitions, and the loss is their weighted sum", async () => {
  const { model: trained, report } = await severalModel().train({ ...quiet, restoreBest: false });
  for (const [name, set] of [["validation", examplesOf(33, 2)], ["test", examplesOf(20, 3)]] as const) {
    const costs = await costsOf(trained, set);
    const { [`${name}Loss` as const]: loss, metrics } = report;
    const found = metrics?.[name] ?? {};
    assertEquals(Object.keys(found), ["kind/loss", "age/loss"]);
    assertAlmostEquals(found["kind/loss"], mean(costs.kind), 1e-5);
    assertAlmostEquals(found["age/loss"], mean(costs.age), 1e-5);
    assertAlmostEquals(loss!, mean(costs.kind) + 0.1 * mean(costs.age), 1e-5);
    const evaluated = await trained.evaluate(set);
    assertEquals(Object.keys(evaluated), ["loss", "kind/loss", "age/loss"]);
    assertAlmostEquals(evaluated.loss, loss!, 1e-6);
  }
  assertEquals([report.validationError, report.testError, report.errorUnit], [null, null, ""]);
  assertEquals(report.monitor, "validationLoss");
  const { trainLoss, metrics } = report.history[2];
  assertAlmostEquals(trainLoss, metrics!.training["kind/loss"] + 0.1 * metrics!.training["age/loss"], 1e-9);
});

testOnEveryDevice("weights of classes and of examples, and smoothed targets, count as their formulas say", async () => {
  const net = twoOutputs({ noise: false, l2: 0.01 });
  const network = net.withWeights(net.init(random.key(3)));
  const set = examplesOf(24, 1);
  const weights = Float32Array.from({ length: 24 }, (_, i) => i % 3);
  const one = severalModel({
    network,
    data: data([{ ...set, weights }, { ...set, weights }]),
    hyperparameters: { batchSize: 24, nEpochs: 1, learningRate: 1e-9 },
    updates: sgd,
  });
  const counts = [0, 1, 2].map((kind) => set.y.kind.filter((own) => own === kind).length);
  const costs = await costsOf(one, set);
  const { kind } = await outputsFor(one, set);
  const own = [...weights];
  const balanced = [...set.y.kind].map((kind) => 24 / (3 * counts[kind]));
  const smoothed = kind.map((row, i) =>
    row.reduce((sum, p, k) => sum - Math.log(p) * (0.1 / 3 + (k === set.y.kind[i] ? 0.9 : 0)), 0)
  );
  const { classes } = one.network.params;
  const penalty = 0.01 * [...await classes.W.data()].reduce((sum, w) => sum + Number(w) ** 2, 0);
  const cases: [ModelTrainOptions, kind: number][] = [
    [{}, mean(costs.kind, own)],
    [{ classWeights: { kind: "balanced" } }, mean(costs.kind, own.map((weight, i) => weight * balanced[i]))],
    [{ classWeights: { kind: [1, 2, 5] } }, mean(costs.kind, own.map((w, i) => w * [1, 2, 5][set.y.kind[i]]))],
    [{ labelSmoothing: { kind: 0.1 } }, mean(smoothed, own)],
  ];
  for (const [options, expected] of cases) {
    const { report } = await one.train({ ...quiet, ...options });
    const { trainLoss, metrics } = report.history[0];
    assertAlmostEquals(metrics!.training["kind/loss"], expected, 1e-5);
    assertAlmostEquals(metrics!.training["age/loss"], mean(costs.age, own), 1e-5);
    assertAlmostEquals(trainLoss, expected + 0.1 * mean(costs.age, own) + penalty, 1e-4);
    // Validation measures the objectives as they are.
    assertAlmostEquals(metrics!.validation!["kind/loss"], mean(costs.kind, own), 1e-5);
  }
});

testOnEveryDevice("metrics belong to outputs by their names, and one of them may be monitored", async () => {
  const events: TrainingEvent[] = [];
  const lines: string[] = [];
  const { model: trained, report } = await severalModel().train({
    ...quiet,
    metrics: { kind: ["accuracy"], age: [meanAbsoluteError] },
    monitor: "kind/accuracy",
    onEvent: (event) => events.push(event),
    log: (line) => lines.push(line),
  });
  const names = ["kind/loss", "age/loss", "kind/accuracy", "age/meanAbsoluteError"];
  const set = examplesOf(20, 3);
  const { kind, age } = await outputsFor(trained, set);
  const right = kind.filter((row, i) => row.indexOf(Math.max(...row)) === set.y.kind[i]).length;
  assertEquals(report.monitoredMetric, "kind/accuracy");
  assertAlmostEquals(report.metrics!.test!["kind/accuracy"], right / 20, 1e-6);
  const off = age.map(([value], i) => Math.abs(value - set.y.age.values[i]));
  assertAlmostEquals(report.metrics!.test!["age/meanAbsoluteError"], mean(off), 1e-5);
  for (const event of events) {
    if (event.event === "validation") assertEquals(Object.keys(event.metrics!), names);
    if (event.event === "epoch") assertEquals(Object.keys(event.metrics!.training), names);
  }
  assert(lines[0].includes("kind/loss") && lines[0].includes("age/meanAbsoluteError"), lines[0]);
  const { model: listed, report: same } = await severalModel().train({
    ...quiet,
    metrics: ["kind/accuracy", "age/meanAbsoluteError"],
    monitor: "kind/accuracy",
  });
  assertEquals(same.metrics, report.metrics);
  assertEquals(await weightsOf(listed), await weightsOf(trained));
  const evaluated = await trained.evaluate(undefined, { metrics: ["age/r2"] });
  assertEquals(Object.keys(evaluated), ["loss", "kind/loss", "age/loss", "age/r2"]);
});

testOnEveryDevice(
  "a metric per example of an output is one of whole sets, and the loss of an output may be monitored",
  async () => {
    const one = severalModel({ evaluationMetric: { kind: "categoricalAccuracy" } });
    const { model: trained, report } = await one.train({ ...quiet, monitor: "age/loss" });
    assertEquals(report.monitoredMetric, "age/loss");
    const found = report.history.map(({ metrics }) => metrics!.validation!["age/loss"]);
    assertEquals(report.metrics!.validation!["age/loss"], Math.min(...found));
    const { "kind/accuracy": accuracy } = await trained.evaluate(undefined, { metrics: ["kind/accuracy"] });
    assertAlmostEquals(report.metrics!.test!["kind/categoricalError"], 1 - accuracy, 1e-6);
  },
);

testOnEveryDevice("streamed and resident sets, and samples that are read on demand, give the same bits", async () => {
  const sourceOf = ({ values, shape }: { readonly values: Float32Array; readonly shape: readonly number[] }) => {
    const width = shape[1];
    const source: SampleSource = {
      shape: [...shape],
      read: (numbers, target) =>
        numbers.forEach((number, i) => target.set(values.subarray(number * width, (number + 1) * width), i * width)),
    };
    return source;
  };
  const read = [examplesOf(70, 1), examplesOf(33, 2), examplesOf(20, 3)].map(({ x, y }) => ({
    x: { image: sourceOf(x.image), table: x.table },
    y: { age: sourceOf(y.age), kind: y.kind },
  }));
  const options = { ...quiet, metrics: ["kind/f1"] };
  const { model: expected, report } = await severalModel().train(options);
  for (const [parts, deviceBytes] of [[{}, 1], [{ data: data(read) }, 1], [{ data: data(read) }, 2 ** 30]] as const) {
    const { model: trained, report: own } = await severalModel(parts).train({ ...options, deviceBytes });
    assertEquals(await weightsOf(trained), await weightsOf(expected));
    assertEquals(own.metrics, report.metrics);
  }
});

testOnEveryDevice("a training that is resumed from any step ends with the same file", async () => {
  await inFolder(async (folder) => {
    const [whole, part] = [`${folder}/whole.ym`, `${folder}/part.ym`];
    const options = { ...quiet, metrics: ["kind/accuracy"], classWeights: { kind: "balanced" }, seed: 7 } as const;
    const one = severalModel();
    await one.train({ ...options, file: whole });
    for (const last of [1, 5, 7, 14]) {
      const controller = new AbortController();
      const onEvent = (event: TrainingEvent) =>
        event.event === "step" && event.iteration === last && controller.abort();
      await one.train({ ...options, file: part, signal: controller.signal, onEvent });
      const { model: resumed } = await one.train({ ...quiet, file: part, resume: true });
      assertEquals(contentOf(part), contentOf(whole), `resumed from step ${last}`);
      assertEquals(await weightsOf(resumed), await weightsOf(loadModel(whole)));
    }
    await assertRejects(
      () => one.with({ lossWeights: { age: 0.2 } }).train({ ...quiet, file: whole, resume: true }),
      Error,
      "lossWeights.age: 0.1, not 0.2",
    );
  });
});

testOnEveryDevice(
  "early stopping, the best weights and accumulated gradients go by the sum of the losses",
  async () => {
    const wild = severalModel({ hyperparameters: { ...values, nEpochs: 30, learningRate: 0.9, patience: 5 } });
    const losses: number[] = [];
    const onEvent = (event: TrainingEvent) => event.event === "validation" && losses.push(event.validationLoss);
    const { model: trained, report } = await wild.train({ ...quiet, onEvent });
    assertEquals(report.validationLoss, Math.min(...losses));
    const costs = await costsOf(trained, examplesOf(33, 2));
    assertAlmostEquals(report.validationLoss!, mean(costs.kind) + 0.1 * mean(costs.age), 1e-5);
    const still = severalModel({ hyperparameters: { ...values, nEpochs: 30, learningRate: 1e-9, patience: 5 } });
    assertEquals((await still.train(quiet)).report.stop, "patience");
    const accumulated = severalModel({ hyperparameters: { ...values, accumulate: 5, batchSize: 14 } });
    assertEquals((await accumulated.train(quiet)).report.iterations, 15);
  },
);
