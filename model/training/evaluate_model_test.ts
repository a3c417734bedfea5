import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { tensor } from "../../core/mod.ts";
import { data, DataError, samples, tableData, tableOf } from "../../data/mod.ts";
import { denseLayer, inputLayer } from "../../layers/mod.ts";
import { f1, meanAbsoluteError } from "../../optim/mod.ts";
import { inFolder } from "../../tests/in_folder.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { loadModel } from "../files/load_model.ts";
import { saveModel } from "../files/save_model.ts";
import { model } from "../model.ts";
import { network } from "../network.ts";
import { smallDigits, untrained } from "./test_resuming.ts";

const metrics = ["accuracy", f1(), { ...f1({ average: "none" }), name: "each" }, "auc", "perplexity"] as const;

testOnEveryDevice("evaluate has the values of the report, for each set, resident or streamed", async () => {
  const { model: trained, report } = await untrained.train({ metrics });
  const { training, validation, test } = trained.data;
  const found = await trained.evaluate(undefined, { metrics });
  assertEquals(found, { loss: report.testLoss!, error: report.testError!, ...report.metrics!.test });
  assertEquals(await trained.evaluate(test, { metrics }), found);
  assertEquals(await trained.evaluate(trained.data, { metrics, deviceBytes: 1000 }), found);
  assertEquals(await trained.evaluate(validation, { metrics }), {
    loss: report.validationLoss!,
    error: report.validationError!,
    ...report.metrics!.validation,
  });
  assertEquals(Object.keys(await trained.evaluate(training)), ["loss", "error"]);
  const set = {
    x: samples(new Float32Array(await test!.x.data() as Float32Array), test!.x.shape),
    y: Int32Array.from(await test!.y.data()),
  };
  const again = await trained.evaluate(set, { metrics });
  for (const [name, value] of Object.entries(again)) assertAlmostEquals(value, found[name], 1e-6);
});

Deno.test("evaluate refuses what does not fit, with the cure", async () => {
  const { model: trained } = await untrained.with({ hyperparameters: { nEpochs: 1, batchSize: 20 } }).train();
  const few = { x: samples([[1, 2]]), y: Int32Array.of(0) };
  await assertRejects(() => trained.evaluate(few), TypeError, "expected samples of [56]");
  const row = samples([[...Array(56).keys()]]);
  await assertRejects(
    () => trained.evaluate({ x: row, y: Int32Array.of(0, 1) }),
    DataError,
    "Cannot use the evaluated set: expected as many targets as inputs, got 2 and 1",
  );
  await assertRejects(
    () => trained.evaluate({ x: row, y: Int32Array.of(0), weights: [0] }),
    DataError,
    "Cannot use the weights of the evaluated set: expected at least one above 0",
  );
  await assertRejects(() => untrained.evaluate(), TypeError, "it has no weights; train it first");
  const { training, validation } = smallDigits(1);
  const two = { ...trained.data, training, validation, test: undefined };
  await assertRejects(
    () => trained.evaluate(two),
    TypeError,
    "it has no test set; pass a set, such as data.validation",
  );
  await assertRejects(() => trained.evaluate(3 as never), TypeError, "data, or a set { x, y }");
  await assertRejects(
    () => trained.evaluate(undefined, { metrics: ["acuracy"] }),
    RangeError,
    "did you mean accuracy?",
  );
  await assertRejects(
    () => trained.evaluate(undefined, { metrics: [{ ...f1(), name: "loss" }] }),
    RangeError,
    'with a metric named "loss"',
  );
  const numbers = data([0, 1].map(() => ({ x: samples([[...Array(56).keys()]]), y: samples([[0.5, 2]]) })));
  await assertRejects(() => trained.evaluate(numbers.training), TypeError, "expected class numbers");
  await assertRejects(
    () => trained.evaluate(undefined, { metrics: [meanAbsoluteError] }),
    TypeError,
    "with metric meanAbsoluteError: predictions [30, 10] and targets [30]",
  );
});

const one = inputLayer({ shape: [null, 1] });

/** A model of one unit, for the answers of its data. */
function answering(targets: readonly number[], { objective, evaluationMetric }: Record<string, string>) {
  const set = { x: samples(targets.map((_, i) => [i / 9])), y: samples(targets.map((target) => [target])) };
  return model({
    network: network("answers", [one, denseLayer(one, { nUnits: 1, activation: "linear", W: tensor([[0.3]]) })]),
    data: data([set, set]),
    ...{ objective, evaluationMetric },
    hyperparameters: { nEpochs: 1, batchSize: 2, learningRate: 1e-6 },
  });
}

