/**
 * When a training ends by itself.
 *
 * @module
 */

import { isExhausted, isStalled } from "./early_stopping.ts";
import type { Programs } from "./programs.ts";
import type { Progress } from "./progress.ts";
import type { TrainingPlan } from "./training_plan.ts";

/** What decides when a training ends. */
interface Limits extends Pick<TrainingPlan, "earlyStop" | "nEpochs" | "patienceEpochs"> {
  readonly programs: Pick<Programs, "batches">;
}

/** Whether early stopping ends training after an iteration, counted from 0. */
export function isOutOfPatience(
  { patienceEpochs, programs: { batches } }: Omit<Limits, "earlyStop" | "nEpochs">,
  { patience }: Pick<Progress, "patience">,
  iteration: number,
): boolean {
  if (patienceEpochs === undefined) return isExhausted(patience, iteration);
  return isStalled(patience, iteration, patienceEpochs * batches);
}

/** The step after which training ends unless the patience grows. */
export function lastIteration(
  { earlyStop, nEpochs, patienceEpochs, programs: { batches } }: Limits,
  { patience: { patience, bestIteration } }: Pick<Progress, "patience">,
): number {
  const last = patienceEpochs === undefined ? patience : bestIteration + patienceEpochs * batches;
  return Math.min(nEpochs * batches, earlyStop ? last + 1 : Infinity);
}
