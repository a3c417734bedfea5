/**
 * Gives up combinations that do worse than half of the others.
 *
 * @see {@link https://doi.org/10.1145/3097983.3098043 | Golovin et al., Google Vizier (2017), the median stopping rule}
 *
 * @module
 */

import { count } from "../../core/options/numbers.ts";
import type { Declaration } from "../../core/options/option.ts";

/** When a combination is given up. */
export interface GiveUp {
  /** The number of epochs that every combination gets. */
  readonly epochs: number;
  /**
   * Combinations are searched in waves of this many (default: 8). Each is compared with the rows of earlier waves and
   * not with those of its own, so the result does not depend on which row is ready first.
   */
  readonly wave?: number;
}

/** {@linkcode GiveUp}, declared. */
export const giveUpOptions = {
  epochs: count({ required: true, help: "number of epochs that every combination gets" }),
  wave: count({ default: 8, help: "number of combinations that are compared with earlier ones, not with each other" }),
} satisfies Declaration<GiveUp>;

/** A validation error after each epoch; null before the first validation. */
export type ErrorCurve = readonly (number | null)[];

/**
 * Whether the best error of a combination so far is above the median of the best errors that the others had after as
 * many epochs.
 */
export function isHopeless(curve: ErrorCurve, others: readonly ErrorCurve[], { epochs }: GiveUp): boolean {
  if (curve.length < epochs) return false;
  const least = leastOf(curve);
  const rivals = others.map((other) => leastOf(other.slice(0, curve.length))).filter(Number.isFinite);
  return rivals.length > 0 && Number.isFinite(least) && least > median(rivals);
}

function leastOf(curve: ErrorCurve): number {
  return curve.reduce<number>((least, error) => Math.min(least, error ?? Infinity), Infinity);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
