/**
 * What networks return, and which of their layers return it.
 *
 * @module
 */

import type { Tensor } from "../core/tensor.ts";
import type { Layer } from "../layers/layer.ts";
import type { NetworkState } from "./weights.ts";

/** The result of a network. */
export interface NetworkApplied {
  /** The output of the last layer. */
  readonly output: Tensor;
  /** The state for the next call. */
  readonly state: NetworkState;
}

/** The outputs of a network. */
export interface NetworkEnds {
  /** The names of their layers, by those of the outputs (default: the last layer is the only output). */
  readonly outputs?: Readonly<Record<string, string>> | undefined;
  /** The layer of the only output (default: the last one). */
  readonly end?: Layer | undefined;
}

/** The results of some layers of a network. */
export interface LayersApplied {
  /** Their outputs by name. */
  readonly outputs: Readonly<Record<string, Tensor>>;
  /** The state for the next call. */
  readonly state: NetworkState;
}
