/**
 * Examples of dense layers and of regularization.
 *
 * @module
 */

import { example } from "../../cli/example.ts";
import { alphaDropout, batchNormalization, denseLayer, dropconnect, dropout } from "../../layers/mod.ts";
import { network } from "../../model/mod.ts";
import { activationNamed, classOutput, common, pixelInput, short } from "./settings.ts";

/** No hidden layer. */
export const logisticRegressionExample = example({
  title: "softmax regression",
  hyperparameters: { ...common, batchSize: 600, learningRate: 0.1, patience: 5000 },
  short,
  build() {
    const input = pixelInput();
    return network("logistic_regression", [input, classOutput(input)]);
  },
});

/** The multilayer perceptron. */
export const mlp = example({
  title: "two dense layers of 500 ReLU units, l2 penalty",
  hyperparameters: {
    ...common,
    batchSize: 20,
    learningRate: 0.01,
    patience: 5000,
    nUnits: 500,
    activation: "relu",
    l2Reg: 0.0001,
  },
  short,
  build({ nUnits, activation: name, l2Reg: l2 }) {
    const activation = activationNamed(name);
    const input = pixelInput();
    const first = denseLayer(input, { nUnits, activation, l2, name: "Hidden layer 1" });
    const second = denseLayer(first, { nUnits, activation, l2, name: "Hidden layer 2" });
    return network("mlp", [input, first, second, classOutput(second, { l2 })]);
  },
});

/** The perceptron with some units dropped in each step. */
export const dropoutExample = example({
  title: "two dense layers of 500 ReLU units with dropout",
  hyperparameters: {
    ...common,
    batchSize: 20,
    learningRate: 0.01,
    nUnits: 500,
    activation: "relu",
    inputCorruption: 0.2,
    hiddenCorruption: 0.1,
  },
  short,
  build({ nUnits, activation: name, inputCorruption, hiddenCorruption }) {
    const activation = activationNamed(name);
    const input = pixelInput();
    const firstDropout = dropout(input, { corruptionLevel: inputCorruption, name: "Dropout 1" });
    const first = denseLayer(firstDropout, { nUnits, activation, name: "Hidden layer 1" });
    const secondDropout = dropout(first, { corruptionLevel: hiddenCorruption, name: "Dropout 2" });
    const second = denseLayer(secondDropout, { nUnits, activation, name: "Hidden layer 2" });
    return network("dropout", [input, firstDropout, first, secondDropout, second, classOutput(second)]);
  },
});

/**
 * The self-normalizing network. Its documented learning rate is too high: the cost jumps, while at 0.001 it falls. Most of
 * its errors are caused by alpha dropout of the pixels, because it expects numbers around 0 with standard deviation 1.
 */
export const snn = example({
  title: "self-normalizing: two dense layers of 500 SELU units with alpha dropout (try --learning-rate 0.001)",
  hyperparameters: {
    ...common,
    batchSize: 20,
    learningRate: 0.01,
    nUnits: 500,
    inputCorruption: 0.2,
    hiddenCorruption: 0.1,
  },
  short,
  build({ nUnits, inputCorruption, hiddenCorruption }) {
    const units = { nUnits, W: "seluNormal", activation: "selu" } as const;
    const input = pixelInput();
    const firstDropout = alphaDropout(input, { corruptionLevel: inputCorruption, name: "Alpha dropout 1" });
    const first = denseLayer(firstDropout, { ...units, name: "Hidden layer 1" });
    const secondDropout = alphaDropout(first, { corruptionLevel: hiddenCorruption, name: "Alpha dropout 2" });
    const second = denseLayer(secondDropout, { ...units, name: "Hidden layer 2" });
    return network("snn", [input, firstDropout, first, secondDropout, second, classOutput(second)]);
  },
});

/** The perceptron with some weights dropped in each step. */
export const dropconnectExample = example({
  title: "two dense layers of 500 ReLU units with dropconnect",
  hyperparameters: {
    ...common,
    batchSize: 20,
    learningRate: 0.01,
    nUnits: 500,
    activation: "relu",
    inputCorruption: 0.4,
    hiddenCorruption: 0.2,
  },
  short,
  build({ nUnits, activation, inputCorruption, hiddenCorruption }) {
    const units = { nUnits, activation: activationNamed(activation) };
    const input = pixelInput();
    const first = dropconnect(input, { ...units, corruptionLevel: inputCorruption, name: "Dropconnect layer 1" });
    const second = dropconnect(first, { ...units, corruptionLevel: hiddenCorruption, name: "Dropconnect layer 2" });
    return network("dropconnect", [input, first, second, classOutput(second)]);
  },
});

/** The perceptron with normalized inputs to each layer. */
export const batchNormalizationExample = example({
  title: "two dense layers of 500 ReLU units between batch normalizations, l2 penalty",
  hyperparameters: {
    ...common,
    batchSize: 30,
    learningRate: 0.01,
    patience: 5000,
    nUnits: 500,
    activation: "relu",
    l2Reg: 0.0001,
  },
  short,
  build({ nUnits, activation: name, l2Reg: l2 }) {
    const activation = activationNamed(name);
    const input = pixelInput();
    const pixels = batchNormalization(input, { name: "Batch normalization 1" });
    const first = denseLayer(pixels, { nUnits, activation, l2, name: "Hidden layer 1" });
    const middle = batchNormalization(first, { name: "Batch normalization 2" });
    const second = denseLayer(middle, { nUnits, activation, l2, name: "Hidden layer 2" });
    const last = batchNormalization(second, { name: "Batch normalization 3" });
    return network("batch_normalization", [input, pixels, first, middle, second, last, classOutput(last, { l2 })]);
  },
});
