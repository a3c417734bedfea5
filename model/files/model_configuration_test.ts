import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { toFileUrl } from "@std/path";
import { type Tensor, tensor } from "../../core/mod.ts";
import { data, digitsLoader } from "../../data/mod.ts";
import { denseLayer, dropout, inputLayer, layerKinds, logisticRegression, relu, rnn } from "../../layers/mod.ts";
import {
  adam,
  categoricalAccuracy,
  categoricalCrossentropyError,
  clipByValue,
  constantRate,
  getObjective,
  huberError,
  meanSquaredError,
  momentum,
} from "../../optim/mod.ts";
import { networks } from "../../examples/networks.ts";
import { checkConfiguration } from "./configuration.ts";
import { FileFormatError } from "./errors.ts";
import { hyperparameters } from "../hyperparameters.ts";
import { model } from "../model.ts";
import { valueFor } from "../per_output.ts";
import { network } from "../network.ts";
import { networkFromConf } from "./network_configuration.ts";

const input = inputLayer({ shape: [null, 784] });
const noisy = dropout(input, { corruptionLevel: 0.2 });
const hidden = denseLayer(noisy, { nUnits: 20, activation: relu, l2: 0.001, name: "Hidden layer 1" });
const mlp = network("mlp", [input, noisy, hidden, logisticRegression(hidden, { nClass: 10 })]);
const hps = hyperparameters({ batchSize: 40, nEpochs: 2, learningRate: [0.05, [0.01, 0.05]], momentum: 0.9 });
const whole = model({
  name: "mlp model",
  network: mlp,
  hyperparameters: hps,
  updates: momentum,
  objective: meanSquaredError,
  evaluationMetric: categoricalAccuracy,
});

Deno.test("a configuration rebuilds the same model", () => {
  const conf = whole.toConf();
  const again = model().fromConf(conf);
  assertEquals(again.toConf(), conf);
  assertEquals([again.name, again.network.name], ["mlp model", "mlp"]);
  assertEquals(again.parts.hyperparameters, hps);
  assert(again.parts.updates === momentum && again.parts.objective === meanSquaredError);
  assert(again.parts.evaluationMetric === categoricalAccuracy);
});

