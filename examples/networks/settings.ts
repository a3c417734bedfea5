/**
 * Layers and settings that the example networks share.
 *
 * @module
 */

import {
  type ActivationFunction,
  type ActivationName,
  getActivation,
  inputLayer,
  type Layer,
  logisticRegression,
} from "../../layers/mod.ts";

/** The settings with which all examples are trained, unless they override them. */
export const common = { nEpochs: 1000, momentum: 0.9, patience: 10_000 };

/** The short training of the examples: a few minutes at most, on two cores. */
export const short = { nEpochs: 10 };

/** The first layer of all examples: rows of 28 · 28 pixels. */
export function pixelInput(): Layer {
  return inputLayer({ shape: [null, 28 * 28], name: "Input" });
}

/** The last layer of all examples: probabilities of 10 classes. */
export function classOutput(incoming: Layer, penalties: { readonly l2?: number } = {}): Layer {
  return logisticRegression(incoming, { nClass: 10, ...penalties, name: "Logistic regression" });
}

/**
 * The activation with this name, which may come from a command line.
 *
 * @throws {RangeError} for an unknown name; the message suggests the nearest known one.
 */
export function activationNamed(name: string): ActivationFunction {
  return getActivation(name as ActivationName);
}
