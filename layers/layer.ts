/**
 * What a layer is.
 *
 * A layer is an immutable record made by a function such as `denseLayer`. It holds the layers it takes its input from, so
 * that the last layer of a network knows all of it. The numbers it learns are not in it: `init` makes them, and `apply`
 * takes them as arguments.
 *
 * @module
 */

import type { Json } from "../core/json.ts";
import type { Tensor } from "../core/tensor.ts";

export type { Json };

/** The shape of a layer's output; null for an extent that may be any, such as that of the batch. */
export type LayerShape = readonly (number | null)[];

/** Learned numbers of a layer by name: `W`, `b`, … */
export type Parameters = Readonly<Record<string, Tensor>>;

/** Numbers of a layer that change in training but are not learned: running means, persistent chains. */
export type State = Readonly<Record<string, Tensor>>;

/** How a layer is applied. */
export interface Mode {
  /** Whether this is training: dropout drops, running statistics are updated. */
  readonly train: boolean;
  /** Random key; layers that draw random numbers need it in training. */
  readonly key?: Tensor;
  /** The layer's state. */
  readonly state: State;
}

/** What a layer gives. */
export interface Applied {
  /** The output of the layer. */
  readonly output: Tensor;
  /** The state for the next call. */
  readonly state: State;
}

/** What `init` makes. */
export interface Initial {
  /** The numbers to be learned. */
  readonly params: Parameters;
  /** The numbers that change otherwise. */
  readonly state: State;
}

/** The input of a layer: a tensor, or one for each incoming layer where there are several. */
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
   * What makes the layer again, with the function of its kind and the incoming layers. Functions that are not of this
   * library are written as `{ "function": name }`, which is refused on reading.
   */
  readonly configuration: { readonly [key: string]: Json };
  /** First parameters and state. */
  init(key: Tensor): Initial;
  /**
   * The output for an input.
   *
   * @throws {TypeError} if the input does not fit; the message names the layer and both shapes.
   */
  apply(params: Parameters, input: LayerInput, mode: Mode): Applied;
  /** The output before the last activation, where that is a softmax: what a fused cross-entropy starts from. */
  readonly logits?: (params: Parameters, input: LayerInput, mode: Mode) => Applied;
  /** The penalty of the layer's l1 and l2 options; null where it has none. */
  readonly penalty?: (params: Parameters) => Tensor | null;
  /** How the layer learns from its own input before the network is trained. */
  readonly pretraining?: Pretraining;
}

/** The pre-training of an unsupervised layer. */
export interface Pretraining {
  /** How often the whole training set is shown. */
  readonly epochs: number;
  /** The examples of one step. */
  readonly batchSize: number;
  /** The factor of the gradient in one step. */
  readonly learningRate: number;
  /** One step on a batch of the layer's input; `cost` is what is shown, lower is better. */
  step(
    params: Parameters,
    state: State,
    input: Tensor,
    key: Tensor,
  ): { params: Parameters; state: State; cost: Tensor };
}
