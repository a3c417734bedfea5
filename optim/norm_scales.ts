/**
 * Scales with which norms neither overflow nor lose small numbers.
 *
 * @module
 */

/** The power of two that is nearest to a limit, by its exponent. */
export function exponentOf(limit: number): number {
  return Math.max(-140, Math.min(127, Math.round(Math.log2(limit))));
}

/**
 * Powers of two by which numbers are multiplied before they are squared; all digits stay the same. The first makes the
 * limit about 2⁻⁴⁰, so squares that underflow do not matter to it. Each of the others is used if all squares before it
 * overflow, and the last one is so small that the greatest numbers do not.
 */
export function scalesOf(limit: number): number[] {
  const scales: number[] = [];
  for (let exponent = Math.max(-100, -40 - exponentOf(limit));; exponent = Math.max(-100, exponent - 100)) {
    scales.push(2 ** exponent);
    if (exponent <= -80) return scales;
  }
}
