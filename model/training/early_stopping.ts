/**
 * When to stop: patience that grows as long as the validation error falls.
 *
 * Source: the early stopping of the Deep Learning Tutorials, http://deeplearning.net/tutorial/gettingstarted.html
 *
 * @module
 */

/** An error must fall below this share of the best one to prolong the patience. */
const IMPROVEMENT_THRESHOLD = 0.995;

/** An improvement makes training go on for this many times the iterations done so far. */
const PATIENCE_INCREASE = 2;

/** What early stopping knows after some iterations; plain numbers, so that it can be stored. */
export interface Patience {
  /** The iteration, counted from 0, at which training stops. */
  readonly patience: number;
  /** The least validation error so far; infinite before the first. */
  readonly bestError: number;
  /** The iteration, counted from 0, that had it; -1 before the first. */
  readonly bestIteration: number;
}

/** The beginning, with an initial patience in iterations. */
export function beginPatience(patience: number): Patience {
  return { patience, bestError: Infinity, bestIteration: -1 };
}

/** After a validation at an iteration counted from 0. */
export function afterValidation(before: Patience, iteration: number, error: number): Patience {
  if (!(error < before.bestError)) return before;
  const clear = error < before.bestError * IMPROVEMENT_THRESHOLD;
  const patience = clear ? Math.max(before.patience, iteration * PATIENCE_INCREASE) : before.patience;
  return { patience, bestError: error, bestIteration: iteration };
}

/** Whether training stops after this iteration, counted from 0. */
export function isExhausted({ patience }: Patience, iteration: number): boolean {
  return patience <= iteration;
}

/** Iterations from one validation to the next: an epoch, or half of the patience where that is less. */
export function validationInterval(batches: number, patience: number): number {
  return Math.max(1, Math.min(batches, Math.floor(patience / 2)));
}
