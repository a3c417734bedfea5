/**
 * The inverse of the normal distribution's tail in integers, so that all devices draw the same numbers.
 *
 * A 24-bit number m stands for the probability (m + ½) / 2²⁵ of the upper tail. The table holds the quantile at the
 * ends of 32 equal parts of each octave of m + ½, as multiples of 2⁻²⁶. Between them it is nearly linear.
 *
 * @module
 */

/** Parts of an octave. */
export const PARTS = 32;
/** Quantiles are multiples of this. */
export const QUANTUM = 2 ** -26;

/** Terms of the series, more than make a difference in double precision; also levels and rounds, below. */
const TERMS = 100;
/** Levels of the continued fraction. */
const LEVELS = 120;
/** Rounds of Newton's method. */
const ROUNDS = 50;
/** A step that changes no digit of a quantile. */
const NO_STEP = 1e-15;

/** Returns the probability that a standard normal number exceeds x ≥ 0, to full relative precision. */
function tail(x: number): number {
  const density = Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  if (x > 2) {
    let fraction = 0;
    for (let k = LEVELS; k >= 1; k--) fraction = k / (x + fraction);
    return density / (x + fraction);
  }
  let term = x;
  let sum = x;
  for (let n = 1; n < TERMS; n++) {
    term *= x * x / (2 * n + 1);
    sum += term;
  }
  return 0.5 - density * sum;
}

/** Returns the x whose upper tail has this probability, by Newton's method on its logarithm. */
function quantile(probability: number): number {
  let x = Math.sqrt(Math.max(0, -2 * Math.log(2 * probability)));
  for (let i = 0; i < ROUNDS; i++) {
    const density = Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    const above = tail(x);
    const step = Math.log(above / probability) * above / density;
    x = Math.max(0, x + step);
    if (Math.abs(step) < NO_STEP) break;
  }
  return x;
}

/**
 * Returns quantiles at (1 + part / 32) · 2^octave for octaves 0 … 24 of the odd number 2 m + 1, which stands for 2^-26
 * times it.
 */
export function normalTable(): Int32Array {
  const octaves = 25;
  const table = new Int32Array(octaves * PARTS + 1);
  for (let i = 0; i <= octaves * PARTS; i++) {
    const odd = (1 + (i % PARTS) / PARTS) * 2 ** Math.floor(i / PARTS);
    table[i] = Math.round(quantile(Math.min(0.5, odd * 2 ** -26)) / QUANTUM);
  }
  return table;
}
