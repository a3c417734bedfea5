/**
 * Examples of dense layers, and of what keeps them from learning by heart.
 *
 * @module
 */

import type { Example } from "../../cli/example.ts";
import { alphaDropout, batchNormalization, denseLayer, dropconnect, dropout } from "../../layers/mod.ts";
import { network } from "../../model/mod.ts";
import { classOutput, common, pixelInput } from "./settings.ts";

/** No hidden layer. */
export const logisticRegressionExample: Example = {
  title: "softmax regression",
  hyperparameters: { ...common, batchSize: 600, learningRate: 0.1, patience: 5000 },
  build() {
    const input = pixelInput();
    return network("logistic_regression", [input, classOutput(input)]);
  },
};

/** The multilayer perceptron. */
export const mlp: Example = {
  title: "two dense layers of 500 rectified units, l2 penalty",
  hyperparameters: { ...common, batchSize: 20, learningRate: 0.01, patience: 5000 },
  build() {
    const l2 = 0.0001;
    const input = pixelInput();
    const first = denseLayer(input, { nUnits: 500, activation: "relu", l2, name: "Hidden layer 1" });
    const second = denseLayer(first, { nUnits: 500, activation: "relu", l2, name: "Hidden layer 2" });
    return network("mlp", [input, first, second, classOutput(second, { l2 })]);
  },
};

/** The perceptron, some of whose units rest in each step. */
export const dropoutExample: Example = {
  title: "two dense layers of 500 rectified units with dropout",
  hyperparameters: { ...common, batchSize: 20, learningRate: 0.01 },
  build() {
    const input = pixelInput();
    const firstDropout = dropout(input, { corruptionLevel: 0.2, name: "Dropout 1" });
    const first = denseLayer(firstDropout, { nUnits: 500, activation: "relu", name: "Hidden layer 1" });
    const secondDropout = dropout(first, { corruptionLevel: 0.1, name: "Dropout 2" });
    const second = denseLayer(secondDropout, { nUnits: 500, activation: "relu", name: "Hidden layer 2" });
    return network("dropout", [input, firstDropout, first, secondDropout, second, classOutput(second)]);
  },
};

/** The self-normalizing network. Its documented rate is too high for it: 0.001 learns far better. */
export const snn: Example = {
  title: "self-normalizing: two dense layers of 500 selu units with alpha dropout (try --learning-rate 0.001)",
  hyperparameters: { ...common, batchSize: 20, learningRate: 0.01 },
  build() {
    const units = { nUnits: 500, W: "seluNormal", activation: "selu" } as const;
    const input = pixelInput();
    const firstDropout = alphaDropout(input, { corruptionLevel: 0.2, name: "Alpha dropout 1" });
    const first = denseLayer(firstDropout, { ...units, name: "Hidden layer 1" });
    const secondDropout = alphaDropout(first, { corruptionLevel: 0.1, name: "Alpha dropout 2" });
    const second = denseLayer(secondDropout, { ...units, name: "Hidden layer 2" });
    return network("snn", [input, firstDropout, first, secondDropout, second, classOutput(second)]);
  },
};

/** The perceptron, some of whose weights rest in each step. */
export const dropconnectExample: Example = {
  title: "two dense layers of 500 rectified units with dropconnect",
  hyperparameters: { ...common, batchSize: 20, learningRate: 0.01 },
  build() {
    const units = { nUnits: 500, activation: "relu" } as const;
    const input = pixelInput();
    const first = dropconnect(input, { ...units, corruptionLevel: 0.4, name: "Dropconnect layer 1" });
    const second = dropconnect(first, { ...units, corruptionLevel: 0.2, name: "Dropconnect layer 2" });
    return network("dropconnect", [input, first, second, classOutput(second)]);
  },
};

/** The perceptron with normalized inputs of each layer. */
export const batchNormalizationExample: Example = {
  title: "two dense layers of 500 rectified units between batch normalizations, l2 penalty",
  hyperparameters: { ...common, batchSize: 30, learningRate: 0.01, patience: 5000 },
  build() {
    const l2 = 0.0001;
    const input = pixelInput();
    const pixels = batchNormalization(input, { name: "Batch normalization 1" });
    const first = denseLayer(pixels, { nUnits: 500, activation: "relu", l2, name: "Hidden layer 1" });
    const middle = batchNormalization(first, { name: "Batch normalization 2" });
    const second = denseLayer(middle, { nUnits: 500, activation: "relu", l2, name: "Hidden layer 2" });
    const last = batchNormalization(second, { name: "Batch normalization 3" });
    return network("batch_normalization", [input, pixels, first, middle, second, last, classOutput(last, { l2 })]);
  },
};
