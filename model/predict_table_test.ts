import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { full, random, setDevice, softmax, type Tensor, tensor } from "../core/mod.ts";
import { data, DataError, samples, split, type Table, tableData, tableOf, withoutMissing } from "../data/mod.ts";
import {
  type Activation,
  denseLayer,
  inputLayer,
  type Layer,
  logisticRegression,
  reshapeLayer,
} from "../layers/mod.ts";
import {
  adam,
  binaryCrossentropyError,
  binaryCrossentropyFromLogits,
  binaryError,
  binaryHingeError,
  categoricalCrossentropyFromLogits,
  categoricalHingeError,
  getObjective,
  meanAbsoluteError,
  meanSquaredError,
  sgd,
} from "../optim/mod.ts";
import { inFolder } from "../tests/in_folder.ts";
import { testOnEveryDevice } from "../tests/on_every_device.ts";
import { readConfiguration } from "./files/configuration.ts";
import { FileFormatError } from "./files/errors.ts";
import { loadModel } from "./files/load_model.ts";
import { type Model, model } from "./model.ts";
import type { ModelParts } from "./model_options.ts";
import { network } from "./network.ts";
import { predictionsOf } from "./predict_table.ts";

/** Prices of 1000 for each unit of size, and 5000 more in Bern; some sizes are missing. */
const homes = tableOf(Array.from({ length: 60 }, (_, i) => {
  const [size, city] = [20 + i % 30, i % 2 === 0 ? "Bern" : "Oslo"];
  return { size: i % 20 === 7 ? null : size, city, price: 1000 * size + (city === "Bern" ? 5000 : 0) };
}));
const prices = tableData(split(homes, [0.6, 0.2, 0.2]), { targets: "price", name: "prices" });

const input = inputLayer({ shape: [null, prices.preprocessing.features.length] });
const line = network("line", [input, denseLayer(input, { nUnits: 1, activation: "linear" })]);
const regression = model({
  network: line,
  data: prices,
  objective: meanSquaredError,
  evaluationMetric: meanAbsoluteError,
  updates: sgd({ learningRate: 0.3 }),
  hyperparameters: { batchSize: 12, nEpochs: 60 },
});

const valuesOf = (table: Table, name: string) => table.column(name).values.map(Number);

testOnEveryDevice("predictions of a table and metrics have the units of the target", async () => {
  const { model: trained, report } = await regression.train();
  const predicted = await trained.predict(homes.drop(["price"]));
  assertEquals(predicted.columns, ["price"]);
  valuesOf(predicted, "price").forEach((one, i) => {
    if (homes.row(i).size !== null) assertAlmostEquals(one, Number(homes.row(i).price), 2500);
  });
  // The mean absolute error of the test set, by hand.
  const test = split(homes, [0.6, 0.2, 0.2])[2];
  const ofTest = valuesOf(await trained.predict(test), "price");
  const mean = ofTest.reduce((sum, one, i) => sum + Math.abs(one - Number(test.row(i).price)), 0) / test.length;
  assertAlmostEquals(report.testError!, mean, 1e-4 * mean);
  const evaluated = await trained.evaluate(test, { metrics: ["rootMeanSquaredError", "r2"] });
  assertAlmostEquals(evaluated.error, mean, 1e-4 * mean);
  const squares = (differences: number[]) => differences.reduce((sum, one) => sum + one ** 2, 0) / test.length;
  const square = squares(ofTest.map((one, i) => one - Number(test.row(i).price)));
  assertAlmostEquals(evaluated.rootMeanSquaredError, Math.sqrt(square), 1e-3 * mean);
  const average = valuesOf(test, "price").reduce((sum, one) => sum + one, 0) / test.length;
  const variance = squares(valuesOf(test, "price").map((one) => one - average));
  assertAlmostEquals(evaluated.r2, 1 - square / variance, 1e-4);
  const [one] = valuesOf(await trained.predict([{ size: 30, city: "Oslo" }]), "price");
  assertAlmostEquals(one, 30_000, 2000);
});

