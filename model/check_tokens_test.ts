import { assertEquals, assertRejects } from "@std/assert";
import { data, samples } from "../data/mod.ts";
import { embedding, flattenLayer, inputLayer, logisticRegression } from "../layers/mod.ts";
import { categoricalCrossentropyFromLogits, categoricalError } from "../optim/mod.ts";
import { testOnEveryDevice } from "../tests/on_every_device.ts";
import { model } from "./model.ts";
import { network } from "./network.ts";

const input = inputLayer({ shape: [null, 2] });
const embedded = embedding(input, { nTokens: 4, nUnits: 3 });
const flat = flattenLayer(embedded);
const net = network("words", [input, embedded, flat, logisticRegression(flat, { nClass: 2 })]);
const hyperparameters = { batchSize: 2, nEpochs: 1, learningRate: 0.1 };

Deno.test("tokens of data that the embedding does not have are refused before training", async () => {
  const set = { x: samples([[0, 1], [2, 3]]), y: Int32Array.of(0, 1) };
  const odd = { x: samples([[0, 1], [2, 4]]), y: Int32Array.of(0, 1) };
  const { report } = await model({ network: net, data: data([set, set]), hyperparameters }).train();
  assertEquals(report.epochs, 1);
  await assertRejects(
    () => model({ network: net, data: data([set, odd], { name: "letters" }), hyperparameters }).train(),
    RangeError,
    'Cannot train "words" on the validation set of letters: token 4 of row 1, at [1, 1]: the embedding has 4 rows',
  );
  const many = {
    x: samples(Array.from({ length: 20000 }, (_, i) => [0, i === 19000 ? -1 : 1])),
    y: new Int32Array(20000),
  };
  await assertRejects(
    () => model({ network: net, data: data([many, set]), hyperparameters }).train(),
    RangeError,
    "token -1 of row 19000, at [19000, 1]",
  );
});

testOnEveryDevice(
  "tokens that only the device sees are reported by the training's next read, with the layer",
  async () => {
    const turned = flattenLayer(input);
    const letters = embedding(turned, { nTokens: 4, nUnits: 3, name: "letters" });
    const looked = flattenLayer(letters);
    const deep = network("deep", [input, turned, letters, looked, logisticRegression(looked, { nClass: 2 })]);
    const set = { x: samples([[0, 1], [2, 3]]), y: Int32Array.of(0, 1) };
    const odd = { x: samples([[0, 1], [2, 4]]), y: Int32Array.of(0, 1) };
    await assertRejects(
      () => model({ network: deep, data: data([odd, set]), hyperparameters }).train(),
      RangeError,
      "had to look up token 4 of row ",
    );
    await assertRejects(
      () => model({ network: deep, data: data([set, odd]), hyperparameters }).train(),
      RangeError,
      'but the table of Embedding "letters" has 4 rows',
    );
    const { report } = await model({ network: deep, data: data([set, set]), hyperparameters }).train();
    assertEquals(report.epochs, 1);
  },
);

testOnEveryDevice(
  "classes of the positions of a sequence are reported by the training's next read",
  async () => {
    const sequences = network("sequences", [input, embedded]);
    const set = (y: number[][]) => ({ x: samples([[0, 1], [2, 3]]), y: samples(y) });
    const trained = (y: number[][]) =>
      model({
        network: sequences,
        data: data([set([[0, 1], [2, 0]]), set(y)]),
        hyperparameters,
        objective: (prediction, target) => categoricalCrossentropyFromLogits(prediction, target).mean({ axis: 1 }),
        evaluationMetric: (prediction, target) => categoricalError(prediction, target).mean({ axis: 1 }),
      }).train();
    await assertRejects(() => trained([[0, 1], [2, 3]]), RangeError, "had to compare with class 3 of row 1, at [1, 1]");
    assertEquals((await trained([[0, 1], [2, 2]])).report.epochs, 1);
  },
);
