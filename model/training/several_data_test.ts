import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { deviceInfo, random, setDevice, tensor } from "../../core/mod.ts";
import { data, type NamedData, samples, split } from "../../data/mod.ts";
import {
  concatenateLayer,
  denseLayer,
  embedding,
  flattenLayer,
  inputLayer,
  logisticRegression,
} from "../../layers/mod.ts";
import { meanSquaredError } from "../../optim/mod.ts";
import { inFolder } from "../../tests/in_folder.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { loadModel } from "../files/load_model.ts";
import { model } from "../model.ts";
import { network } from "../network.ts";
import type { TrainingEvent } from "./events.ts";
import { examplesOf, type Numbers, quiet, severalModel, twoOutputs, weightsOf } from "./test_several.ts";

testOnEveryDevice(
  "each input of numbers is scaled by itself, in training, predictions and files, and tokens are not",
  async () => {
    const words = inputLayer({ shape: [null, 2], name: "words" });
    const size = inputLayer({ shape: [null, 1], name: "size" });
    const found = flattenLayer(embedding(words, { nTokens: 5, nUnits: 3 }));
    const net = network("scaled", {
      long: denseLayer(found, { nUnits: 1, activation: "sigmoid" }),
      large: denseLayer(size, { nUnits: 2, activation: "linear" }),
    });
    const set = {
      x: {
        words: samples(Int32Array.of(0, 1, 2, 3, 4, 0, 1, 1), [4, 2]),
        size: samples([[100], [200], [300], [400]]),
      },
      y: { long: samples([[0], [1], [1], [0]]), large: Int32Array.of(0, 0, 1, 1) },
    };
    const scaled = data([set, set], { preprocessing: "standardize" });
    assertEquals(await scaled.training.x.words.toArray(), [[0, 1], [2, 3], [4, 0], [1, 1]]);
    const deviation = Math.sqrt((150 ** 2 + 50 ** 2) / 2);
    const z = [-150, -50, 50, 150].map((one) => one / deviation);
    (await scaled.training.x.size.data()).forEach((one, i) => assertAlmostEquals(Number(one), z[i], 1e-6));
    const { model: trained, report } = await model({
      network: net,
      data: scaled,
      hyperparameters: { batchSize: 2, nEpochs: 2, learningRate: 0.1 },
    }).train(quiet);
    assertAlmostEquals((await trained.evaluate(set)).loss, report.validationLoss!, 1e-6);
    const byHand = trained.predict({ words: scaled.validation.x.words, size: scaled.validation.x.size });
    await inFolder(async (folder) => {
      await trained.saveModel(`${folder}/a.ym`);
      for (const one of [trained, loadModel(`${folder}/a.ym`)]) {
        const { long, large } = one.predict(set.x);
        assertEquals(await long.data(), await byHand.long.data());
        assertEquals(await large.data(), await byHand.large.data());
      }
    });
    const odd = { ...set, x: { ...set.x, words: samples(Int32Array.of(0, 1, 2, 3, 4, 5, 1, 1), [4, 2]) } };
    await assertRejects(
      () => model({ network: net, data: data([set, odd]) }).train(quiet),
      RangeError,
      "on the validation set of data: token of x.words",
    );
  },
);

testOnEveryDevice("inputs with names may have a target without one, and the reverse", async () => {
  const { x, y } = examplesOf(40, 1);
  const image = inputLayer({ shape: [null, 4], name: "image" });
  const two = network("two", {
    kind: logisticRegression(image, { nClass: 3 }),
    age: denseLayer(image, { nUnits: 1, activation: "linear" }),
  });
  const hyperparameters = { batchSize: 16, nEpochs: 2, learningRate: 0.1 };
  const named = twoOutputs().withOutput("kind");
  const first = await model({
    network: named,
    data: data([{ x, y: y.kind }, { x, y: y.kind }, { x, y: y.kind }]),
    hyperparameters,
  }).train(quiet);
  assertEquals([first.report.errorUnit, first.report.metrics], ["%", undefined]);
  const { testError } = first.report;
  const { classes } = first.model.predict(x);
  const wrong = (await classes.data()).filter((one, i) => one !== y.kind[i]).length;
  assertAlmostEquals(testError!, 100 * wrong / 40, 1e-9);

  const second = await model({ network: two, data: data([{ x: x.image, y }, { x: x.image, y }]), hyperparameters })
    .train(
      quiet,
    );
  await second.model.compile();
  await first.model.compile();
  const costs = second.model.predict({ image: tensor(x.image.values, x.image.shape) });
  assertEquals([costs.kind.shape, costs.age.shape], [[40], [40, 1]]);
  // One output is the same with its name and without.
  const single = network("single", { kind: logisticRegression(image, { nClass: 3 }) });
  const forms = [{ x: x.image, y: y.kind }, { x: { image: x.image }, y: { kind: y.kind } }];
  const trained = await Promise.all(
    forms.map((set) => model<NamedData>({ network: single, data: data([set, set]), hyperparameters }).train(quiet)),
  );
  assertEquals(await weightsOf(trained[0].model), await weightsOf(trained[1].model));
  assertEquals(trained[0].report.validationError, trained[1].report.validationError);
});

