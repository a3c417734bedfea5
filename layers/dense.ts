/**
 * Fully connected layers.
 *
 * @module
 */

import { sizeOf } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { checkCount, knownExtent, type LayerDefinition, type LayerOptions, makeLayer } from "./define.ts";
import { type PenaltyOptions, titleOf } from "./define.ts";
import { type Activation, describeActivation, getActivation } from "./get_activation.ts";
import { describeInitializer, type InitObject } from "./initialization/get_initializer.ts";
import type { Layer, LayerShape } from "./layer.ts";
import { flatten } from "./reshape.ts";

/** Parameters of {@linkcode dense}. */
export interface DenseParameters {
  /** [inputs, units] */
  readonly W: Tensor;
  /** [units]; no bias where not given. */
  readonly b?: Tensor;
}

/**
 * activation(x · W + b).
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
export function dense({ W, b }: DenseParameters, x: Tensor, activation: Activation = "linear"): Tensor {
  const product = x.matmul(W);
  return getActivation(activation)(b ? product.add(b) : product);
}

/** Options of {@linkcode denseLayer}. */
export interface DenseOptions extends LayerOptions, PenaltyOptions {
  /** The number of outputs. */
  readonly nUnits: number;
  /** How W, [inputs, units], begins; `glorotUniform` where not given. */
  readonly W?: InitObject | undefined;
  /** How b, [units], begins; zeros where not given. */
  readonly b?: InitObject | undefined;
  /** `tanh` where not given. */
  readonly activation?: Activation | undefined;
  /**
   * The leading axes of the input that stay; the others are joined to one. 1 where not given; 2 applies the layer to each
   * time step of [batch, time, feature].
   */
  readonly leadingAxes?: number | undefined;
}

/** In what a layer differs from a plain dense layer. */
export interface DenseVariant
  extends Partial<Pick<LayerDefinition, "forward" | "pretraining" | "parameters" | "state">> {
  /** What the number of units is called among the options. */
  readonly unitsOption?: string;
  /** Options of its own. */
  readonly configuration?: LayerDefinition["configuration"];
}

/** A dense layer of any kind. */
export function makeDense(
  kind: string,
  incoming: Layer,
  { W = "glorotUniform", b = "constant", activation = "tanh", leadingAxes = 1, nUnits, l1, l2, name }: DenseOptions,
  { unitsOption = "nUnits", ...special }: DenseVariant = {},
): Layer {
  const title = titleOf({ kind, name });
  checkCount(title, unitsOption, nUnits);
  checkCount(title, "leadingAxes", leadingAxes);
  const shape: LayerShape = incoming.outputShape;
  const inputs = sizeOf(shape.slice(leadingAxes).map((_, i) => knownExtent(title, shape, leadingAxes + i)));
  return makeLayer({
    kind,
    name,
    incoming: [incoming],
    outputShape: [...shape.slice(0, leadingAxes), nUnits],
    configuration: {
      [unitsOption]: nUnits,
      W: describeInitializer(W),
      b: describeInitializer(b),
      activation: describeActivation(activation),
      leadingAxes: leadingAxes === 1 ? undefined : leadingAxes,
      l1,
      l2,
      ...special.configuration,
    },
    parameters: { W: { from: W, shape: [inputs, nUnits] }, b: { from: b, shape: [nUnits] }, ...special.parameters },
    forward: special.forward ?? (({ W, b }, [x]) => dense({ W, b }, flatten(x, leadingAxes + 1))),
    ...(special.state && { state: special.state }),
    ...(special.pretraining && { pretraining: special.pretraining }),
    activation,
    penalty: { l1, l2 },
  });
}

/**
 * A fully connected layer: activation(x · W + b). Axes after the first are joined to one.
 *
 * @throws {RangeError} if `nUnits` is no whole number of at least 1.
 * @throws {TypeError} if the number of inputs is not known.
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
  return makeDense("DenseLayer", incoming, options);
}

/** Options of {@linkcode logisticRegression}. */
export interface LogisticRegressionOptions extends Omit<DenseOptions, "nUnits"> {
  /** The number of classes. */
  readonly nClass: number;
}

/**
 * A dense layer with softmax: the probabilities of the classes. Its weights begin at 0.
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
export function logisticRegression(incoming: Layer, { nClass, ...options }: LogisticRegressionOptions): Layer {
  const { W = "constant", activation = "softmax" } = options;
  return makeDense("LogisticRegression", incoming, { ...options, W, activation, nUnits: nClass }, {
    unitsOption: "nClass",
  });
}