testOnEveryDevice("metrics of differences keep their digits for targets far from 0", async () => {
  const far = tableOf(Array.from({ length: 40 }, (_, i) => ({ size: i % 10, price: 1e9 + 4 * (i % 10) + i % 3 })));
  for (const steps of [["standardize"], ["normalize"], ["standardize", "normalize"], ["normalize", "log"]] as const) {
    const numbers = { price: steps.map((one) => one === "log" ? ["log", { offset: 1 }] as const : one) };
    const distant = tableData([far, far, far], { targets: numbers, inputs: ["size"] });
    const input = inputLayer({ shape: [null, 1] });
    const { model: trained, report } = await model({
      network: network("far", [input, denseLayer(input, { nUnits: 1, activation: "linear" })]),
      data: distant,
      objective: meanSquaredError,
      evaluationMetric: meanAbsoluteError,
      updates: sgd({ learningRate: 0.3 }),
      hyperparameters: { batchSize: 20, nEpochs: 40 },
    }).train({ metrics: ["meanSquaredError", "huberError", "r2", "rootMeanSquaredError"] });
    const differences = valuesOf(await trained.predict(far), "price").map((one, i) => one - Number(far.row(i).price));
    const mean = (of: (one: number) => number) => differences.reduce((sum, one) => sum + of(one), 0) / 40;
    const absolute = mean(Math.abs);
    assert(absolute > 0.2 && absolute < 3, String(absolute));
    assertAlmostEquals(report.testError!, absolute, 1e-4 * absolute);
    const huber = getObjective("huberError", { delta: 0.5 });
    const metrics = await trained.evaluate(far, { metrics: ["meanSquaredError", "r2", huber] });
    const expected = mean((one) => Math.abs(one) < 0.5 ? one ** 2 / 2 : 0.5 * (Math.abs(one) - 0.25));
    assertAlmostEquals(metrics.huberError, expected, 1e-3 * expected);
    const square = mean((one) => one ** 2);
    assertAlmostEquals(metrics.error, absolute, 1e-4 * absolute);
    assertAlmostEquals(metrics.meanSquaredError, square, 1e-3 * square);
    const prices = valuesOf(far, "price");
    const middle = prices.reduce((sum, one) => sum + one / 40, 0);
    const variance = prices.reduce((sum, one) => sum + (one - middle) ** 2, 0) / 40;
    assertAlmostEquals(metrics.r2, 1 - square / variance, 1e-4);
  }
});

testOnEveryDevice("predictions of a classifier are the names of its classes", async () => {
  const kinds = tableData([homes, homes], { inputs: ["price", "size"], targets: "city" });
  const input = inputLayer({ shape: [null, 2] });
  const { model: trained } = await model({
    network: network("cities", [input, logisticRegression(input, { nClass: 2 })]),
    data: kinds,
    updates: adam,
    hyperparameters: { batchSize: 20, nEpochs: 200, learningRate: 0.1 },
  }).train();
  const predicted = (await trained.predict(homes)).column("city");
  const right = predicted.values.filter((one, i) => one === homes.row(i).city).length;
  assert(right > 50, `${right} of 60`);
});

/** Positive values, and a kind that is known from the value. */
const signs = tableOf(Array.from({ length: 60 }, (_, i) => {
  const value = (i % 20 - 9.5) / 10;
  return { value, positive: value > 0, kind: value < -0.4 ? "low" : value < 0.4 ? "middle" : "high" };
}));

function classifier(target: string, units: number, activation: Activation, parts: ModelParts = {}): Model {
  const input = inputLayer({ shape: [null, 1] });
  const W = units === 1 ? full([1, 1], 0.3) : "glorotUniform";
  return model({
    network: network("signs", [input, denseLayer(input, { nUnits: units, activation, W })]),
    data: tableData([signs, signs, signs], { targets: target, inputs: { value: [] } }),
    hyperparameters: { batchSize: 20, nEpochs: 2, learningRate: 0.01 },
    ...parts,
  });
}

const wrongly = async (trained: Model, target: string): Promise<number> => {
  const predicted = (await trained.predict(signs)).column(target).values;
  const wanted = signs.column(target).values;
  return 100 * predicted.filter((one, i) => String(one) !== String(wanted[i])).length / wanted.length;
};

