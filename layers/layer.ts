/**
 * The type of layers.
 *
 * A layer is an immutable record made by a function such as `denseLayer`. It holds its incoming layers, so the last
 * layer of a network determines the whole network. It does not hold the tensors that it learns: `init` makes them, and
 * `apply` takes them as arguments.
 *
 * @module
 */

import type { Json } from "../core/json.ts";
import type { Tensor } from "../core/tensor.ts";
import type { OutputValues } from "./output_values.ts";

export type { Json };

/** The shape of a layer's output; null for an extent that may vary, such as that of the batch. */
export type LayerShape = readonly (number | null)[];

/** Learned tensors of a layer by name: `W`, `b`, … */
export type Parameters = Readonly<Record<string, Tensor>>;

/** Tensors of a layer that change in training but are not learned, such as running means and persistent chains. */
export type State = Readonly<Record<string, Tensor>>;

/** How a layer is applied. */
export interface Mode {
  /** Whether this is training: then dropout is active, and running statistics are updated. */
  readonly train: boolean;
  /** The random key, which layers that draw random numbers need in training. */
  readonly key?: Tensor;
  /** The layer's state. */
  readonly state: State;
}

/** The result of applying a layer. */
export interface Applied {
  /** The output of the layer. */
  readonly output: Tensor;
  /** The state for the next call. */
  readonly state: State;
}

/** The parameters and the state that `init` makes. */
export interface Initial {
  /** The learned tensors. */
  readonly params: Parameters;
  /** The tensors that change in training but are not learned. */
  readonly state: State;
}

/** The input of a layer: one tensor, or one for each incoming layer if there are several. */
export type LayerInput = Tensor | readonly Tensor[];

/** A layer. */
export interface Layer {
  /** The kind, as in default names: `DenseLayer`. */
  readonly kind: string;
  /** The given name. A layer without one is named by the network, by its kind and number: `DenseLayer 3`. */
  readonly name: string | undefined;
  /** The layers whose outputs are the input of this one, in order; an input layer has none. */
  readonly incoming: readonly Layer[];
  /** The shape of the output. */
  readonly outputShape: LayerShape;
  /**
   * What the values of the output are: the name of the activation that returns them, `shares` for numbers from 0 to 1,
   * `any` for other numbers, `data` for those of the data; default: `unknown`. Objectives and metrics are checked against
   * it.
   */
  readonly outputValues?: OutputValues;
  /**
   * The options from which the function of the layer's kind rebuilds it, given the incoming layers. Functions that are
   * not from this library are written as `{ "function": name }`, which is refused on reading.
   */
  readonly configuration: { readonly [key: string]: Json };
  /** Makes the initial parameters and state. */
  init(key: Tensor): Initial;
  /**
   * Computes the output for an input.
   *
   * @throws {TypeError} if the input does not fit; the message names the layer and both shapes.
   */
  apply(params: Parameters, input: LayerInput, mode: Mode): Applied;
  /** The output before the final activation, if that is a softmax: the input of a fused cross-entropy. */
  readonly logits?: (params: Parameters, input: LayerInput, mode: Mode) => Applied;
  /**
   * Whether the output has the rows of the only incoming layer as they are, perhaps along other axes: then the values
   * before its softmax are those of this layer, too (default: false).
   */
  readonly passesRows?: boolean;
  /** The penalty of the options l1 and l2; null if both are 0. */
  readonly penalty?: (params: Parameters) => Tensor | null;
  /** The pre-training of the layer on its own input, before the network is trained. */
  readonly pretraining?: Pretraining;
}

/** The result of a step of pre-training. */
export interface PretrainingStep extends Initial {
  /** The value that is reported; lower is better. */
  readonly cost: Tensor;
}

/** The pre-training of an unsupervised layer. */
export interface Pretraining {
  /** The number of passes over the training set. */
  readonly epochs: number;
  /** Examples per step. */
  readonly batchSize: number;
  /** The learning rate. */
  readonly learningRate: number;
  /** Whether the layer expects inputs from 0 to 1; default: false. */
  readonly takesShares?: boolean;
  /** Computes one step from a batch of the layer's input. */
  step(before: Initial, input: Tensor, key: Tensor): PretrainingStep;
}
