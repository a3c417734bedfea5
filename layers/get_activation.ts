/**
 * Activation functions by name, and their names as JSON.
 *
 * @module
 */

import { suggestName } from "../core/nearest.ts";
import {
  type ActivationFunction,
  type ActivationOptions,
  elu,
  gelu,
  linear,
  relu,
  selu,
  sigmoid,
  softmax,
  softplus,
  tanh,
  ultraFastSigmoid,
} from "../core/functions/activations.ts";
import type { Json } from "./layer.ts";

/** The name of an activation function of this library. */
export type ActivationName =
  | "linear"
  | "sigmoid"
  | "ultraFastSigmoid"
  | "tanh"
  | "softmax"
  | "softplus"
  | "relu"
  | "elu"
  | "selu"
  | "gelu";

/** What says which activation function: a function, a name, or one of both with options. */
export type Activation =
  | ActivationFunction
  | ActivationName
  | readonly [ActivationFunction | ActivationName, ActivationOptions];

const activations: Readonly<Record<ActivationName, ActivationFunction>> = {
  linear,
  sigmoid,
  ultraFastSigmoid,
  tanh,
  softmax,
  softplus,
  relu,
  elu,
  selu,
  gelu,
};

function lookUp(activation: ActivationFunction | ActivationName): ActivationFunction {
  if (typeof activation === "function") return activation;
  if (!Object.hasOwn(activations, activation)) {
    const names = Object.keys(activations);
    throw new RangeError(
      `Cannot find activation ${JSON.stringify(activation)}${suggestName(String(activation), names)}`,
    );
  }
  return activations[activation];
}

/** The name of an activation function of this library; `undefined` for any other function. */
export function activationName(activation: Activation): ActivationName | undefined {
  const base = typeof activation === "object" ? activation[0] : activation;
  if (typeof base === "string") return base;
  return (Object.keys(activations) as ActivationName[]).find((name) => activations[name] === base);
}

/**
 * The activation function for an activator: a function, a name, or either with options.
 *
 * @throws {RangeError} for an unknown name; the message has the nearest known one.
 *
 * @example
 * ```ts
 * import { getActivation } from "@yadll/yadll/layers";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await getActivation(["relu", { alpha: 0.1 }])(tensor([-10, 1])).toArray(), [-1, 1]);
 * ```
 */
export function getActivation(activator: Activation): ActivationFunction {
  if (typeof activator !== "object") return lookUp(activator);
  if (!Array.isArray(activator)) {
    throw new TypeError(
      `Cannot take ${JSON.stringify(activator)} as an activation: expected a function, a name, or [either, options]; ` +
        `a function of your own cannot be read from a configuration`,
    );
  }
  const [base, options] = activator;
  const activation = lookUp(base);
  return (x) => activation(x, options);
}

/**
 * An activator as JSON that {@linkcode getActivation} understands. A function that is not of this library, and an option
 * that is a tensor, cannot be written so: they become `{ "function": name }`, which is refused on reading.
 */
export function describeActivation(activator: Activation): Json {
  const name = activationName(activator);
  const options = typeof activator === "object" ? activator[1] : {};
  const base = typeof activator === "object" ? activator[0] : activator;
  if (!name || typeof options.alpha === "object") {
    return { function: typeof base === "function" ? base.name : base };
  }
  return options.alpha === undefined ? name : [name, { alpha: options.alpha }];
}
