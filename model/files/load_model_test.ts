import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { data, digitsLoader } from "../../data/mod.ts";
import { batchNormalization, denseLayer, inputLayer, logisticRegression } from "../../layers/mod.ts";
import { momentum } from "../../optim/mod.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { FileFormatError, TensorMismatchError } from "./errors.ts";
import { loadModel } from "./load_model.ts";
import { model } from "../model.ts";
import { network } from "../network.ts";
import { inFolder } from "../../tests/in_folder.ts";

const digits = data(digitsLoader({ sizes: [120, 40, 30] }), { name: "digits" });
const input = inputLayer({ shape: [null, 784] });
const normal = batchNormalization(input);
const hidden = denseLayer(normal, { nUnits: 8 });
const net = network("small", [input, normal, hidden, logisticRegression(hidden, { nClass: 10 })]);
const hyperparameters = { batchSize: 20, nEpochs: 2, learningRate: 0.05, momentum: 0.9 };
const untrained = model({ name: "small model", network: net, data: digits, hyperparameters, updates: momentum });

testOnEveryDevice("a loaded model predicts the same as the saved one, and can be trained further", async () => {
  await inFolder(async (folder) => {
    const file = `${folder}/small.ym`;
    const { model: trained, report } = await untrained.train();
    await trained.saveModel(file);
    const loaded = loadModel(file, { data: digits });
    const { x } = digits.test!;
    assertEquals(await loaded.getOutput(x).data(), await trained.getOutput(x).data());
    assertEquals([loaded.name, loaded.report], ["small model", report]);
    assertEquals(loaded.toConf(), trained.toConf());
    assert((await loaded.train({ seed: 2 })).report.history[0].trainLoss < report.history[0].trainLoss);
  });
});

Deno.test("a model without weights is not saved", async () => {
  await assertRejects(() => untrained.saveModel("never.ym"), TypeError, "it was neither trained nor loaded");
  assertThrows(() => Deno.statSync("never.ym"), Deno.errors.NotFound);
});

Deno.test("weights that do not fit a given network are all listed", async () => {
  await inFolder(async (folder) => {
    const file = `${folder}/small.ym`;
    await (await untrained.train()).model.saveModel(file);
    const wide = denseLayer(normal, { nUnits: 9, name: "DenseLayer 1" });
    const other = network("small", [input, normal, wide, logisticRegression(wide, { nClass: 10 })]);
    const { problems } = assertThrows(() => loadModel(file, { network: other }), TensorMismatchError);
    assertEquals(problems, [
      'tensor "DenseLayer 1/W": expected f32[784, 9], got f32[784, 8] in params',
      'tensor "DenseLayer 1/b": expected f32[9], got f32[8] in params',
      'tensor "LogisticRegression 1/W": expected f32[9, 10], got f32[8, 10] in params',
    ]);
    const named = network("large", net.layers.map(({ layer }) => layer));
    assertThrows(() => loadModel(file, { network: named }), TensorMismatchError, 'expected "large", got "small"');
    assertEquals(loadModel(file, { network: net }).network.layers, net.layers);
    const bytes = await Deno.readFile(file);
    bytes[bytes.length - 5] ^= 1;
    await Deno.writeFile(file, bytes);
    assertThrows(() => loadModel(file), FileFormatError, "it is damaged");
  });
});
