/**
 * A training at one moment.
 *
 * @module
 */

import type { Tensor } from "../../core/tensor.ts";
import type { Parameters, State } from "../../layers/layer.ts";
import type { Progress } from "./progress.ts";
import type { TrainingState } from "./step.ts";
import { disposeTree, type Weights } from "../weights.ts";

/** A training at a moment: all that it needs to go on as if it had never stopped. */
export interface Snapshot {
  readonly progress: Progress;
  /** The numbers that steps change, as the last step left them. */
  readonly state: TrainingState;
  /** The weights with the least validation error; null before the first validation. */
  readonly best: Weights | null;
}

/** What steps of pre-training change. */
export interface LayerState {
  readonly params: Parameters;
  readonly state: State;
  /** The number of steps done, i32 scalar. */
  readonly step: Tensor;
  /** The sum of the costs of this epoch, f32 scalar. */
  readonly cost: Tensor;
}

/** A pre-training at a moment. */
export interface PretrainingSnapshot {
  /** The name of the layer that learns. */
  readonly layer: string;
  /** The epoch in progress, counted from 1, and its batches that are done. */
  readonly epoch: number;
  readonly batch: number;
  readonly state: LayerState;
  /** All weights, with what this layer has learned so far. */
  readonly weights: Weights;
}

/** The weights that a training keeps: the best ones if they are to be restored and there are some, else the last ones. */
export function keptWeights({ state: { params, state }, best }: Snapshot, restoreBest: boolean): Weights {
  return restoreBest && best ? best : { params, state };
}

/** Gives the memory of a snapshot back, but for the weights that are kept. */
export function disposeRest({ state: { params, state, ...others }, best }: Snapshot, kept: Weights): void {
  disposeTree(others);
  if (kept.params !== params) disposeTree({ params, state });
  if (best && kept !== best) disposeTree(best);
}
