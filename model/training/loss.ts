/**
 * Losses: what a training step minimizes, as a function of a network and a batch.
 *
 * @module
 */

import type { Tensor } from "../../core/tensor.ts";
import type { Network } from "../network.ts";
import type { NetworkState, Weights } from "../weights.ts";

/** A batch of examples with their targets. */
export interface Batch {
  /** The inputs, [example, ...feature]. */
  readonly x: Tensor;
  /** The targets: classes, i32 [example], or numbers, [example, ...target]. */
  readonly y: Tensor;
  /** How much each example counts, [example], or each of its time steps, [example, time] (default: all alike). */
  readonly weights?: Tensor | undefined;
}

/** A batch of several inputs or outputs, by name. */
export interface RecordBatch {
  /** The inputs: one, or several by the names of their input layers. */
  readonly x: Tensor | Readonly<Record<string, Tensor>>;
  /** The targets: those of one output, or of several by the names of these. */
  readonly y: Tensor | Readonly<Record<string, Tensor>>;
  /** How much each example counts, [example], or each of its time steps, [example, time] (default: all alike). */
  readonly weights?: Tensor | undefined;
}

/** Tensors that describe a step, by name. */
export type Figures = Readonly<Record<string, Tensor>>;

/** What a loss is computed from, apart from the batch. It is also the mode in which the network is applied. */
export interface LossContext extends Weights {
  /** The network that is trained. */
  readonly network: Network;
  /** The random key of the step. */
  readonly key: Tensor;
  /** Whether this is training, as in every step. */
  readonly train: boolean;
}

/** What a loss returns. */
export interface LossResult {
  /** The cost of each example, [example, …], or a scalar. Their mean is minimized. */
  readonly cost: Tensor;
  /**
   * A scalar by which the sum of the costs is divided (default: the number of costs; if the batch has `weights`, costs are
   * multiplied by them and divided by their sum).
   */
  readonly divisor?: Tensor | undefined;
  /** The state of the layers after the step (default: unchanged). */
  readonly state?: NetworkState | undefined;
  /** Tensors that the step returns with its loss, such as the parts of the cost. */
  readonly figures?: Figures | undefined;
}

/** A loss of your own: a pure function of a network and a batch, which may be any record of tensors. */
export type Loss<B> = (context: LossContext, batch: B) => LossResult;
