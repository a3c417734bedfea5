import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { tensor } from "../core/creation.ts";
import { data } from "../data/data.ts";
import { DataError } from "../data/errors.ts";
import { samples, type SampleSet } from "../data/samples.ts";
import { denseLayer, logisticRegression } from "../layers/dense.ts";
import { inputLayer } from "../layers/input.ts";
import { categoricalAccuracy } from "../optim/metrics.ts";
import { meanSquaredError, type Objective } from "../optim/objectives.ts";
import { getObjective } from "../optim/registry.ts";
import { softmax } from "../core/functions/reduction.ts";
import { testOnEveryDevice } from "../tests/on_every_device.ts";
import { model } from "./model.ts";
import type { ModelParts } from "./model_options.ts";
import { network } from "./network.ts";

const IGNORED = 255;
const input = inputLayer({ shape: [null, 2] });
const logits = network("logits", [input, denseLayer(input, { nUnits: 3, activation: "linear" })]);
const x = [[1, 2], [2, 1], [0, 0], [3, 3], [1, 2], [2, 1]];

function setOf(...classes: number[]) {
  return { x: samples(x), y: Int32Array.from(classes) };
}

const ignoring = getObjective("categoricalCrossentropyFromLogits", { ignoreIndex: IGNORED });

function modelOf(classes: readonly number[], parts: ModelParts = {}) {
  const set = setOf(...classes);
  const hyperparameters = { batchSize: 2, nEpochs: 2 };
  return model({ network: logits, data: data([set, set, set]), objective: ignoring, hyperparameters, ...parts });
}

testOnEveryDevice("Targets of a class above the outputs that the objective ignores do not count", async () => {
  const classes = [0, 1, 2, IGNORED, 0, 1];
  for (const evaluationMetric of [undefined, categoricalAccuracy]) {
    const parts = evaluationMetric && { evaluationMetric };
    const { model: trained, report } = await modelOf(classes, parts).train({ restoreBest: false });
    const output = trained.getOutput(tensor(x));
    const chosen = await output.argmax({ axis: -1 }).data();
    const counted = classes.filter((one) => one !== IGNORED).length;
    const wrong = classes.filter((one, i) => one !== IGNORED && one !== chosen[i]).length;
    assertEquals([report.monitor, report.errorUnit], ["validationError", "%"]);
    assertAlmostEquals(report.testError!, 100 * wrong / counted, 1e-4);
    const rows = await softmax(output).toArray() as number[][];
    const costs = classes.map((one, i) => one === IGNORED ? 0 : -Math.log(rows[i][one]));
    assertAlmostEquals(report.testLoss!, costs.reduce((a, b) => a + b) / counted, 1e-5);
  }
});

Deno.test("Other classes above the outputs are still refused", async () => {
  for (const classes of [[0, 1, 2, IGNORED, 0, 3], [0, 1, 2, 254, 0, 1]]) {
    await assertRejects(
      () => modelOf(classes).train(),
      TypeError,
      `expected at most 3 classes, its outputs, got ${1 + Math.max(...classes.filter((one) => one !== IGNORED))}`,
    );
  }
  const softmax = network("softmax", [input, logisticRegression(input, { nClass: 3 })]);
  await assertRejects(
    () => modelOf([0, 1, 2, 3, 0, 1], { network: softmax, objective: "categoricalCrossentropyError" }).train(),
    TypeError,
    "expected at most 3 classes",
  );
});

Deno.test("Functions of one's own decide what class numbers above the outputs mean", async () => {
  const own: Objective = (prediction, target) => prediction.square().sum({ axis: -1 }).mul(target.cast("f32"));
  const parts = { objective: own, evaluationMetric: (...args: Parameters<Objective>) => own(...args) };
  const { report } = await modelOf([0, 1, 2, 9, 0, 1], parts).train();
  assertEquals(report.epochs, 2);
  const judged = modelOf([0, 1, 2, 9, 0, 1], { objective: own });
  await assertRejects(() => judged.train(), TypeError, "expected at most 3 classes");
  const one = network("one", [input, denseLayer(input, { nUnits: 1, activation: "linear" })]);
  const numbers = modelOf([0, 1, 2, 9, 0, 1], { network: one, objective: meanSquaredError });
  assertEquals((await numbers.train()).report.monitor, "validationLoss");
});

testOnEveryDevice(
  "Samples may have a negative class that the objective ignores, as the message for class numbers says",
  async () => {
    for (const ignoreIndex of [-1, -100]) {
      const objective = getObjective("categoricalCrossentropyFromLogits", { ignoreIndex });
      const lossOf = async (y: SampleSet["y"], objective: Objective) => {
        const set = { x: samples(x), y };
        const { report } = await modelOf([0, 1, 2, 0, 0, 1], { objective, data: data([set, set, set]) }).train();
        return [report.testLoss, report.testError, report.errorUnit];
      };
      const classes = [0, 1, 2, ignoreIndex, 0, 1];
      assertThrows(
        () => data([setOf(...classes), setOf(...classes)]),
        DataError,
        `got ${ignoreIndex} at 3; if an objective ignores that class (ignoreIndex), pass samples(Float32Array.from(y), [6])`,
      );
      const expected = await lossOf(Int32Array.from(classes, (one) => one < 0 ? IGNORED : one), ignoring);
      assertEquals(await lossOf(samples(Float32Array.from(classes), [6]), objective), expected);
    }
  },
);

Deno.test("An objective of one's own with a class above the outputs is told how to ignore it", async () => {
  const inner = getObjective("categoricalCrossentropyFromLogits", { ignoreIndex: IGNORED });
  const own = modelOf([0, 1, 2, IGNORED, 0, 1], { objective: (prediction, target) => inner(prediction, target) });
  await assertRejects(
    () => own.train(),
    TypeError,
    'getObjective("categoricalCrossentropyFromLogits", { ignoreIndex })',
  );
});

Deno.test("Class numbers for a network of one output are refused by its outputs", async () => {
  const one = network("one", [input, logisticRegression(input, { nClass: 1 })]);
  for (const objective of [undefined, "categoricalCrossentropyError"] as const) {
    const set = setOf(0, 1, 0, 1, 0, 1);
    const parts = { network: one, data: data([set, set]), ...objective && { objective } };
    const error = await assertRejects(() => model(parts).train(), TypeError);
    assert(
      error.message.includes("expected outputs of at least 2 classes for class numbers, got outputs [any, 1]"),
      error.message,
    );
    assert(!error.message.includes("not classes"), error.message);
  }
});

Deno.test("a network for batches of one size is trained if the training set has one such batch", async () => {
  const fixed = inputLayer({ shape: [3, 2] });
  const sized = network("sized", [fixed, denseLayer(fixed, { nUnits: 3, activation: "linear" })]);
  const trained = (...classes: number[]) => {
    const set = { x: samples(x.slice(0, classes.length)), y: Int32Array.from(classes) };
    const hyperparameters = { batchSize: 3, nEpochs: 1 };
    return model({ network: sized, data: data([set, set]), objective: ignoring, hyperparameters }).train();
  };
  assertEquals((await trained(0, 1, 2)).report.epochs, 1);
  await assertRejects(() => trained(0, 1), TypeError, "expected batches of 3, as its input requires");
});
