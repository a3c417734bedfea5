/**
 * What the example networks have in common.
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

/** What all examples are trained with, where they do not say otherwise. */
export const common = { nEpochs: 1000, momentum: 0.9, patience: 10_000 };

/** The layer that all examples begin with: rows of 28 · 28 pixels. */
export function pixelInput(): Layer {
  return inputLayer({ shape: [null, 28 * 28], name: "Input" });
}

/** The layer that all examples end in: probabilities of 10 classes. */
export function classOutput(incoming: Layer, penalties: { readonly l2?: number } = {}): Layer {
  return logisticRegression(incoming, { nClass: 10, ...penalties, name: "Logistic regression" });
}

/**
 * The activation of a name that may come from a command line.
 *
 * @throws {RangeError} for an unknown name; the message has the nearest known one.
 */
export function activationNamed(name: string): ActivationFunction {
  return getActivation(name as ActivationName);
}
