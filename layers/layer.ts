/**
 * What a layer is.
 *
 * A layer is an immutable record made by a function such as `denseLayer`. It holds the layers it takes its input from, so
 * that the last layer of a network knows all of it. It does not hold the tensors that it learns: `init` makes them, and
 * `apply` takes them as arguments.
 *
 * @module
 */

import type { Json } from "../core/json.ts";
import type { Tensor } from "../core/tensor.ts";

export type { Json };

/** The shape of a layer's output; null for an extent that may be any, such as that of the batch. */
export type LayerShape = readonly (number | null)[];

/** Learned tensors of a layer by name: `W`, `b`, … */
export type Parameters = Readonly<Record<string, Tensor>>;

/** Tensors of a layer that change in training but are not learned: running means, persistent chains. */
export type State = Readonly<Record<string, Tensor>>;

/** How a layer is applied. */
export interface Mode {
  /** Whether this is training: dropout drops, running statistics are updated. */
  readonly train: boolean;
  /** Random key, which layers that draw random numbers need in training. */
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

/** Parameters and state: what `init` makes. */
export interface Initial {
  /** The numbers to be learned. */
  readonly params: Parameters;
  /** The numbers that change otherwise. */
  readonly state: State;
}

/** The input of a layer: a tensor, or one for each incoming layer if there are several. */
export type LayerInput = Tensor | readonly Tensor[];

/** A layer. */
export interface Layer {
  /** The kind, as in default names: `DenseLayer`. */
  readonly kind: string;
  /** The given name; a network names those that have none by kind and running number, `DenseLayer 3`. */
  readonly name: string | undefined;
  /** The layers whose outputs are this one's input, in order; none for an input layer. */
  readonly incoming: readonly Layer[];
  /** The shape of the output. */
  readonly outputShape: LayerShape;
  /**
   * The options from which the function of its kind rebuilds the layer, given the incoming layers. Functions that are not
   * from this library are written as `{ "function": name }`, which is refused on reading.
   */
  readonly configuration: { readonly [key: string]: Json };
  /** Initial parameters and state. */
  init(key: Tensor): Initial;
  /**
   * The output for an input.
   *
   * @throws {TypeError} if the input does not fit; the message names the layer and both shapes.
   */
  apply(params: Parameters, input: LayerInput, mode: Mode): Applied;
  /** The output before the last activation, if that is a softmax: the input of a fused cross-entropy. */
  readonly logits?: (params: Parameters, input: LayerInput, mode: Mode) => Applied;
  /** The penalty of the layer's l1 and l2 options; null if it has none. */
  readonly penalty?: (params: Parameters) => Tensor | null;
  /** How the layer learns from its own input before the network is trained. */
  readonly pretraining?: Pretraining;
}

/** What a step of pre-training gives. */
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
  /** The factor of the gradient in one step. */
  readonly learningRate: number;
  /** One step on a batch of the layer's input. */
  step(before: Initial, input: Tensor, key: Tensor): PretrainingStep;
}
