/**
 * Four singles as two pairs of doubles, for what needs more digits than a single has.
 *
 * @module
 */

import type { Local, Scope } from "./scope.ts";

const lowWords = (first: number, second: number): number[] =>
  [first, first + 1, second, second + 1].flatMap((word) => [0, 1, 2, 3].map((byte) => 4 * word + byte));

/** Lanes 0 and 1, and lanes 2 and 3, as doubles. */
export function halves(m: Scope, x: Local): [Local, Local] {
  const high = m.op("i8x16.shuffle", [x, x], ...lowWords(2, 0));
  return [m.op("f64x2.promote_low_f32x4", [x]), m.op("f64x2.promote_low_f32x4", [high])];
}

/** Four words from the first two of each of two vectors. */
export function joined(m: Scope, low: Local, high: Local): Local {
  return m.op("i8x16.shuffle", [low, high], ...lowWords(0, 4));
}

/** Four singles from two pairs of doubles. */
export function narrowed(m: Scope, low: Local, high: Local): Local {
  return joined(m, m.op("f32x4.demote_f64x2_zero", [low]), m.op("f32x4.demote_f64x2_zero", [high]));
}
