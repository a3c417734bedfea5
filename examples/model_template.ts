/**
 * The tutorial: a multilayer perceptron with dropout on MNIST, line by line.
 *
 * ```sh
 * deno run -A examples/model_template.ts [EPOCHS [DATA]]
 * ```
 *
 * Trains for at most EPOCHS epochs (default: 1000) on MNIST: the files in the directory DATA, by default downloaded ones.
 * If DATA is `digits`, it trains on built-in digits. Saves the best model in `best_model.ym`, and prints (here for 20
 * epochs):
 *
 * ```text
 * epoch 1, minibatch 100/100, validation error 12.830 %
 * …
 * epoch 19, minibatch 100/100, validation error 2.300 %
 * epoch 20, minibatch 100/100, validation error 2.230 %
 *
 * Optimization completed.
 * Validation score of 2.230 % obtained at iteration 2000, with test performance 2.550 %
 * Training mlp with dropout took 55.907 s
 * Predicted values for the first 30 examples in test set:
 * 7 2 1 0 4 1 4 9 5 9 0 6 9 0 1 5 9 7 3 4 9 6 6 5 4 0 7 4 0 1
 * 7 2 1 0 4 1 4 9 5 9 0 6 9 0 1 5 9 7 3 4 9 6 6 5 4 0 7 4 0 1
 * ```
 *
 * `save_and_load.ts` shows how to save and load models, and `hp_grid_search.ts` how to search for hyperparameters.
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
  model,
  nesterovMomentum,
  network,
} from "../mod.ts";
import { mnistOrDigits } from "./mnist_or_digits.ts";

const [epochs = "1000", from] = Deno.args;

// Load or download the data: a container of training, validation and test set.
const mnist = data(await mnistOrDigits(from), { name: "mnist" });

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

// Create connected layers: each takes its incoming layer. Names are optional.
const input = inputLayer({ shape: [null, 28 * 28], name: "Input" });
const dropout1 = dropout(input, { corruptionLevel: 0.4, name: "Dropout 1" });
const relu = { nUnits: 500, W: "glorotUniform", activation: "relu", l1, l2 } as const;
const hidden1 = denseLayer(dropout1, { ...relu, name: "Hidden layer 1" });
const dropout2 = dropout(hidden1, { corruptionLevel: 0.2, name: "Dropout 2" });
const hidden2 = denseLayer(dropout2, { ...relu, name: "Hidden layer 2" });
const output = logisticRegression(hidden2, { nClass: 10, l1, l2, name: "Logistic regression" });

// Create the network and add the layers in order: add returns a new network with one more layer.
const net = network("2 layers mlp with dropout")
  .add(input)
  .add(dropout1)
  .add(hidden1)
  .add(dropout2)
  .add(hidden2)
  .add(output);

// Create the model from network, data, hyperparameters and update rule: gradient descent with Nesterov momentum.
const untrained = model({
  name: "mlp with dropout",
  data: mnist,
  network: net,
  hyperparameters: hp,
  updates: nesterovMomentum,
});

// Train it, and save it at each new best validation error. The trained model is a new one.
const { model: trained } = await untrained.train({ saveMode: "each", file: "best_model.ym", log: console.log });

// Predict the first 30 examples of the test set.
const { x, y } = mnist.test!;
const predicted = await trained.predict(x.slice([0], [30])).data();
const expected = await y.slice([0], [30]).data();
console.log("Predicted values for the first 30 examples in test set:");
console.log(predicted.join(" "));
console.log(expected.join(" "));
