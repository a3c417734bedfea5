import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { data, digitsLoader } from "../../data/mod.ts";
import { batchNormalization, inputLayer, logisticRegression } from "../../layers/mod.ts";
import { momentum } from "../../optim/mod.ts";
import { TensorMismatchError } from "./errors.ts";
import { model } from "../model.ts";
import { exportModel, importModel } from "./model_folder.ts";
import { network } from "../network.ts";

const digits = data(digitsLoader({ sizes: [120, 40, 30] }), { name: "digits" });
const input = inputLayer({ shape: [null, 784] });
const normal = batchNormalization(input);
const net = network("normalised", [input, normal, logisticRegression(normal, { nClass: 10 })]);
const hyperparameters = { batchSize: 20, nEpochs: 2, learningRate: 0.05, momentum: 0.9 };
const { model: trained, report } = await model({ network: net, data: digits, hyperparameters, updates: momentum })
  .train();
const { x } = digits.test!;

Deno.test("an exported model is imported with its running means, and its card has the figures of the report", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await exportModel(trained, folder, { license: "mit", tags: ["digits"] });
    const again = importModel(folder, { data: digits });
    assertEquals(await again.getOutput(x).data(), await trained.getOutput(x).data());
    assertEquals(again.toConf(), trained.toConf());
    const card = await Deno.readTextFile(`${folder}/README.md`);
    assertStringIncludes(card, '"task":{"type":"tabular-classification"}');
    for (const part of [`| error | test | ${report.testError} % |`, report.dataHash, "| update rule | momentum |"]) {
      assertStringIncludes(card, part);
    }
    const wide = inputLayer({ shape: [null, 783] });
    const other = network("normalised", [wide, logisticRegression(wide, { nClass: 10 })]);
    const { problems } = assertThrows(() => importModel(folder, { network: other }), TensorMismatchError);
    assertEquals(problems.length, 1 + 4);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("parameters are saved with running means, so a loaded network predicts the same", async () => {
  const file = await Deno.makeTempFile({ suffix: ".yp" });
  try {
    await trained.network.saveParams(file);
    const again = model({ network: net.loadParams(file) });
    assertEquals(await again.getOutput(x).data(), await trained.getOutput(x).data());
    assert(net.weights === undefined);
  } finally {
    await Deno.remove(file);
  }
});
