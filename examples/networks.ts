/**
 * The example networks: layers, hyperparameters, and what they are.
 *
 * @module
 */

import type { Example, Examples } from "../cli/example.ts";
import {
  convPoolLayer,
  denseLayer,
  dropout,
  flattenLayer,
  inputLayer,
  logisticRegression,
  reshapeLayer,
} from "../layers/mod.ts";
import { network } from "../model/mod.ts";

/** What all examples are trained with, where they do not say otherwise. */
const common = { nEpochs: 1000, momentum: 0.9, patience: 10_000 };

const pixels = 28 * 28;
const nClass = 10;

const logisticRegressionExample: Example = {
  title: "softmax regression",
  hyperparameters: { ...common, batchSize: 600, learningRate: 0.1, patience: 5000 },
  build() {
    const input = inputLayer({ shape: [null, pixels], name: "Input" });
    const output = logisticRegression(input, { nClass, name: "Logistic regression" });
    return network("logistic_regression", [input, output]);
  },
};

const mlp: Example = {
  title: "two dense layers of 500 rectified units, l2 penalty",
  hyperparameters: { ...common, batchSize: 20, learningRate: 0.01, patience: 5000 },
  build() {
    const l2 = 0.0001;
    const input = inputLayer({ shape: [null, pixels], name: "Input" });
    const first = denseLayer(input, { nUnits: 500, activation: "relu", l2, name: "Hidden layer 1" });
    const second = denseLayer(first, { nUnits: 500, activation: "relu", l2, name: "Hidden layer 2" });
    const output = logisticRegression(second, { nClass, l2, name: "Logistic regression" });
    return network("mlp", [input, first, second, output]);
  },
};

const dropoutExample: Example = {
  title: "two dense layers of 500 rectified units with dropout",
  hyperparameters: { ...common, batchSize: 20, learningRate: 0.01 },
  build() {
    const input = inputLayer({ shape: [null, pixels], name: "Input" });
    const firstDropout = dropout(input, { corruptionLevel: 0.2, name: "Dropout 1" });
    const first = denseLayer(firstDropout, { nUnits: 500, activation: "relu", name: "Hidden layer 1" });
    const secondDropout = dropout(first, { corruptionLevel: 0.1, name: "Dropout 2" });
    const second = denseLayer(secondDropout, { nUnits: 500, activation: "relu", name: "Hidden layer 2" });
    const output = logisticRegression(second, { nClass, name: "Logistic regression" });
    return network("dropout", [input, firstDropout, first, secondDropout, second, output]);
  },
};

const lenet5: Example = {
  title: "LeNet-5: two layers of convolution and pooling, a dense one of 500 units",
  hyperparameters: { ...common, nEpochs: 200, batchSize: 500, learningRate: 0.1 },
  build() {
    const input = inputLayer({ shape: [null, pixels], name: "Input" });
    const images = reshapeLayer(input, { outputShape: [null, 1, 28, 28], name: "Images" });
    const first = convPoolLayer(images, { filterShape: [20, 1, 5, 5], poolSize: [2, 2], name: "ConvPool 1" });
    const second = convPoolLayer(first, { filterShape: [50, 20, 5, 5], poolSize: [2, 2], name: "ConvPool 2" });
    const flat = flattenLayer(second, { name: "Flatten" });
    const hidden = denseLayer(flat, { nUnits: 500, name: "Hidden layer" });
    const output = logisticRegression(hidden, { nClass, name: "Logistic regression" });
    return network("lenet5", [input, images, first, second, flat, hidden, output]);
  },
};

/** The examples by name. */
export const networks: Examples = {
  logistic_regression: logisticRegressionExample,
  mlp,
  dropout: dropoutExample,
  lenet5,
};
