/**
 * Snapshots of a training.
 *
 * @module
 */

import type { Tensor } from "../../core/tensor.ts";
import { leavesOf } from "../../core/tree.ts";
import type { Parameters, State } from "../../layers/layer.ts";
import type { UpdateRule } from "../../optim/update_rule.ts";
import type { Progress } from "./progress.ts";
import type { TrainingState } from "./step.ts";
import type { Weights } from "../weights.ts";

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

/** How the weights that a training keeps are chosen. */
export interface KeptChoice {
  /** Whether the best ones are restored. */
  readonly restoreBest: boolean;
  /** The update rule, which may average the parameters. */
  readonly rule: UpdateRule;
}

/** The weights that are validated and kept: those after the last step, or the averages that the rule computes. */
export function currentWeights({ params, state, updates }: TrainingState, { averaged }: UpdateRule): Weights {
  return { params: averaged ? averaged(updates, params) : params, state };
}

/** The weights that a training keeps: the best ones if they exist and are to be restored, otherwise the current ones. */
export function keptWeights({ state, best }: Snapshot, { restoreBest, rule }: KeptChoice): Weights {
  return restoreBest && best ? best : currentWeights(state, rule);
}

/** Releases the memory of a snapshot, except that of the weights that are kept. */
export function disposeRest({ state, best }: Snapshot, kept: Weights): void {
  const keep = new Set(leavesOf(kept));
  for (const leaf of leavesOf([state, best])) if (!keep.has(leaf)) leaf.dispose();
}
