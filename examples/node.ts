/**
 * A multilayer perceptron and a small convolutional network that learn synthetic digits, in Deno and in Node.
 *
 * ```sh
 * deno run examples/node.ts                       # in Deno
 * deno task bundle examples/node.ts node.mjs      # one file of plain JavaScript, for Node 20.16 or later
 * node node.mjs
 * ```
 *
 * @module
 */

import {
  convPoolLayer,
  data,
  denseLayer,
  deviceInfo,
  digitsLoader,
  flattenLayer,
  inputLayer,
  logisticRegression,
  model,
  momentum,
  type Network,
  network,
  reshapeLayer,
} from "@yadll/yadll";

const digits = data(digitsLoader({ sizes: [2000, 500, 500] }), { name: "digits" });
const input = inputLayer({ shape: [null, 784] });

const hidden = denseLayer(input, { nUnits: 100, activation: "relu" });
const perceptron = network("mlp", [input, hidden, logisticRegression(hidden, { nClass: 10 })]);

const images = reshapeLayer(input, { outputShape: [null, 1, 28, 28] });
const filters = convPoolLayer(images, { filterShape: [8, 1, 5, 5], poolSize: [2, 2] });
const flat = flattenLayer(filters);
const convolutional = network("convpool", [input, images, filters, flat, logisticRegression(flat, { nClass: 10 })]);

/** Trains a network, and prints one line per epoch and one for the result. */
async function learn(one: Network): Promise<void> {
  const untrained = model({
    network: one,
    data: digits,
    hyperparameters: { batchSize: 20, nEpochs: 3, learningRate: 0.05 },
    updates: momentum,
  });
  const { report } = await untrained.train({ log: console.log });
  console.log(`${one.name} on ${deviceInfo().name}: test error ${report.testError?.toFixed(1)} %`);
}

await learn(perceptron);
await learn(convolutional);
