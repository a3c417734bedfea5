/**
 * Fully connected layers.
 *
 * @module
 */

import { refuseSurplus } from "../core/options/surplus.ts";
import { addFitting } from "../core/functions/fitting.ts";
import { parametersKind, tensorKind } from "../core/options/kinds.ts";
import { checkArguments } from "../core/options/read.ts";
import { showShape, sizeOf } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { count } from "../core/options/numbers.ts";
import type { Declaration, OptionValues } from "../core/options/option.ts";
import { knownExtent, type LayerDefinition, type LayerKind, type LayerOptions, layerOptions } from "./define_layer.ts";
import { type LayerIdentity, makeLayer, type PenaltyOptions, penaltyOptions, readLayer } from "./define_layer.ts";
import { type Activation, activation, ownActivation } from "./get_activation.ts";
import { initialValue, type InitObject } from "./initialization/get_initializer.ts";
import type { Layer, LayerShape } from "./layer.ts";
import { flatten } from "./reshape.ts";

const paramsKind = parametersKind("W", "b?");

/** Parameters of {@linkcode dense}. */
export interface DenseParameters {
  /** [inputs, units] */
  readonly W: Tensor;
  /** [units]; default: no bias. */
  readonly b?: Tensor;
}

/**
 * Multiplies inputs by weights: activation(x · W + b).
 *
 * @param x […, inputs]
 * @returns […, units]
 *
 * @example
 * ```ts
 * import { dense } from "@yadll/yadll/layers";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const params = { W: tensor([[1, 2], [3, 4]]), b: tensor([10, -50]) };
 * assertEquals(await dense(params, tensor([[1, 1]]), "relu").toArray(), [[14, 0]]);
 * ```
 */
export function dense(params: DenseParameters, x: Tensor, activation: Activation = "linear"): Tensor {
  checkArguments("apply a dense layer", { params }, paramsKind);
  checkArguments("apply a dense layer", { x }, tensorKind);
  const { W, b } = params;
  const product = x.matmul(W);
  return ownActivation(activation)(b ? addFitting("apply a dense layer", product, { b }) : product);
}

/** Options of {@linkcode denseLayer}. */
export interface DenseOptions extends LayerOptions, PenaltyOptions {
  /** The number of outputs. */
  readonly nUnits: number;
  /** Initializer of W, [inputs, units]; default: `glorotUniform`. */
  readonly W?: InitObject | undefined;
  /** Initializer of b, [units]; default: `constant`, which is zeros. */
  readonly b?: InitObject | undefined;
  /** The activation function; default: `tanh`. */
  readonly activation?: Activation | undefined;
  /**
   * The number of leading axes that are kept; default: 1. The other axes are joined into one. With 2, the layer is
   * applied to each time step of [batch, time, feature].
   */
  readonly leadingAxes?: number | undefined;
}

/** {@linkcode DenseOptions}, declared. */
export const denseOptions = {
  ...layerOptions,
  nUnits: count({ required: true, help: "number of outputs" }),
  W: initialValue({ default: "glorotUniform", help: "initializer of W" }),
  b: initialValue({ default: "constant", help: "initializer of b" }),
  activation: activation({ default: "tanh", help: "activation function" }),
  leadingAxes: count({ default: 1, help: "number of leading axes that are kept" }),
  ...penaltyOptions,
} satisfies Declaration<DenseOptions>;

/** The kind of {@linkcode denseLayer}. */
export const denseKind = {
  kind: "DenseLayer",
  options: denseOptions,
  onlyGiven: ["leadingAxes", "l1", "l2"],
} satisfies LayerKind<typeof denseOptions>;

/** The parts of a layer that differ from a plain dense layer. */
export type DenseVariant = Partial<
  Pick<LayerDefinition, "completed" | "forward" | "pretraining" | "parameters" | "state">
>;

/** The number of inputs of each unit of a dense layer with these leading axes. */
export function inputsOf(title: string, { outputShape }: Layer, leadingAxes: number): number {
  if (leadingAxes > outputShape.length) {
    throw new RangeError(
      `Cannot make ${title}: expected leadingAxes of at most ${outputShape.length}, the number of axes of its input ${
        showShape(outputShape)
      }, got ${leadingAxes}`,
    );
  }
  return sizeOf(outputShape.slice(leadingAxes).map((_, i) => knownExtent(title, outputShape, leadingAxes + i)));
}

