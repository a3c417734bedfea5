/**
 * Early stopping: the patience grows as long as the validation error improves.
 *
 * Source: the early stopping of the Deep Learning Tutorials, http://deeplearning.net/tutorial/gettingstarted.html
 *
 * @module
 */

/** An error must be below this share of the best one to extend the patience. */
const IMPROVEMENT_THRESHOLD = 0.995;

/** The same for values below 0, of which the better one is greater in size. */
const BELOW_ZERO = 1.005;

/** After an improvement, training continues for this many times the iterations done so far. */
const PATIENCE_INCREASE = 2;

/** The state of early stopping; plain numbers, so that it can be stored. */
export interface Patience {
  /** The iteration, counted from 0, at which training stops. */
  readonly patience: number;
  /** The best validation error so far; infinite before the first. */
  readonly bestError: number;
  /** The iteration, counted from 0, with the best error; -1 before the first validation. */
  readonly bestIteration: number;
}

/** The initial state, with a patience in iterations. */
export function beginPatience(patience: number): Patience {
  return { patience, bestError: Infinity, bestIteration: -1 };
}

/** The state after a validation at an iteration counted from 0. */
export function afterValidation(before: Patience, iteration: number, error: number): Patience {
  if (!(error < before.bestError)) return before;
  const clear = error < before.bestError * (before.bestError < 0 ? BELOW_ZERO : IMPROVEMENT_THRESHOLD);
  const patience = clear ? Math.max(before.patience, iteration * PATIENCE_INCREASE) : before.patience;
  return { patience, bestError: error, bestIteration: iteration };
}

/** Whether training stops after this iteration, counted from 0. */
export function isExhausted({ patience }: Patience, iteration: number): boolean {
  return patience <= iteration;
}

/** Whether the best validation is this many steps ago or more, after an iteration counted from 0. */
export function isStalled({ bestIteration }: Patience, iteration: number, steps: number): boolean {
  return iteration - bestIteration >= steps;
}

/** Iterations from one validation to the next: an epoch, or half of the patience if that is less. */
export function validationInterval(batches: number, patience: number): number {
  return Math.max(1, Math.min(batches, Math.floor(patience / 2)));
}
