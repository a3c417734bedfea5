/**
 * How far a single lies from the true value.
 *
 * @module
 */

/** Distance between neighboring singles around `value`. */
function spacing(value: number): number {
  const exponent = Math.floor(Math.log2(Math.max(Math.abs(value), 2 ** -126)));
  return 2 ** (Math.min(exponent, 127) - 23);
}

/**
 * The error of a single in units of the last place of the true value; infinite where one is NaN and the other is not,
 * and for a zero of the wrong sign.
 */
export function unitsOfLastPlace(actual: number, expected: number): number {
  const rounded = Math.fround(expected);
  if (Object.is(actual, rounded)) return 0;
  if (Number.isNaN(rounded) || Number.isNaN(actual)) return Infinity;
  if (!Number.isFinite(rounded) || !Number.isFinite(actual)) {
    const clamp = (x: number): number => Math.max(-(2 ** 128), Math.min(2 ** 128, x));
    return Math.abs(clamp(actual) - clamp(expected)) / spacing(expected);
  }
  if (rounded === 0 && actual === 0) return Infinity;
  return Math.abs(actual - expected) / spacing(expected);
}
