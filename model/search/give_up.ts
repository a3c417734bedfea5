/**
 * Giving up combinations that do worse than half of the others.
 *
 * @see {@link https://doi.org/10.1145/3097983.3098043 | Golovin et al., Google Vizier (2017), the median stopping rule}
 *
 * @module
 */

/** When a combination is given up. */
export interface GiveUp {
  /** Epochs that every combination gets. */
  readonly epochs: number;
  /**
   * Combinations are searched in waves of this many, each judged by the rows of the waves before it and not by those of its
   * own: so what is given up does not depend on which row was ready first. 8 where not given.
   */
  readonly wave?: number;
}

const WAVE = 8;

/** A validation error after each epoch; null before the first validation. */
export type ErrorCurve = readonly (number | null)[];

/**
 * Checks the rule and completes it.
 *
 * @throws {RangeError} if a number is not whole, or below 1.
 */
export function giveUpRule({ epochs, wave = WAVE }: GiveUp): Required<GiveUp> {
  for (const [name, value] of Object.entries({ epochs, wave })) {
    if (Number.isSafeInteger(value) && value >= 1) continue;
    throw new RangeError(`Cannot give up after ${name} ${value}: expected a whole number of at least 1`);
  }
  return { epochs, wave };
}

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
