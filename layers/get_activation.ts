/**
 * Activation functions by name, and their names as JSON.
 *
 * @module
 */

import { refuseSurplus } from "../core/options/surplus.ts";
import { eluOptions, reluOptions } from "../core/functions/activation_options.ts";
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
import { separate } from "../core/functions/converted.ts";
import type { Json } from "../core/json.ts";
import { tensorKind } from "../core/options/kinds.ts";
import { checkArguments, wrongKind } from "../core/options/read.ts";
import { sameShape, showShape } from "../core/shape.ts";
import { describeChoice, findNamed, type Named, nested } from "../core/options/nested.ts";
import { type Declared, makeKind, optionOf, type OptionSpec } from "../core/options/option.ts";
import { refuseOwn } from "./own_function.ts";

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

/** An activation: a function, the name of one, or either with options. */
export type Activation =
  | ActivationFunction
  | ActivationName
  | readonly [ActivationFunction | ActivationName, ActivationOptions];

const activations: Readonly<Record<ActivationName, Named<ActivationFunction>>> = {
  linear: { make: linear, options: {} },
  sigmoid: { make: sigmoid, options: {} },
  ultraFastSigmoid: { make: ultraFastSigmoid, options: {} },
  tanh: { make: tanh, options: {} },
  softmax: { make: softmax, options: {} },
  softplus: { make: softplus, options: {} },
  relu: { make: relu, options: reluOptions },
  elu: { make: elu, options: eluOptions },
  selu: { make: selu, options: {} },
  gelu: { make: gelu, options: {} },
};

/** The names of all activations. */
export const activationNames: readonly string[] = Object.keys(activations);

/** An option whose value is an activation. */
export function activation<S extends OptionSpec<Activation>>(spec?: S): Declared<Activation, S> {
  const choice = nested<Activation>(activations, { what: "activation" });
  return optionOf(
    makeKind<Activation>({ ...choice, refuse: refuseOwn(choice, choice.expected), toJson: describeActivation }),
    spec,
  );
}

const activator = activation();

/** The name of an activation function of this library; `undefined` for any other function. */
export function activationName(activation: Activation): ActivationName | undefined {
  const base = typeof activation === "object" ? activation[0] : activation;
  if (typeof base === "string") return base;
  return (Object.keys(activations) as ActivationName[]).find((name) => activations[name].make === base);
}

/** A function of the user's own, whose results are checked. */
function checked(own: ActivationFunction): ActivationFunction {
  return (x, options) => {
    const result: unknown = own(x, options);
    const name = own.name || "the function";
    if (!tensorKind.accepts(result)) throw wrongKind("apply an activation", `${name} to return a tensor`, result);
    if (sameShape(result.shape, x.shape)) return separate(x, result);
    const [expected, got] = [showShape(x.shape), showShape(result.shape)];
    throw new TypeError(`Cannot apply an activation: expected ${name} to return the shape ${expected}, got ${got}`);
  };
}

/**
 * Returns the function of an activation, which is a function, the name of one, or either with options.
 *
 * @throws {RangeError} if the name is unknown; the message suggests the nearest one.
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
export function getActivation(activation: Activation): ActivationFunction {
  refuseSurplus("getActivation", arguments, 1);
  if (typeof activation === "function") return activationName(activation) ? activation : checked(activation);
  if (typeof activation === "string") return findNamed(activations, activation, "activation").make;
  checkArguments("apply an activation", { activation }, activator);
  const [base, options] = activation;
  const make = getActivation(base);
  // Activations without options take no record, not even an empty one.
  return Object.keys(options).length === 0 ? make : (x) => make(x, options);
}

/** An activation of tensors that only the caller holds: `linear` makes no view of them. */
export function ownActivation(activation: Activation): ActivationFunction {
  const found = getActivation(activation);
  return found === linear ? (x) => x : found;
}

/**
 * Writes an activation as JSON, which {@linkcode getActivation} understands. A function that is not from this library,
 * or an option that is a tensor, cannot be written like this. It becomes `{ "function": name }`, which is refused on
 * reading.
 */
export function describeActivation(activation: Activation): Json {
  const [base, { alpha } = {}] = typeof activation === "object" ? activation : [activation];
  const name = activationName(base);
  if (!name || typeof alpha === "object") return { function: typeof base === "function" ? base.name : base };
  return alpha === undefined ? name : describeChoice(activations, [name, { alpha }]);
}
