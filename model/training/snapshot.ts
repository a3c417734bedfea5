/**
 * Snapshots of a training.
 *
 * @module
 */

import type { Tensor } from "../../core/tensor.ts";
import type { Parameters, State } from "../../layers/layer.ts";
import type { Progress } from "./progress.ts";
import type { TrainingState } from "./step.ts";
import { disposeTree, type Weights } from "../weights.ts";

/** A snapshot of a training: everything that is needed to resume it as if it had never stopped. */
export interface Snapshot {
  readonly progress: Progress;
  /** The tensors that steps change, after the last step. */
  readonly state: TrainingState;
  /** The weights with the best validation error; null before the first validation. */
  readonly best: Weights | null;
}

/** The tensors that steps of pre-training change. */
export interface LayerState {
  readonly params: Parameters;
  readonly state: State;
  /** The number of steps done, i32 scalar. */
  readonly step: Tensor;
  /** The sum of the costs of this epoch, f32 scalar. */
  readonly cost: Tensor;
}

/** A snapshot of a pre-training. */
export interface PretrainingSnapshot {
  /** The name of the layer that is trained. */
  readonly layer: string;
  /** The epoch in progress, counted from 1, and the number of its batches that are done. */
  readonly epoch: number;
  readonly batch: number;
  readonly state: LayerState;
  /** All weights, including what this layer has learned so far. */
  readonly weights: Weights;
}

/** The weights that a training keeps: the best ones if they exist and are to be restored, otherwise the last ones. */
export function keptWeights({ state: { params, state }, best }: Snapshot, restoreBest: boolean): Weights {
  return restoreBest && best ? best : { params, state };
}

/** Releases the memory of a snapshot, except that of the weights that are kept. */
export function disposeRest({ state: { params, state, ...others }, best }: Snapshot, kept: Weights): void {
  disposeTree(others);
  if (kept.params !== params) disposeTree({ params, state });
  if (best && kept !== best) disposeTree(best);
}