testOnEveryDevice("evaluate refuses an objective that does not fit the outputs, as train does", async () => {
  const parts = { objective: "binaryCrossentropyFromLogits", evaluationMetric: "binaryError" };
  const { model: trained } = await answering([0, 1, 1, 0], parts).train();
  const { validation } = trained.data;
  for (const part of ["objective", "evaluationMetric"]) {
    const other = trained.with({ [part]: "binaryCrossentropyError" });
    await assertRejects(() => other.evaluate(validation), TypeError, "expected probabilities as outputs");
  }
});

testOnEveryDevice("answers are judged by the targets of the training, not only by those of the set", async () => {
  const metrics = ["binaryAccuracy"];
  const yes = { x: samples([[0.3], [0.6]]), y: samples([[1], [1]]) };
  const parts = { objective: "meanSquaredError", evaluationMetric: "binaryError" };
  const { model: trained } = await answering([-1, 1, 1, -1], parts).train();
  assertEquals((await trained.evaluate(yes)).error, 0);
  assertEquals((await trained.evaluate(data([yes, yes, yes]))).error, 0);
  assertEquals((await trained.evaluate(yes, { metrics })).binaryAccuracy, 1);
  const { model: other } = await answering([0, 1, 1, 0], parts).train();
  assertEquals((await other.evaluate(yes)).error, 100);
  assertEquals((await other.evaluate(yes, { metrics })).binaryAccuracy, 0);
  const no = { x: yes.x, y: samples([[-1], [-1]]) };
  assertEquals((await other.evaluate(no)).error, 0);
  await inFolder(async (folder) => {
    await saveModel(trained, `${folder}/answers.ym`);
    const loaded = loadModel(`${folder}/answers.ym`);
    await assertRejects(() => loaded.evaluate(yes), TypeError, "expected targets of both answers, got only 1");
    const mixed = { x: yes.x, y: samples([[1], [-1]]) };
    assertEquals((await loaded.evaluate(mixed)).error, 50);
  });
});

testOnEveryDevice("evaluate scales a set { x, y } as predict scales samples", async () => {
  const x = Float32Array.from({ length: 12 }, (_, i) => 100 * i + 7);
  const set = {
    x: samples(x, [12, 1]),
    y: samples(x.map((one) => one / 400), [12, 1]),
    weights: samples(x.map((_, i) => 1 + i % 2), [12]),
  };
  for (const preprocessing of ["standardize", "normalize"] as const) {
    const { model: trained, report } = await model({
      network: network("line", [one, denseLayer(one, { nUnits: 1, activation: "linear" })]),
      data: data([set, set, set], { preprocessing }),
      objective: "meanSquaredError",
      hyperparameters: { nEpochs: 2, batchSize: 5, learningRate: 0.1 },
    }).train();
    await inFolder(async (folder) => {
      await saveModel(trained, `${folder}/line.ym`);
      const loaded = loadModel(`${folder}/line.ym`);
      const read = (numbers: Int32Array, target: Float32Array) => numbers.forEach((n, i) => target.set([x[n]], i));
      for (const raw of [set, { ...set, x: { shape: [12, 1], read } }]) {
        assertAlmostEquals((await trained.evaluate(raw)).loss, report.testLoss!, 1e-6);
        assertAlmostEquals((await loaded.evaluate(raw)).loss, report.testLoss!, 1e-6);
      }
      assertAlmostEquals((await loaded.evaluate(trained.data)).loss, report.testLoss!, 1e-6);
    });
  }
});

Deno.test("a model of tables is evaluated on tables, and not on a set { x, y }, whose columns are not known", async () => {
  const table = tableOf(Array.from({ length: 8 }, (_, i) => ({ size: i, price: 1000 * i })));
  const { model: trained, report } = await model({
    network: network("line", [one, denseLayer(one, { nUnits: 1, activation: "linear" })]),
    data: tableData([table, table], { targets: "price" }),
    objective: "meanSquaredError",
    hyperparameters: { nEpochs: 1, batchSize: 4, learningRate: 0.1 },
  }).train();
  const raw = { x: samples([[0], [1]]), y: samples([[0], [1000]]) };
  await assertRejects(
    () => trained.evaluate(raw),
    TypeError,
    "expected a table, or a set of its data, got a set { x, y }",
  );
  assertAlmostEquals((await trained.evaluate(table)).loss, report.validationLoss!, 1e-6);
  assertAlmostEquals((await trained.evaluate(trained.data.validation)).loss, report.validationLoss!, 1e-6);
});