testOnEveryDevice("a table's classes are those by which the model is judged, also of logits and margins", async () => {
  const ofSigns: (readonly [Activation, ModelParts])[] = [
    ["sigmoid", { objective: binaryCrossentropyError, evaluationMetric: binaryError }],
    ["linear", { objective: binaryCrossentropyFromLogits, evaluationMetric: binaryError }],
    ["linear", { objective: binaryHingeError, evaluationMetric: binaryError }],
    ["tanh", { objective: binaryHingeError, evaluationMetric: binaryError }],
    ["linear", { objective: meanSquaredError, evaluationMetric: binaryError }],
    ["linear", { objective: meanSquaredError, evaluationMetric: getObjective("binaryError", { threshold: 0.1 }) }],
  ];
  const ofKinds: (readonly [Activation, ModelParts])[] = [
    ["linear", { objective: categoricalCrossentropyFromLogits }],
    ["linear", { objective: categoricalHingeError }],
    [(x: Tensor) => softmax(x), {}],
  ];
  const made = [
    ...ofSigns.map(([activation, parts]) => ["positive", classifier("positive", 1, activation, parts)] as const),
    ...ofKinds.map(([activation, parts]) => ["kind", classifier("kind", 3, activation, parts)] as const),
  ];
  for (const [target, untrained] of made) {
    const { model: trained, report } = await untrained.train();
    assertAlmostEquals(await wrongly(trained, target), report.testError!, 1e-3);
  }
});

Deno.test("a table's classes are refused where nothing says what outputs mean", async () => {
  const own = (prediction: Tensor, target: Tensor) => prediction.sub(target).square().mean({ axis: -1 });
  const { model: trained } = await classifier("positive", 1, "linear", { objective: own }).train();
  await assertRejects(
    () => trained.predict(signs),
    TypeError,
    'Cannot predict classes with "signs": expected outputs from 0 to 1, or an objective that says',
  );
  const evaluationMetric = getObjective("binaryError", { threshold: 0 });
  assertEquals((await trained.with({ evaluationMetric }).predict(signs)).length, 60);
  const { model: single } = await classifier("kind", 1, "linear", { objective: meanSquaredError }).train();
  await assertRejects(
    () => single.predict(signs),
    TypeError,
    "expected outputs of one value for each of 3 classes, got outputs [60, 1]; give the last layer 3 units",
  );
});

type JudgedParts = Parameters<typeof predictionsOf>[0]["parts"];

/** The targets that a layer of given weights predicts for the values -0.5, 0 and 0.5, as texts. */
async function told(target: string, layer: Layer, parts: JudgedParts = {}): Promise<string[]> {
  const net = network("told", layer);
  const { preprocessing } = tableData([signs, signs], { targets: target, inputs: { value: [] } });
  const predictor = { network: net.withWeights(net.init(random.key(1))), parts, preprocessing };
  const predicted = await predictionsOf(predictor, [{ value: -0.5 }, { value: 0 }, { value: 0.5 }]) as Table;
  return predicted.column(target).values.map(String);
}

Deno.test("the class of a row is that of the greatest of its outputs, or yes from the threshold on", async () => {
  await setDevice("wasm");
  const input = inputLayer({ shape: [null, 1] });
  const layer = (activation: Activation, ...weights: readonly number[]) =>
    denseLayer(input, { nUnits: weights.length, activation, W: tensor([weights]), name: "out" });
  assertEquals(await told("positive", layer("sigmoid", 1)), ["false", "true", "true"]);
  assertEquals(await told("positive", layer("softmax", -1, 1)), ["false", "false", "true"]);
  assertEquals(await told("positive", layer((x) => x.mul(NaN), 1)), ["null", "null", "null"]);
  const from = (threshold: number) => ({ evaluationMetric: getObjective("binaryError", { threshold }) });
  assertEquals(await told("positive", layer("linear", 1), from(0.5)), ["false", "false", "true"]);
  assertEquals(await told("positive", layer("linear", 1), from(-0.5)), ["true", "true", "true"]);
  const logits = { objective: { out: binaryCrossentropyFromLogits } };
  assertEquals(await told("positive", layer("linear", 1), logits), ["false", "true", "true"]);
  assertEquals(await told("positive", layer("linear", 1), { objective: { other: binaryHingeError } }), [
    ...["false", "false", "true"],
  ]);
  assertEquals(await told("kind", layer("softmax", -1, 0.2, 1)), ["high", "high", "middle"]);
  const one = reshapeLayer(layer("sigmoid", 1), { outputShape: [null] });
  assertEquals(await told("positive", one), ["false", "true", "true"]);
  const wide = reshapeLayer(layer("sigmoid", 1), { outputShape: [null, 1, 1] });
  await assertRejects(
    () => told("positive", wide),
    TypeError,
    "one value for each of 2 classes, got outputs [3, 1, 1]",
  );
  await assertRejects(() => told("kind", layer("sigmoid", 1)), TypeError, "each of 3 classes, got outputs [3, 1]");
});

