/**
 * Options of a training.
 *
 * @module
 */

import type { SaveOptions } from "./checkpoints.ts";

/** Options of a training. */
export interface TrainOptions extends SaveOptions {
  /** What all random numbers come from: the same seed gives the same weights on the same device. 1 where not given. */
  readonly seed?: number | undefined;
  /**
   * Whether unsupervised layers learn from their input first; where not given, they do if the network carries no weights
   * yet.
   */
  readonly unsupervisedTraining?: boolean | undefined;
  /** Whether to stop when the validation error falls no more; true where not given. */
  readonly earlyStop?: boolean | undefined;
  /** Whether each epoch has an order of its own; true where not given. */
  readonly shuffle?: boolean | undefined;
  /** Whether the weights with the least validation error are kept rather than the last; true where not given. */
  readonly restoreBest?: boolean | undefined;
  /**
   * The bytes of the device that examples may take, 2 GiB where not given. Sets that need more are streamed there, a few
   * batches at a time, which changes no bit of what is learned; the smaller ones stay.
   */
  readonly deviceBytes?: number | undefined;
  /** Stops the training after the step in progress; what was reached is kept. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Goes on with a saved training as if it had never stopped: with that of `file` (true), or of another file. The model
   * must be the one that was saved; only `nEpochs` may differ. Options that are not given are those of that training.
   */
  readonly resume?: boolean | string | URL | undefined;
}
