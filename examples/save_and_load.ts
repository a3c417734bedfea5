/**
 * Three ways to save and load: the whole model, the parameters of its network, its configuration.
 *
 * ```sh
 * deno run -A examples/save_and_load.ts [EPOCHS [DATA]]
 * ```
 *
 * Trains for EPOCHS epochs (default: 5) on MNIST: the files in the directory DATA, by default downloaded ones. If DATA is
 * `digits`, it trains on built-in digits. Writes `best_model.ym`, `net_params.yp` and `conf.yc` to the current folder, and
 * prints:
 *
 * ```text
 * trained, and saved to best_model.ym          7 2 1 0 4 1 4 9 6 9
 * loaded from best_model.ym                    7 2 1 0 4 1 4 9 6 9
 * resumed, to epoch 6                          7 2 1 0 4 1 4 9 6 9
 * rebuilt, with net_params.yp                  7 2 1 0 4 1 4 9 6 9
 * built from conf, with net_params.yp          7 2 1 0 4 1 4 9 6 9
 * built from conf.yc, with net_params.yp       7 2 1 0 4 1 4 9 6 9
 * 2 layers mlp with dropout
 * layer                output      parameters
 * Input                [any, 784]           0
 * Dropout 1            [any, 784]           0
 * Hidden layer 1       [any, 50]       39,250
 * Dropout 2            [any, 50]            0
 * Hidden layer 2       [any, 50]        2,550
 * Logistic regression  [any, 10]          510
 * 42,310 parameters
 * changed, and trained again                   7 2 1 0 4 1 4 9 6 9
 * ```
 *
 * @module
 */

import {
  data,
  denseLayer,
  dropout,
  hyperparameters,
  inputLayer,
  loadModel,
  logisticRegression,
  type Model,
  model,
  nesterovMomentum,
  type Network,
  network,
} from "../mod.ts";
import { mnistOrDigits } from "./mnist_or_digits.ts";

const [epochs = "5", from] = Deno.args;

// The model of the tutorial (see model_template.ts).
const mnist = data(await mnistOrDigits(from), { name: "mnist" });
const hp = hyperparameters({
  batchSize: 500,
  nEpochs: Number(epochs),
  learningRate: 0.1,
  momentum: 0.5,
  l1Reg: 0,
  l2Reg: 0,
  patience: 10_000,
});

function buildNetwork(): Network {
  const { l1Reg: l1, l2Reg: l2 } = hp.values;
  const input = inputLayer({ shape: [null, 28 * 28], name: "Input" });
  const dropout1 = dropout(input, { corruptionLevel: 0.4, name: "Dropout 1" });
  const hidden1 = denseLayer(dropout1, { nUnits: 500, activation: "relu", l1, l2, name: "Hidden layer 1" });
  const dropout2 = dropout(hidden1, { corruptionLevel: 0.2, name: "Dropout 2" });
  const hidden2 = denseLayer(dropout2, { nUnits: 500, activation: "relu", l1, l2, name: "Hidden layer 2" });
  const output = logisticRegression(hidden2, { nClass: 10, l1, l2, name: "Logistic regression" });
  return network("2 layers mlp with dropout", [input, dropout1, hidden1, dropout2, hidden2, output]);
}

const untrained = model({
  name: "mlp with dropout",
  data: mnist,
  network: buildNetwork(),
  hyperparameters: hp,
  updates: nesterovMomentum,
  file: "best_model.ym",
});

// Prints the predictions of a model for the first 10 examples of the test set.
const examples = mnist.test!.x.slice([0], [10]);
async function show(what: string, from: Model): Promise<void> {
  console.log(`${what.padEnd(44)} ${(await from.predict(examples).data()).join(" ")}`);
}

// 1. Save the whole model: configuration, weights, and the position in the training. A model with a file is saved when its
// training ends; with saveMode "each", also at each new best validation error.
const { model: trained } = await untrained.train({ saveMode: "each" });
await show("trained, and saved to best_model.ym", trained);

// Load it. The file does not contain the data: pass them if you want to continue training.
const model2 = loadModel("best_model.ym", { data: mnist });
await show("loaded from best_model.ym", model2);

// Resume training from the file, after a crash or for more epochs, as if it had never stopped.
const longer = untrained.with({ hyperparameters: hp.with("nEpochs", Number(epochs) + 1) });
const { model: resumed, report } = await longer.train({ resume: true });
await show(`resumed, to epoch ${report.epochs}`, resumed);

// 2. Save only the parameters of the network, in a format that other programs can read (safetensors).
await trained.network.saveParams("net_params.yp");

// Load them into a rebuilt network. Its name and its layers must be the same.
const net3 = buildNetwork().loadParams("net_params.yp");
const model3 = model({ name: "mlp with dropout", data: mnist, network: net3, hyperparameters: hp });
await show("rebuilt, with net_params.yp", model3);

// 3. Save the configuration: the layers and settings of the model, without parameters. The model need not be trained.
const conf = untrained.toConf();
untrained.toConf("conf.yc");

// Rebuild the model from the configuration or from its file, and load its parameters.
const model4 = model({ data: mnist }).fromConf(conf);
const model5 = model({ data: mnist }).fromConf("conf.yc");
await show("built from conf, with net_params.yp", withParams(model4));
await show("built from conf.yc, with net_params.yp", withParams(model5));

function withParams(made: Model): Model {
  return made.with({ network: made.network.loadParams("net_params.yp") });
}

// Change the configuration: it is plain data. Here all dense layers get 50 units.
const layers = conf.network.layers.map((layer) =>
  layer.kind === "DenseLayer" ? { ...layer, configuration: { ...layer.configuration, nUnits: 50 } } : layer
);
const model6 = model({ data: mnist }).fromConf({ ...conf, network: { ...conf.network, layers } });
console.log(model6.network.summary());

// The smaller model has no weights yet, so train it.
const { model: smaller } = await model6.train();
await show("changed, and trained again", smaller);
