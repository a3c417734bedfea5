/**
 * The number of units of outputs, or of numbers in a row of targets.
 *
 * @module
 */

/** The last extent of a shape; 1 if there is none, or if it may be of any length. */
export function unitsIn(shape: readonly (number | null)[]): number {
  return shape.at(-1) ?? 1;
}