Deno.test("the preprocessing is in the files of a model, and what they predict has the same bits", async () => {
  const { model: trained } = await regression.train();
  const wanted = await trained.predict(homes);
  await inFolder(async (folder) => {
    await trained.saveModel(`${folder}/a.ym`);
    const loaded = loadModel(`${folder}/a.ym`);
    assertEquals((await loaded.predict(homes)).column("price").numbers, wanted.column("price").numbers);
    await loaded.saveModel(`${folder}/b.ym`);
    assertEquals(Deno.readFileSync(`${folder}/b.ym`), Deno.readFileSync(`${folder}/a.ym`));
    const configuration = loaded.toConf(`${folder}/a.yc`);
    assertEquals(readConfiguration(`${folder}/a.yc`), configuration);
    const again = model({}).fromConf(`${folder}/a.yc`);
    assertEquals(again.preprocessing?.configuration, prices.preprocessing.configuration);
    const text = Deno.readTextFileSync(`${folder}/a.yc`);
    Deno.writeTextFileSync(`${folder}/b.yc`, text.replace('"standardize"', '"standard"'));
    assertThrows(() => model({}).fromConf(`${folder}/b.yc`), FileFormatError, "a valid configuration as preprocessing");
    assertEquals(line.toConf() && "preprocessing" in model({ network: line }).toConf(), false);
  });
});

Deno.test("a training on tables is saved with its preprocessing at each step, and resumed", async () => {
  await inFolder(async (folder) => {
    const stop = new AbortController();
    const file = `${folder}/part.ym`;
    await regression.train({
      ...{ file, saveMode: "stop", signal: stop.signal },
      onEvent: (one) => one.event === "epoch" && one.epoch === 3 && stop.abort(),
    });
    assertEquals(loadModel(file).preprocessing?.configuration, prices.preprocessing.configuration);
    const { model: resumed } = await regression.train({ resume: file });
    const { model: whole } = await regression.train();
    assertEquals(
      (await resumed.predict(homes)).column("price").numbers,
      (await whole.predict(homes)).column("price").numbers,
    );
  });
});

Deno.test("the scaling of samples is saved with the model, and scales the samples that it predicts", async () => {
  const x = samples([[0, 10], [4, 30], [2, 20], [3, 30]]);
  const set = { x, y: samples([[1], [3], [2], [2.5]]) };
  for (const preprocessing of ["normalize", "standardize"] as const) {
    const scaled = data([set, set], { preprocessing });
    const input = inputLayer({ shape: [null, 2] });
    const { model: trained } = await model({
      network: network("scaled", [input, denseLayer(input, { nUnits: 1, activation: "linear" })]),
      data: scaled,
      objective: meanSquaredError,
      hyperparameters: { batchSize: 2, nEpochs: 5, learningRate: 0.1 },
    }).train();
    const { values, shape } = scaled.scaling!.apply(x);
    const wanted = await trained.predict(tensor(values, shape)).data();
    assertEquals(await trained.predict(x).data(), wanted);
    await inFolder(async (folder) => {
      await trained.saveModel(`${folder}/a.ym`);
      const loaded = loadModel(`${folder}/a.ym`);
      assertEquals(await loaded.predict(x).data(), wanted);
      assertEquals(await loaded.predict(tensor(values, shape)).data(), wanted);
    });
    await assertRejects(() => trained.predict([{ a: 1 }]), TypeError, "expected a model that was trained on tables");
  }
});

Deno.test("a table that does not fit is refused with its row", async () => {
  const { model: trained } = await regression.with({ hyperparameters: { batchSize: 12, nEpochs: 1 } }).train();
  const unknown = await assertRejects(() => trained.predict([{ size: 1, city: "Rome" }]), DataError);
  assertStringIncludes(unknown.message, 'expected a category of the training set (Bern, Oslo), got "Rome" in row 0');
  await assertRejects(() => trained.predict([{ size: 1 }]), DataError, 'expected a column "city"');
  // An empty list has no columns, so it is no table.
  assertThrows(() => trained.predict([]), TypeError, "expected a table, or a list of at least one row");
});

