/**
 * When a training ends by itself.
 *
 * @module
 */

import { isExhausted, isStalled } from "./early_stopping.ts";
import type { Progress } from "./progress.ts";
import type { TrainingPlan } from "./training_plan.ts";

/** Whether early stopping ends training after an iteration, counted from 0. */
export function isOutOfPatience(
  { patienceEpochs, programs: { batches } }: TrainingPlan,
  { patience }: Progress,
  iteration: number,
): boolean {
  if (patienceEpochs === undefined) return isExhausted(patience, iteration);
  return isStalled(patience, iteration, patienceEpochs * batches);
}

/** The step after which training ends unless the patience grows. */
export function lastIteration(
  { earlyStop, nEpochs, patienceEpochs, programs: { batches } }: TrainingPlan,
  { patience: { patience, bestIteration } }: Progress,
): number {
  const last = patienceEpochs === undefined ? patience : bestIteration + patienceEpochs * batches;
  return Math.min(nEpochs * batches, earlyStop ? last + 1 : Infinity);
}
