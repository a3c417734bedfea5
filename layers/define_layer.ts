/**
 * Shared by all layers: options, names in messages, checks of inputs, initial parameters, and the final activation.
 *
 * @module
 */

import { nameOption, objectKind, parametersKind, tensorsKind } from "../core/options/kinds.ts";
import { checkArgument, checkArguments, type NothingElse, readOptions } from "../core/options/read.ts";
import { describeOptions } from "../core/options/nested.ts";
import { finite } from "../core/options/numbers.ts";
import type { AnyDeclaration, Declaration, OptionValues } from "../core/options/option.ts";
import { separate } from "../core/functions/converted.ts";
import { splitKeys } from "../core/random/bits.ts";
import { showValue } from "../core/options/show.ts";
import { MOST_ELEMENTS, type Shape, showShape, sizeOf } from "../core/shape.ts";
import { Tensor } from "../core/tensor.ts";
import { type Activation, activationName, ownActivation } from "./get_activation.ts";
import { initializer, type InitObject } from "./initialization/get_initializer.ts";
import type { Applied, Layer, LayerInput, LayerShape, Mode, Parameters, Pretraining } from "./layer.ts";
import { type OutputValues, valuesAfter } from "./output_values.ts";

const incomingKind = objectKind("a layer as its input", "outputShape", "incoming");

/** Options that every layer has. */
export interface LayerOptions {
  /** The name of the layer; default: its kind and number, which the network gives it. */
  readonly name?: string | undefined;
}

/** {@linkcode LayerOptions}, declared. */
export const layerOptions = {
  name: nameOption({ otherwise: "its kind and number", help: "name of the layer" }),
} satisfies Declaration<LayerOptions>;

/** Options of layers with weights: penalties in the cost. */
export interface PenaltyOptions {
  /** Factor of the mean |W| in the cost; default: 0. */
  readonly l1?: number | undefined;
  /** Factor of the mean W² in the cost; default: 0. */
  readonly l2?: number | undefined;
}

/** {@linkcode PenaltyOptions}, declared. */
export const penaltyOptions = {
  l1: finite({ least: 0, default: 0, help: "factor of the mean |W| in the cost" }),
  l2: finite({ least: 0, default: 0, help: "factor of the mean W² in the cost" }),
} satisfies Declaration<PenaltyOptions>;

/** A kind of layer, with its options. */
export interface LayerKind<D extends AnyDeclaration = AnyDeclaration> {
  /** The name of the kind in configurations and default names, such as `DenseLayer`. */
  readonly kind: string;
  /** The options of the function that makes layers of this kind. */
  readonly options: D;
  /** Options that a configuration contains only if they were given; all others are written with their defaults. */
  readonly onlyGiven?: readonly (string & keyof D)[];
}

/** A layer whose options have been read. */
export interface ReadLayer<D> {
  /** The options, with defaults. */
  readonly values: OptionValues<D>;
  /** The name of the layer in messages. */
  readonly title: string;
  /** The identity that {@linkcode makeLayer} takes. */
  readonly identity: LayerIdentity;
}

/** The names of a layer, and its configuration. */
export interface LayerIdentity extends Pick<Layer, "kind" | "name"> {
  /** The name of the layer in messages. */
  readonly title: string;
  /** The configuration: the options as they were read, and those that the layer completed. */
  describe(completed: Readonly<Record<string, unknown>>): Layer["configuration"];
}

/**
 * Reads the options of a layer: checks them, and fills in the defaults.
 *
 * @param incoming the layers from which it takes its input, which are checked, too
 * @throws {RangeError} if an option is unknown (the message suggests the nearest name), or a value is out of bounds.
 * @throws {TypeError} if a value is of another kind, or a required one is missing.
 */
export function readLayer<O extends LayerOptions, D extends Declaration<O>>(
  { kind, options, onlyGiven = [] }: LayerKind<D & NothingElse<D, O>>,
  given: O | undefined,
  ...incoming: readonly Layer[]
): ReadLayer<D> {
  const title = titleOf({ kind, name: given?.name });
  for (const one of incoming) checkArgument(`make ${title}`, one, incomingKind);
  const values = readOptions<O, D>(`make ${title}`, options, given);
  const plain: Readonly<Record<string, unknown>> = { ...given };
  const asGiven = Object.fromEntries(onlyGiven.map((option) => [option, plain[option]]));
  const describe: LayerIdentity["describe"] = (completed) => {
    const { name: _, ...configuration } = describeOptions(options, { ...values, ...asGiven, ...completed });
    return configuration;
  };
  return { values, title, identity: { kind, name: given?.name, title, describe } };
}

/** How one parameter is initialized. */
export interface ParameterStart {
  readonly from: InitObject;
  readonly shape: Shape;
  /** Numbers of inputs and outputs of one unit; default: those of the shape. */
  readonly fan?: readonly [number, number];
}

const recordKind = objectKind("a record of tensors");
const penalizedKind = parametersKind("W");
const modeKind = objectKind("a mode such as { train: false, state: {} }", "train", "state");

/** The parts of a layer, and what the values of its output are: those of its activation, or as it declares. */
export type LayerDefinition =
  & LayerParts
  & (
    | { readonly activation: Activation; readonly values?: OutputValues }
    | { readonly activation?: undefined; readonly values: OutputValues }
  );

