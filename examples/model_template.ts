/**
 * The tutorial: a multilayer perceptron with dropout on MNIST, line by line.
 *
 * ```sh
 * deno run -A examples/model_template.ts [EPOCHS [DIRECTORY]]
 * ```
 *
 * Trains for at most EPOCHS epochs (1000 where not given) on the MNIST files of DIRECTORY, or on those that it downloads.
 *
 * @module
 */

import {
  data,
  denseLayer,
  dropout,
  hyperparameters,
  inputLayer,
  logisticRegression,
  mnistLoader,
  model,
  nesterovMomentum,
  network,
} from "../mod.ts";

const [epochs = "1000", directory] = Deno.args;

// Load the data, or download it.
const mnist = data(await mnistLoader(directory ? { data: directory } : {}), { name: "mnist" });

// Hyperparameters
const hp = hyperparameters({
  batchSize: 500,
  nEpochs: Number(epochs),
  learningRate: 0.1,
  momentum: 0.5,
  l1Reg: 0,
  l2Reg: 0,
  patience: 10_000,
});
const { l1Reg: l1, l2Reg: l2 } = hp.values;

// Create connected layers.
const input = inputLayer({ shape: [null, 28 * 28], name: "Input" });
const dropout1 = dropout(input, { corruptionLevel: 0.4, name: "Dropout 1" });
const hidden1 = denseLayer(dropout1, { nUnits: 500, activation: "relu", l1, l2, name: "Hidden layer 1" });
const dropout2 = dropout(hidden1, { corruptionLevel: 0.2, name: "Dropout 2" });
const hidden2 = denseLayer(dropout2, { nUnits: 500, activation: "relu", l1, l2, name: "Hidden layer 2" });
const output = logisticRegression(hidden2, { nClass: 10, l1, l2, name: "Logistic regression" });

// Create the network: add returns a new one, with one layer more.
const net = network("2 layers mlp with dropout").add(input).add(dropout1).add(hidden1).add(dropout2).add(hidden2).add(
  output,
);

// Create the model: network, data, hyperparameters, and the update rule, stochastic gradient descent with Nesterov momentum.
const untrained = model({
  name: "mlp with dropout",
  data: mnist,
  network: net,
  hyperparameters: hp,
  updates: nesterovMomentum,
});

// Train it; validation errors are told as they come.
const { model: trained } = await untrained.train({ log: console.log });

// Predict the first 30 examples of the test set.
const examples = mnist.test!.x.slice([0], [30]);
console.log("Predicted values for the first 30 examples in test set:");
console.log(String(await trained.predict(examples).data()));
console.log(String(await mnist.test!.y.slice([0], [30]).data()));
