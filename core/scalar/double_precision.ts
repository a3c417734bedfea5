/**
 * Double-precision scalar functions that JavaScript lacks.
 *
 * @module
 */

import type { DType } from "../dtype.ts";
import { THREEFRY_PARITY, threefryGroups } from "./threefry.ts";

/** Terms of the series, more than make a difference in double precision; also levels, below. */
const TERMS = 200;
/** The part of a sum that a term must have to make a difference. */
const LEAST_TERM = 1e-18;
/** Levels of the continued fraction. */
const LEVELS = 60;

/** erf by its Taylor series if |x| < 3, else the continued fraction of erfc (Abramowitz and Stegun 7.1.5, 7.1.14). */
export function erf(x: number): number {
  const a = Math.abs(x);
  if (Number.isNaN(x)) return NaN;
  if (a < 3) {
    let term = a;
    let sum = a;
    for (let n = 1; n < TERMS && Math.abs(term) > LEAST_TERM * sum; n++) {
      term *= -a * a / n;
      sum += term / (2 * n + 1);
    }
    return Math.sign(x) * 2 / Math.sqrt(Math.PI) * sum;
  }
  let fraction = 0;
  for (let k = LEVELS; k >= 1; k--) fraction = k / 2 / (a + fraction);
  return Math.sign(x) * (1 - Math.exp(-a * a) / Math.sqrt(Math.PI) / (a + fraction));
}

/** aᵇ as defined by IEEE 754. JavaScript returns NaN for 1^NaN and (±1)^±∞. */
export function power(a: number, b: number): number {
  return a === 1 || a === -1 && Math.abs(b) === Infinity ? 1 : Math.pow(a, b);
}

/** The two words of Threefry-2x32 with 20 rounds, for a key and a counter of two words each. */
export function threefry2x32([key0, key1]: readonly number[], [counter0, counter1]: readonly number[]): number[] {
  const key = [key0, key1, key0 ^ key1 ^ THREEFRY_PARITY];
  // Few words are added, so the sums are exact, and only the last one is cut to 32 bits.
  let x0 = counter0 + key0;
  let x1 = counter1 + key1;
  for (const { rotations, keys, number } of threefryGroups) {
    for (const count of rotations) {
      x0 += x1;
      x1 = ((x1 << count) | (x1 >>> -count)) ^ x0; // Shifts are by the last five bits of their counts.
    }
    x0 += key[keys[0]];
    x1 += key[keys[1]] + number;
  }
  return [x0 >>> 0, x1 >>> 0];
}

const bits = new DataView(new ArrayBuffer(4));

/** The number of type `to` that has the bits of `value` as a `from`. */
export function bitcast(value: number, from: DType, to: DType): number {
  if (from === "f32") bits.setFloat32(0, value);
  else bits.setInt32(0, value | 0);
  return to === "f32" ? bits.getFloat32(0) : to === "i32" ? bits.getInt32(0) : bits.getUint32(0);
}

const limits: Record<DType, readonly [number, number]> = {
  f32: [-Infinity, Infinity],
  i32: [-(2 ** 31), 2 ** 31 - 1],
  u32: [0, 2 ** 32 - 1],
  bool: [-Infinity, Infinity],
};

/** A floating-point number clamped to the range of an element type. */
export function saturated(dtype: DType, value: number): number {
  const [low, high] = limits[dtype];
  return Math.min(Math.max(value, low), high);
}