Deno.test("defaults are those that fit the outputs and the targets", async () => {
  await setDevice("wasm");
  const input = inputLayer({ shape: [null, 4], name: "image" });
  const { x, y } = examplesOf(20, 1);
  const ends = {
    softmax: logisticRegression(input, { nClass: 3 }),
    logits: denseLayer(input, { nUnits: 3, activation: "linear" }),
    answer: denseLayer(input, { nUnits: 1, activation: "sigmoid" }),
    number: denseLayer(input, { nUnits: 1, activation: "linear" }),
  };
  const set = {
    x: x.image,
    y: {
      softmax: y.kind,
      logits: y.kind,
      answer: samples(Array.from(y.kind, (kind) => [kind > 1 ? 1 : 0])),
      number: y.age,
    },
  };
  const net = network("ends", ends);
  const network0 = net.withWeights(net.init(random.key(1)));
  const one = model<NamedData>({ network: network0, data: data([set, set]) });
  const given = one.with({
    objective: {
      softmax: "categoricalCrossentropyError",
      logits: "categoricalCrossentropyFromLogits",
      answer: "binaryCrossentropyError",
      number: "meanSquaredError",
    },
  });
  assertEquals(await one.evaluate(set), await given.evaluate(set));
  const conf = given.with({ lossWeights: { number: 2 }, evaluationMetric: { logits: "categoricalError" } }).toConf();
  assertEquals(conf.objective, {
    softmax: "categoricalCrossentropyError",
    logits: "categoricalCrossentropyFromLogits",
    answer: "binaryCrossentropyError",
    number: "meanSquaredError",
  });
  assertEquals([conf.lossWeights, conf.evaluationMetric], [{ number: 2 }, { logits: "categoricalError" }]);
  assertEquals(model().fromConf(conf).toConf(), conf);
});

Deno.test("what does not fit is refused before a training starts", async () => {
  await setDevice("wasm");
  const set = examplesOf(20, 1);
  const { x, y } = set;
  const train = async (parts: object, options: object = {}) => {
    const started: string[] = [];
    const onEvent = ({ event }: TrainingEvent) => started.push(event);
    try {
      await severalModel(parts).train({ ...quiet, ...options, onEvent });
    } finally {
      assertEquals(started, []);
    }
  };
  const of = (one: Parameters<typeof data>[0][number]) => ({ data: data([one, one]) });
  const refused: [() => Promise<void>, string][] = [
    [
      () => train(of({ x: x.image, y })),
      "expected x by the names of its inputs image, table, got one x without a name",
    ],
    [() => train(of({ x, y: y.kind })), "expected y by the names of its outputs kind, age, got one y without a name"],
    [
      () => train(of({ x: { imag: x.image, table: x.table }, y })),
      "expected x by the names of its inputs image, table, got x with imag, table; did you mean image?",
    ],
    [() => train(of({ x: { image: x.image }, y })), "image, table, got x with image"],
    [() => train(of({ x, y: { ...y, other: y.age } })), "outputs kind, age, got y with kind, age, other"],
    [
      () => train(of({ x: { ...x, table: x.image }, y })),
      "expected samples of [2], the input layer table, as x.table, got [4]",
    ],
    [() => train(of({ x, y: { ...y, age: x.table } })), "expected targets of [1], the output age, as y.age, got [2]"],
    [
      () => train(of({ x, y: { ...y, kind: y.kind.map((kind) => kind + 2) } })),
      "expected at most 3 classes, its outputs, got 5",
    ],
    [
      () => train({ objective: meanSquaredError }),
      "with objective: expected a record by the names of the outputs kind, age, got one value",
    ],
    [() => train({ objective: { kin: meanSquaredError } }), 'got "kin"; did you mean kind?'],
    [
      () => train({ lossWeights: { ages: 1 } }),
      'with lossWeights: expected names of the outputs kind, age, got "ages"',
    ],
    [() => train({ lossWeights: { kind: 0, age: 0 } }), "expected at least one above 0, got only zeros"],
    [
      () => train({ objective: { age: "categoricalCrossentropyError" } }),
      "(output age) with categoricalCrossentropyError",
    ],
    [() => train({}, { metrics: ["accuracy"] }), "with metric accuracy: expected the name of an output before"],
    [() => train({}, { metrics: ["kidn/accuracy"] }), "did you mean kind/accuracy?"],
    [() => train({}, { metrics: ["age/accuracy"] }), "(output age) with metric age/accuracy"],
    [() => train({}, { monitor: "kind/los" }), "expected one of loss, kind/loss, age/loss; did you mean kind/loss?"],
    [() => train({}, { monitor: "error" }), "expected one of loss, kind/loss, age/loss"],
    [() => train({}, { classWeights: "balanced" }), "with classWeights: expected a record by the names of the outputs"],
    [() => train({}, { classWeights: { age: "balanced" } }), "(output age) with classWeights"],
    [() => train({}, { labelSmoothing: { kind: 0.1, ag: 0.1 } }), 'got "ag"; did you mean age?'],
    [
      () => train({}, { labelSmoothing: { kind: 2 } }),
      "expected labelSmoothing.kind to be a number from 0 to 1, got 2",
    ],
    [
      () => train(of({ x, y, weights: samples(new Float32Array(60).fill(1), [20, 3]) })),
      "expected weights of one number per example, since the output kind has no time steps, got [example, 3] in the " +
      "training set",
    ],
  ];
  for (const [call, message] of refused) {
    const error = await assertRejects(call, Error);
    assert(
      error.message.includes(message) && error.message.startsWith("Cannot train"),
      `${error.message} / ${message}`,
    );
  }
});

