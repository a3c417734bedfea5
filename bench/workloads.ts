/**
 * Networks that are measured in several ways.
 *
 * @module
 */

import {
  convPoolLayer,
  denseLayer,
  dropout,
  flattenLayer,
  inputLayer,
  logisticRegression,
  reshapeLayer,
} from "../layers/mod.ts";
import { type Network, network } from "../model/mod.ts";

/** Images of 28 × 28 pixels. */
export const pixels = inputLayer({ shape: [null, 784] });

/** LeNet-5 of the deep learning tutorials. */
export function lenet5(): Network {
  const images = reshapeLayer(pixels, { outputShape: [null, 1, 28, 28] });
  const first = convPoolLayer(images, { filterShape: [20, 1, 5, 5], poolSize: [2, 2] });
  const second = convPoolLayer(first, { filterShape: [50, 20, 5, 5], poolSize: [2, 2] });
  const flat = flattenLayer(second);
  const hidden = denseLayer(flat, { nUnits: 500 });
  return network("lenet5", [pixels, images, first, second, flat, hidden, logisticRegression(hidden, { nClass: 10 })]);
}

/** Two layers of 500 units, with dropout before each. */
export function perceptron(corruption: readonly [number, number]): Network {
  const firstDropout = dropout(pixels, { corruptionLevel: corruption[0] });
  const first = denseLayer(firstDropout, { nUnits: 500, activation: "relu" });
  const secondDropout = dropout(first, { corruptionLevel: corruption[1] });
  const second = denseLayer(secondDropout, { nUnits: 500, activation: "relu" });
  const output = logisticRegression(second, { nClass: 10 });
  return network("mlp", [pixels, firstDropout, first, secondDropout, second, output]);
}
