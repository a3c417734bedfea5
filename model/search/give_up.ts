/**
 * Giving up combinations that do worse than half of the others.
 *
 * @see {@link https://doi.org/10.1145/3097983.3098043 | Golovin et al., Google Vizier (2017), the median stopping rule}
 *
 * @module
 */

import { count } from "../../core/options/numbers.ts";
import type { Declaration } from "../../core/options/option.ts";

/** When a combination is given up. */
export interface GiveUp {
  /** Epochs that every combination gets. */
  readonly epochs: number;
  /**
   * Combinations are searched in waves of this many, each judged by the rows of the waves before it and not by those of its
   * own: so what is given up does not depend on which row was ready first (default: 8).
   */
  readonly wave?: number;
}

/** When a combination is given up. */
export const giveUpOptions = {
  epochs: count({ required: true, help: "epochs that every combination gets" }),
  wave: count({ default: 8, help: "combinations that are judged by those before them, not by each other" }),
} satisfies Declaration<GiveUp>;

/** A validation error after each epoch; null before the first validation. */
export type ErrorCurve = readonly (number | null)[];

/**
 * True where the least error of a combination so far is above the median of the least errors that the others had after as
 * many epochs.
 */
export function isHopeless(curve: ErrorCurve, others: readonly ErrorCurve[], { epochs }: GiveUp): boolean {
  if (curve.length < epochs) return false;
  const least = leastOf(curve);
  const rivals = others.map((other) => leastOf(other.slice(0, curve.length))).filter(Number.isFinite);
  return rivals.length > 0 && Number.isFinite(least) && least > median(rivals);
}

function leastOf(curve: ErrorCurve): number {
  return Math.min(...curve.map((error) => error ?? Infinity));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