/** Makes a dense layer of any kind. */
export function makeDense(
  identity: LayerIdentity,
  incoming: Layer,
  { W, b, activation, leadingAxes, nUnits, l1, l2 }: Omit<OptionValues<typeof denseOptions>, "name">,
  { parameters, ...special }: DenseVariant = {},
): Layer {
  const { title } = identity;
  const shape: LayerShape = incoming.outputShape;
  const inputs = inputsOf(title, incoming, leadingAxes);
  return makeLayer(identity, {
    forward: ({ W, b }, [x]) => dense({ W, b }, flatten(x, leadingAxes + 1)),
    ...special,
    incoming: [incoming],
    outputShape: [...shape.slice(0, leadingAxes), nUnits],
    parameters: { W: { from: W, shape: [inputs, nUnits] }, b: { from: b, shape: [nUnits] }, ...parameters },
    activation,
    penalty: { l1, l2 },
  });
}

/**
 * A fully connected layer: activation(x · W + b), [batch, …] → [batch, units]. The axes after the first are joined into
 * one.
 *
 * @throws {RangeError} if `nUnits` is not a whole number of at least 1.
 * @throws {TypeError} if the number of inputs is unknown.
 *
 * @example
 * ```ts
 * import { denseLayer, inputLayer } from "@yadll/yadll/layers";
 * import { random, zeros } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const layer = denseLayer(inputLayer({ shape: [null, 784] }), { nUnits: 500, activation: "relu" });
 * const { params } = layer.init(random.key(1));
 * const { output } = layer.apply(params, zeros([32, 784]), { train: false, state: {} });
 * assertEquals(output.shape, [32, 500]);
 * ```
 */
export function denseLayer(incoming: Layer, options: DenseOptions): Layer {
  refuseSurplus("denseLayer", arguments, 2);
  const { identity, values } = readLayer(denseKind, options, incoming);
  return makeDense(identity, incoming, values);
}

/** Options of {@linkcode logisticRegression}. */
export interface LogisticRegressionOptions extends Omit<DenseOptions, "nUnits"> {
  /** The number of classes. */
  readonly nClass: number;
  /** Initializer of W, [inputs, classes]; default: `constant`, which is zeros. */
  readonly W?: InitObject | undefined;
  /** The activation function; default: `softmax`. */
  readonly activation?: Activation | undefined;
}

/** The kind of {@linkcode logisticRegression}. */
export const logisticRegressionKind = {
  kind: "LogisticRegression",
  options: {
    ...layerOptions,
    nClass: count({ required: true, help: "number of classes" }),
    W: initialValue({ default: "constant", help: "initializer of W" }),
    b: denseOptions.b,
    activation: activation({ default: "softmax", help: "activation function" }),
    leadingAxes: denseOptions.leadingAxes,
    ...penaltyOptions,
  } satisfies Declaration<LogisticRegressionOptions>,
  onlyGiven: denseKind.onlyGiven,
};

/**
 * A dense layer that returns the probabilities of classes: softmax(x · W + b), [batch, …] → [batch, classes]. The
 * weights are initialized to 0.
 *
 * Source: http://deeplearning.net/tutorial/logreg.html
 *
 * @example
 * ```ts
 * import { inputLayer, logisticRegression } from "@yadll/yadll/layers";
 * import { random, zeros } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const layer = logisticRegression(inputLayer({ shape: [null, 4] }), { nClass: 2 });
 * const { params } = layer.init(random.key(1));
 * const { output } = layer.apply(params, zeros([1, 4]), { train: false, state: {} });
 * assertEquals(await output.toArray(), [[0.5, 0.5]]);
 * ```
 */
export function logisticRegression(incoming: Layer, options: LogisticRegressionOptions): Layer {
  refuseSurplus("logisticRegression", arguments, 2);
  const { identity, values } = readLayer(logisticRegressionKind, options, incoming);
  return makeDense(identity, incoming, { ...values, nUnits: values.nClass });
}
