/**
 * Vectors of four 32-bit lanes.
 *
 * @module
 */

/** The lanes of a vector. */
export const LANES = 4;

/** The immediates of `i8x16.shuffle` that pick four lanes, of which those of the second operand are 4 to 7. */
export function bytesOfLanes(...lanes: readonly number[]): number[] {
  return lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte));
}