testOnEveryDevice("predicted classes have the type of the target: true and false, numbers, or texts", async () => {
  const rows = tableOf(Array.from({ length: 40 }, (_, i) => {
    const value = i % 4;
    return { value, odd: value % 2 === 1, stars: [1, 2.5, 5, 10][value], name: `n${value}` };
  }));
  for (const [target, steps] of [["odd", "classes"], ["stars", "classes"], ["name", "classes"]] as const) {
    const sets = tableData([rows, rows], { inputs: { value: "oneHot" }, targets: { [target]: steps } });
    const input = inputLayer({ shape: [null, 4] });
    const { model: trained } = await model({
      network: network("types", [input, logisticRegression(input, { nClass: sets.classes! })]),
      data: sets,
      updates: adam,
      hyperparameters: { batchSize: 20, nEpochs: 100, learningRate: 0.1 },
    }).train();
    const predicted = (await trained.predict(rows)).column(target);
    assertEquals(predicted.type, rows.column(target).type);
    assertEquals(predicted.values, rows.column(target).values);
    const missing = sets.preprocessing.predictions({ values: Int32Array.of(-1, 1), shape: [2] }).column(target);
    assertEquals(missing.values, [null, [...new Set(rows.column(target).values)][1]]);
  }
});

Deno.test("a model of tables refuses samples, whose columns are not known, and takes tensors that are preprocessed", async () => {
  const { model: trained } = await regression.with({ hyperparameters: { batchSize: 12, nEpochs: 1 } }).train();
  const { values, shape } = prices.preprocessing.inputs(homes);
  assertThrows(
    () => trained.predict({ values, shape }),
    TypeError,
    'Cannot predict samples with "line": expected a table, or rows of one, because the model was trained on tables; ' +
      "pass numbers that are preprocessed already as a tensor, tensor(values, shape)",
  );
  assertEquals(trained.predict(tensor(values, shape)).shape, [60, 1]);
  for (const x of [[], { size: 20, city: "Bern" }, undefined, 5]) {
    const expected = 'Cannot predict with network "line": expected a table, or a list of at least one row, such as ' +
      "[{ age: 31 }], because the model was trained on tables, got ";
    assertThrows(() => trained.predict(x as never), TypeError, expected);
    assertThrows(() => trained.getOutput(x as never), TypeError, expected);
  }
  assertEquals((await trained.predict(homes.take([]))).length, 0);
  await assertRejects(
    () => trained.predict(tableOf([])),
    DataError,
    'expected a column "size", as in the training set, got a table without columns',
  );
});

testOnEveryDevice(
  "getOutput takes what predict takes: a table, rows and samples, as one input or by name",
  async () => {
    const { model: trained } = await regression.train();
    const inputs = prices.preprocessing.inputs(homes);
    const expected = await trained.getOutput(tensor(inputs.values, inputs.shape)).data();
    assertEquals(await trained.getOutput(homes).data(), expected);
    const [row] = await trained.getOutput([homes.row(0)]).data();
    assertAlmostEquals(row, expected[0], 1e-5);

    const x = samples([[1, 2], [3, 5], [2, 8]]);
    const two = inputLayer({ shape: [null, 2], name: "two" });
    const net = network("kinds", logisticRegression(two, { nClass: 2 }));
    const classes = data([{ x, y: Int32Array.of(0, 1, 0) }, { x, y: Int32Array.of(0, 1, 0) }], {
      preprocessing: "standardize",
    });
    const { model: kinds } = await model({ network: net, data: classes, hyperparameters: { nEpochs: 2, batchSize: 3 } })
      .train();
    const probabilities = await kinds.getOutput(classes.training.x).data();
    assertEquals(await kinds.getOutput(x).data(), probabilities);
    assertEquals(await kinds.getOutput({ two: x })[net.outputNames[0]].data(), probabilities);
    assertThrows(() => kinds.getOutput(homes), TypeError, "expected a model that was trained on tables");
    assertThrows(() => trained.getOutput(x), TypeError, "expected a table, or rows of one");
    const given: object = x;
    for (const input of [given, { two: given }] as { two: Tensor }[]) {
      assertThrows(() => kinds.network.getOutput(input), TypeError, "pass samples to getOutput of the model");
      assertThrows(() => kinds.network.getOutputs(input), TypeError, "pass samples to getOutput of the model");
    }
  },
);

testOnEveryDevice(
  "a missing target is refused in an evaluation, with the function that leaves such rows out",
  async () => {
    const { model: trained } = await regression.train();
    const table = tableOf([{ size: 30, city: "Bern", price: 35000 }, { size: 30, city: "Bern", price: null }]);
    await assertRejects(
      () => trained.evaluate(table),
      DataError,
      'Cannot use target "price": expected a value in row 1, got none; leave such rows out with ' +
        'withoutMissing(table, ["price"])',
    );
    assertEquals(Object.keys(await trained.evaluate(withoutMissing(table, ["price"]))), ["loss", "error"]);
  },
);
