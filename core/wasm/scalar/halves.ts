/**
 * Four singles as two pairs of doubles, for what needs more digits than a single has.
 *
 * @module
 */

import { bytesOfLanes } from "../encode/lanes.ts";
import type { CodeScope, Local } from "./code_scope.ts";

/** Lanes 0 and 1, and lanes 2 and 3, as doubles. */
export function halves(m: CodeScope, x: Local): [Local, Local] {
  const high = m.op("i8x16.shuffle", [x, x], ...bytesOfLanes(2, 3, 0, 1));
  return [m.op("f64x2.promote_low_f32x4", [x]), m.op("f64x2.promote_low_f32x4", [high])];
}

/** Four words from the first two of each of two vectors. */
export function joined(m: CodeScope, low: Local, high: Local): Local {
  return m.op("i8x16.shuffle", [low, high], ...bytesOfLanes(0, 1, 4, 5));
}

/** Four singles from two pairs of doubles. */
export function narrowed(m: CodeScope, low: Local, high: Local): Local {
  return joined(m, m.op("f32x4.demote_f64x2_zero", [low]), m.op("f32x4.demote_f64x2_zero", [high]));
}
