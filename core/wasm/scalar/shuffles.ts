/**
 * Lanes of two vectors in another order, and matrices of four vectors transposed.
 *
 * @module
 */

import { bytesOfLanes } from "../encode/lanes.ts";
import type { CodeScope, Local } from "./code_scope.ts";

/** Four lanes of two vectors; those of the second one are 4 to 7. */
export function mix(m: CodeScope, pair: readonly [Local, Local], lanes: readonly number[]): Local {
  return m.op("i8x16.shuffle", pair, ...bytesOfLanes(...lanes));
}

/** The lanes of two vectors in turn: the first two of each, and the last two. */
export const [LOW, HIGH] = [[0, 4, 1, 5], [2, 6, 3, 7]];

/** The transpose of a matrix of four vectors. */
export function transpose(m: CodeScope, [a, b, c, d]: readonly Local[]): Local[] {
  const [ab, cd] = [mix(m, [a, b], LOW), mix(m, [c, d], LOW)];
  const [ef, gh] = [mix(m, [a, b], HIGH), mix(m, [c, d], HIGH)];
  const [first, second] = [[0, 1, 4, 5], [2, 3, 6, 7]];
  return [mix(m, [ab, cd], first), mix(m, [ab, cd], second), mix(m, [ef, gh], first), mix(m, [ef, gh], second)];
}
