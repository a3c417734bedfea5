/**
 * Products and sums of singles that are rounded once.
 *
 * @module
 */

const double = new Float64Array(1);
/** Its low and its high half, on the processors that machine code is for. */
const words = new Uint32Array(double.buffer);

/**
 * Returns `a · b + c` of three singles, rounded once to a single.
 *
 * The product of two singles is exact in double precision. Their sum with a third is rounded to odd: if it is not exact,
 * its last bit is set. Then the second rounding, to a single, gives what one rounding would have given.
 *
 * Source: S. Boldo and G. Melquiond, "Emulation of FMA and correctly rounded sums: proved algorithms using rounding to
 * odd", IEEE Transactions on Computers 57 (2008).
 */
export function fusedMultiplyAdd(a: number, b: number, c: number): number {
  const product = a * b;
  const sum = product + c;
  const rounded = sum - product;
  const error = (product - (sum - rounded)) + (c - rounded);
  if (error === 0 || !Number.isFinite(sum)) return Math.fround(sum);
  double[0] = sum;
  // The bits, as a whole number, grow with the absolute value of the sum.
  if (words[0] % 2 === 0) {
    if (error > 0 !== sum > 0 && words[0] === 0) words[1]--;
    words[0] += error > 0 === sum > 0 ? 1 : -1;
  }
  return Math.fround(double[0]);
}