Deno.test("parts of sets are split together, and the order of their names does not matter", async () => {
  await setDevice("wasm");
  const { x, y } = examplesOf(40, 1);
  const [training, validation] = split({ x, y }, [0.75, 0.25], { seed: 3 });
  for (const set of [training, validation]) {
    const read = data([set, set]).training;
    const [image, table] = [await read.x.image.toArray(), await read.x.table.toArray()] as [Numbers, Numbers];
    image.forEach(([a, b], i) => assertAlmostEquals(table[i][1], b - a, 1e-6));
  }
  const turned = { x: { table: x.table, image: x.image }, y: { age: y.age, kind: y.kind } };
  const [one, other] = [data([{ x, y }, { x, y }]), data([turned, { x, y }])];
  const trained = await Promise.all([one, other].map((given) => severalModel({ data: given }).train(quiet)));
  assertEquals(await weightsOf(trained[0].model), await weightsOf(trained[1].model));
  assertEquals(trained[0].report.dataHash, trained[1].report.dataHash);
  assertEquals(deviceInfo().kind, "wasm");
});

testOnEveryDevice("several inputs may require batches of one size, to which predictions are padded", async () => {
  const [a, b] = ["a", "b"].map((name) => inputLayer({ shape: [2, 1], name }));
  const both = concatenateLayer([a, b]);
  const net = network("fixed", {
    sum: denseLayer(both, { nUnits: 1, activation: "linear", W: tensor([[1], [10]]), b: tensor([0]) }),
    kind: logisticRegression(both, { nClass: 2 }),
  });
  const column = (values: readonly number[]) => samples(values.map((one) => [one]));
  const x = { a: column([1, 2, 3, 4, 5]), b: column([5, 4, 3, 2, 1]) };
  const set = { x, y: { sum: column([51, 42, 33, 24, 15]), kind: Int32Array.of(0, 1, 0, 1, 0) } };
  const hyperparameters = { batchSize: 2, nEpochs: 1, learningRate: 1e-12 };
  const { model: trained, report } = await model({ network: net, data: data([set, set]), hyperparameters }).train(
    quiet,
  );
  assertEquals([report.batches, (await trained.predict(x).sum.data()).length], [2, 5]);
  (await trained.predict(x).sum.data()).forEach((one, i) =>
    assertAlmostEquals(Number(one), [51, 42, 33, 24, 15][i], 1e-3)
  );
  assertThrows(() => trained.predict({ a: x.a, c: x.b }), RangeError, 'the inputs "a", "b", got "c"');
  assertThrows(() => trained.predict({ ...x, b: column([1]) }), TypeError, "got 5 in x.a and 1 in x.b");
  assertThrows(
    () => trained.predict(x.a),
    TypeError,
    "expected inputs by name, { a: …, b: … }, since it has the inputs a, b, got inputs without a name",
  );
  assertThrows(
    () => trained.predict({ a: x.a, b: 3 as never }),
    TypeError,
    "Cannot predict: expected x to be a tensor of examples",
  );
  await assertRejects(
    () => trained.with({ hyperparameters: { ...hyperparameters, batchSize: 3 } }).train(quiet),
    TypeError,
    "expected batches of 2",
  );
});

Deno.test("the message about inputs without a name shows how to name the one input of several outputs", async () => {
  const input = inputLayer({ shape: [null, 2] });
  const both = network("both", {
    a: denseLayer(input, { nUnits: 1, activation: "linear" }),
    b: denseLayer(input, { nUnits: 1, activation: "linear" }),
  });
  const y = samples([[1], [2]]);
  const set = { x: samples([[1, 2], [3, 4]]), y: { a: y, b: y } };
  const { model: trained } = await model({
    network: both,
    data: data([set, set]),
    hyperparameters: { batchSize: 2, nEpochs: 1 },
  }).train();
  for (const predict of [() => trained.predict(set.x), () => trained.getOutput(set.x)]) {
    assertThrows(
      predict,
      TypeError,
      'expected inputs by name, { "InputLayer 1": … }, since it has the outputs a, b, got inputs without a name',
    );
  }
  assertEquals(trained.predict({ "InputLayer 1": set.x }).a.shape, [2, 1]);
});