interface LayerParts {
  readonly incoming: readonly Layer[];
  /** The shapes of the inputs; default: those of the outputs of the incoming layers. */
  readonly inputShapes?: readonly LayerShape[];
  readonly outputShape: LayerShape;
  /** Options that the layer completed, from other options or from its input. */
  readonly completed?: Readonly<Record<string, unknown>>;
  readonly parameters?: Readonly<Record<string, ParameterStart>>;
  readonly state?: Readonly<Record<string, ParameterStart>>;
  /** The output before the activation, which is applied last. If only a tensor is returned, the state does not change. */
  forward(params: Parameters, inputs: readonly Tensor[], mode: Mode): Tensor | Applied;
  readonly penalty?: PenaltyOptions;
  readonly pretraining?: Pretraining | undefined;
  /** Whether the output has the rows of the only incoming layer (default: false). */
  readonly passesRows?: boolean;
}

/** The name of a layer in messages: `DenseLayer "Hidden layer 1"`. */
export function titleOf({ kind, name }: { readonly kind: string; readonly name?: unknown }): string {
  return typeof name === "string" ? `${kind} ${showValue(name)}` : kind;
}

function matches(shape: Shape, expected: LayerShape): boolean {
  return shape.length === expected.length && expected.every((extent, i) => extent === null || extent === shape[i]);
}

function checkInputs(title: string, definition: LayerDefinition, input: LayerInput): readonly Tensor[] {
  const inputs = input instanceof Tensor ? [input] : input;
  checkArguments(`apply ${title}`, { input: inputs }, tensorsKind);
  const expected = definition.inputShapes ?? definition.incoming.map(({ outputShape }) => outputShape);
  if (inputs.length !== expected.length || !inputs.every(({ shape }, i) => matches(shape, expected[i]))) {
    const show = (shapes: readonly LayerShape[]) => shapes.map(showShape).join(" and ");
    throw new TypeError(
      `Cannot apply ${title} to ${show(inputs.map(({ shape }) => shape))}: expected ${show(expected)}`,
    );
  }
  return inputs;
}

/** Refuses an output, parameters or a state with more elements than a tensor can have. */
function checkSizes(title: string, outputShape: LayerShape, starts: readonly ParameterStart[]): void {
  for (const shape of [outputShape, ...starts.map((start) => start.shape)]) {
    if (sizeOf(shape.map((extent) => extent ?? 1)) <= MOST_ELEMENTS) continue;
    throw new RangeError(
      `Cannot make ${title}: a tensor has at most ${MOST_ELEMENTS} elements, got one of ${showShape(shape)}`,
    );
  }
}

/** Initial parameters, each drawn with its own key. */
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

/** l1 · mean |W| + l2 · mean W²; null if both factors are 0, or W has no elements, whose mean would be NaN. */
function penaltyOf({ l1 = 0, l2 = 0 }: PenaltyOptions, params: Parameters): Tensor | null {
  if (l1 === 0 && l2 === 0) return null;
  checkArguments("compute a penalty", { params }, penalizedKind);
  const { W } = params;
  if (W.shape.includes(0)) return null;
  const terms = [
    ...(l1 === 0 ? [] : [W.abs().mean().mul(l1)]),
    ...(l2 === 0 ? [] : [W.square().mean().mul(l2)]),
  ];
  return terms.reduce((sum, term) => sum.add(term));
}

/** Makes a layer from its parts. */
export function makeLayer({ kind, name, title, describe }: LayerIdentity, definition: LayerDefinition): Layer {
  const { incoming, outputShape, parameters = {}, state = {}, activation = "linear" } = definition;
  const { penalty, pretraining, passesRows } = definition;
  checkSizes(title, outputShape, [...Object.values(parameters), ...Object.values(state)]);
  const activate = ownActivation(activation);
  const forward = (params: Parameters, input: LayerInput, mode: Mode): Applied => {
    checkArguments(`apply ${title}`, { params }, recordKind);
    checkArguments(`apply ${title}`, { mode }, modeKind);
    const inputs = checkInputs(title, definition, input);
    const result = definition.forward(params, inputs, mode);
    const { output, state } = result instanceof Tensor ? { output: result, state: mode.state } : result;
    return { output: inputs.includes(output) ? separate(output, output) : output, state };
  };
  return {
    kind,
    name,
    incoming,
    outputShape,
    outputValues: definition.values ?? valuesAfter(activation),
    configuration: describe(definition.completed ?? {}),
    init: (key) => ({ params: begin(title, parameters, key), state: begin(title, state, key) }),
    apply: (params, input, mode) => {
      const { output, state } = forward(params, input, mode);
      return { output: activate(output), state };
    },
    ...(activationName(activation) === "softmax" && { logits: forward }),
    ...(penalty && { penalty: (params: Parameters) => penaltyOf(penalty, params) }),
    ...(pretraining && { pretraining }),
    ...(passesRows && { passesRows }),
  };
}

/** The extent of an axis of a layer's input, which must be known. */
export function knownExtent(title: string, shape: LayerShape, axis: number): number {
  const extent = shape.at(axis);
  if (typeof extent === "number") return extent;
  throw new TypeError(`Cannot make ${title}: axis ${axis} of its input ${showShape(shape)} must be known`);
}

/** Checks that a layer's input has the given axes. */
export function checkRank(title: string, shape: LayerShape, axes: readonly string[]): void {
  if (shape.length === axes.length) return;
  throw new TypeError(`Cannot make ${title}: expected an input of [${axes.join(", ")}], got ${showShape(shape)}`);
}

/** The random key that a layer needs in training. */
export function keyOf(title: string, mode: Mode): Tensor {
  if (mode.key) return mode.key;
  throw new TypeError(`Cannot apply ${title} in training: expected a random key in the mode, got none`);
}
