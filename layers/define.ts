/**
 * What all layers share: names in messages, checks of inputs, first parameters, the last activation.
 *
 * @module
 */

import { splitKeys } from "../core/random/bits.ts";
import { type Shape, showShape } from "../core/shape.ts";
import { Tensor } from "../core/tensor.ts";
import { type Activation, activationName, getActivation } from "./get_activation.ts";
import { initializer, type InitObject } from "./initialization/get_initializer.ts";
import type { Applied, Json, Layer, LayerInput, LayerShape, Mode, Parameters, Pretraining } from "./layer.ts";

/** Options that every layer has. */
export interface LayerOptions {
  /** The layer's name; the network names those that have none. */
  readonly name?: string | undefined;
}

/** Options of layers with weights: what is added to the cost. */
export interface PenaltyOptions {
  /** Factor of the mean |W|. */
  readonly l1?: number | undefined;
  /** Factor of the mean W². */
  readonly l2?: number | undefined;
}

/** How one parameter begins. */
export interface ParameterStart {
  readonly from: InitObject;
  readonly shape: Shape;
  /** Numbers of inputs and outputs of one unit, where they are not those of the shape. */
  readonly fan?: readonly [number, number];
}

/** The parts that make a layer. */
export interface LayerDefinition {
  readonly kind: string;
  readonly name: string | undefined;
  readonly incoming: readonly Layer[];
  /** What the inputs must look like, where that is not the output of the incoming layers. */
  readonly inputShapes?: readonly LayerShape[];
  readonly outputShape: LayerShape;
  readonly configuration: Readonly<Record<string, Json | undefined>>;
  readonly parameters?: Readonly<Record<string, ParameterStart>>;
  readonly state?: Readonly<Record<string, ParameterStart>>;
  /** The output before the activation; the state stays what it was where a tensor is given. */
  forward(params: Parameters, inputs: readonly Tensor[], mode: Mode): Tensor | Applied;
  /** Applied last; nothing where not given. */
  readonly activation?: Activation;
  readonly penalty?: PenaltyOptions;
  readonly pretraining?: Pretraining | undefined;
}

/** A layer as it is called in messages: `DenseLayer "Hidden layer 1"`. */
export function titleOf({ kind, name }: { readonly kind: string; readonly name?: string | undefined }): string {
  return name === undefined ? kind : `${kind} ${JSON.stringify(name)}`;
}

function matches(shape: Shape, expected: LayerShape): boolean {
  return shape.length === expected.length && expected.every((extent, i) => extent === null || extent === shape[i]);
}

function checkInputs(definition: LayerDefinition, input: LayerInput): readonly Tensor[] {
  const inputs = input instanceof Tensor ? [input] : input;
  const expected = definition.inputShapes ?? definition.incoming.map(({ outputShape }) => outputShape);
  if (inputs.length !== expected.length || !inputs.every(({ shape }, i) => matches(shape, expected[i]))) {
    const show = (shapes: readonly LayerShape[]) => shapes.map(showShape).join(" and ");
    throw new TypeError(
      `Cannot apply ${titleOf(definition)} to ${show(inputs.map(({ shape }) => shape))}: expected ${show(expected)}`,
    );
  }
  return inputs;
}

/** Parameters from their starts, each from a key of its own. */
function begin(title: string, starts: Readonly<Record<string, ParameterStart>>, key: Tensor): Parameters {
  const names = Object.keys(starts);
  if (names.length === 0) return {};
  const keys = splitKeys(key, names.length);
  return Object.fromEntries(names.map((name, i) => {
    const { from, shape, fan } = starts[name];
    try {
      return [name, initializer(from, keys[i], shape, fan ? { fan } : {})];
    } catch (cause) {
      if (!(cause instanceof Error)) throw cause;
      throw new TypeError(`Cannot make ${name} of ${title}: ${cause.message}`, { cause });
    }
  }));
}

/** l1 · mean |W| + l2 · mean W²; null where both factors are 0. */
function penaltyOf({ l1 = 0, l2 = 0 }: PenaltyOptions, { W }: Parameters): Tensor | null {
  const terms = [
    ...(l1 === 0 ? [] : [W.abs().mean().mul(l1)]),
    ...(l2 === 0 ? [] : [W.square().mean().mul(l2)]),
  ];
  return terms.length === 0 ? null : terms.reduce((sum, term) => sum.add(term));
}

function defined(record: Readonly<Record<string, Json | undefined>>): { [key: string]: Json } {
  const entries = Object.entries(record).filter((entry): entry is [string, Json] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}

/** A layer from its parts. */
export function makeLayer(definition: LayerDefinition): Layer {
  const { kind, name, incoming, outputShape, parameters = {}, state = {}, penalty, pretraining } = definition;
  const activation = definition.activation ?? "linear";
  const activate = getActivation(activation);
  const forward = (params: Parameters, input: LayerInput, mode: Mode): Applied => {
    const result = definition.forward(params, checkInputs(definition, input), mode);
    return result instanceof Tensor ? { output: result, state: mode.state } : result;
  };
  return {
    kind,
    name,
    incoming,
    outputShape,
    configuration: defined(definition.configuration),
    init: (key) => ({
      params: begin(titleOf(definition), parameters, key),
      state: begin(titleOf(definition), state, key),
    }),
    apply: (params, input, mode) => {
      const { output, state } = forward(params, input, mode);
      return { output: activate(output), state };
    },
    ...(activationName(activation) === "softmax" && { logits: forward }),
    ...(penalty && { penalty: (params: Parameters) => penaltyOf(penalty, params) }),
    ...(pretraining && { pretraining }),
  };
}

/** The known extent of an axis of a layer's input. */
export function knownExtent(title: string, shape: LayerShape, axis: number): number {
  const extent = shape.at(axis);
  if (typeof extent === "number") return extent;
  throw new TypeError(`Cannot make ${title}: axis ${axis} of its input ${showShape(shape)} must be known`);
}

/** Fails unless a layer's input has the given axes. */
export function checkRank(title: string, shape: LayerShape, axes: readonly string[]): void {
  if (shape.length === axes.length) return;
  throw new TypeError(`Cannot make ${title}: expected an input of [${axes.join(", ")}], got ${showShape(shape)}`);
}

/** Fails unless an option is a whole number of at least `least`. */
export function checkCount(title: string, option: string, value: number, least = 1): number {
  if (Number.isInteger(value) && value >= least) return value;
  throw new RangeError(
    `Cannot make ${title}: expected ${option} to be a whole number of at least ${least}, got ${value}`,
  );
}

/** Fails unless an option lies in 0 … 1. */
export function checkShare(title: string, option: string, value: number): number {
  if (value >= 0 && value <= 1) return value;
  throw new RangeError(`Cannot make ${title}: expected ${option} to lie in 0 … 1, got ${value}`);
}

/** The random key of a call in training. */
export function keyOf(title: string, mode: Mode): Tensor {
  if (mode.key) return mode.key;
  throw new TypeError(`Cannot apply ${title} in training: expected a random key in the mode, got none`);
}