Deno.test("a configuration file is read by path and URL, and parts that it does not contain are kept", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const file = `${folder}/conf.yc`;
    whole.toConf(file);
    const digits = data(digitsLoader({ sizes: [40, 20, 20] }));
    for (const path of [file, toFileUrl(file)]) {
      const again = model({ data: digits }).fromConf(path);
      assertEquals(again.toConf(), whole.toConf());
      assertEquals(again.data, digits);
    }
    assertEquals(
      (await model({ data: digits }).fromConf(file).with({ objective: categoricalCrossentropyError }).train()).report
        .iterations,
      2,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("every example network is rebuilt from its configuration", () => {
  for (const { build } of Object.values(networks)) {
    const conf = build().toConf();
    const text = JSON.stringify(conf);
    assertEquals(JSON.parse(JSON.stringify(networkFromConf(JSON.parse(text)).toConf())), JSON.parse(text));
  }
});

Deno.test("a changed configuration makes a changed model", () => {
  const { network, ...rest } = whole.toConf();
  const layers = network.layers.map((layer) =>
    layer.name === "Hidden layer 1" ? { ...layer, configuration: { ...layer.configuration, nUnits: 7 } } : layer
  );
  assertEquals(model().fromConf({ ...rest, network: { ...network, layers } }).network.layers[2].layer.outputShape, [
    null,
    7,
  ]);
});

Deno.test("an update rule is saved with its options", () => {
  const conf = whole.with({ hyperparameters: {}, updates: adam({ beta1: 0.8 }) }).toConf();
  assertEquals(conf.updates, ["adam", { learningRate: 0.001, beta1: 0.8, beta2: 0.999, epsilon: 1e-6 }]);
  const { updates } = model().fromConf(conf).parts;
  assert(typeof updates === "object");
  assertEquals<unknown>([updates.name, updates.options], conf.updates);
  const wrong = { ...conf, updates: ["adam", { beta: 1 }] as const };
  assertThrows(() => model().fromConf(wrong), RangeError, "did you mean beta1?");
});

Deno.test("an objective is saved with its options", async () => {
  const conf = { ...whole.toConf(), objective: ["huberError", { delta: 2 }] as const };
  const again = model().fromConf(conf);
  assertEquals(again.toConf().objective, conf.objective);
  const [prediction, target] = [tensor([[4, 1]]), tensor([[0, 0]])];
  const read = await valueFor(again.parts.objective, "")?.(prediction, target).item();
  assertEquals(read, await huberError(prediction, target, { delta: 2 }).item());
  assertNotEquals(read, await huberError(prediction, target).item());
  const wrong = { ...conf, objective: ["huberError", { dleta: 2 }] as const };
  assertThrows(() => model().fromConf(wrong), RangeError, 'unknown option "dleta"; did you mean delta?');
  const none = { ...conf, objective: ["meanSquaredError", { delta: 2 }] as const };
  assertThrows(() => model().fromConf(none), RangeError, 'unknown option "delta"; expected no options');
  assertEquals(whole.with({ objective: getObjective("huberError", { delta: 3 }) }).toConf().objective, [
    "huberError",
    { delta: 3 },
  ]);
});

Deno.test("a configuration has the objectives that a training chose, and unknown ones are refused", () => {
  const chosenObjectives = { age: "meanSquaredError" };
  const conf = whole.with({ chosenObjectives }).toConf();
  assertEquals(conf.chosenObjectives, chosenObjectives);
  assertEquals(model().fromConf(conf).parts.chosenObjectives, chosenObjectives);
  const wrong = { ...conf, chosenObjectives: { age: "meanSquaredEror" } };
  assertThrows(() => model().fromConf(wrong), RangeError, "did you mean meanSquaredError?");
  assertThrows(() => whole.with({ chosenObjectives: wrong.chosenObjectives }), RangeError, "chosenObjectives.age");
  assertThrows(
    () => checkConfiguration({ ...conf, chosenObjectives: { age: 1 } }),
    FileFormatError,
    "chosenObjectives.age",
  );
});

Deno.test("the user's own functions are named, and must be passed again", () => {
  const own = (prediction: Tensor, target: Tensor) => meanSquaredError(prediction, target).mul(2);
  const custom = whole.with({ hyperparameters: {}, objective: own, updates: clipByValue(momentum(), 1) });
  const conf = custom.toConf();
  assertEquals(conf.objective, ["function", { name: "own" }]);
  assertThrows(() => model().fromConf(conf), TypeError, 'names your own function "clipByValue momentum"');
  const again = model({ updates: momentum, objective: own }).fromConf(conf);
  assert(again.parts.objective === own && again.parts.updates === momentum);

  const scheduled = whole.with({ hyperparameters: { learningRate: constantRate(0.1), activation: relu } }).toConf();
  assertEquals(scheduled.hyperparameters?.activation, "relu");
  assertThrows(() => model().fromConf(scheduled), TypeError, "your own functions as learningRate");
  const values = { learningRate: 0.1 };
  assert(model({ hyperparameters: values }).fromConf(scheduled).parts.hyperparameters === values);
  const steps = inputLayer({ shape: [null, 3, 2] });
  const ownActivation = network("own", [steps, rnn([steps], { nUnits: 2, activation: (x) => x })]).toConf();
  assertThrows(() => networkFromConf(ownActivation), TypeError, "a function of your own");
});

Deno.test("errors in a configuration are named", () => {
  const { network, ...rest } = whole.toConf();
  const [first, second, ...others] = network.layers;
  const refuse = (layers: typeof network.layers, kind: typeof RangeError | typeof FileFormatError, text: string) =>
    assertThrows(() => model().fromConf({ ...rest, network: { ...network, layers } }), kind, text);
  refuse([first, { ...second, kind: "Dropuot" }, ...others], RangeError, "did you mean Dropout?");
  refuse([first, { ...second, incoming: ["Input"] }, ...others], FileFormatError, "names of layers before");
  refuse([], FileFormatError, "at least one layer");
  assertThrows(() => model().fromConf({ network, updates: "adm" }), RangeError, "did you mean adam?");
  assertThrows(
    () => model().fromConf({ network, objective: "msq" }),
    RangeError,
    'Cannot find objective "msq"',
  );
  assert(layerKinds.includes("Dropout"));
});
