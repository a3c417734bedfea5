/**
 * The measure of errors: units of the last place of singles.
 *
 * @module
 */

import type { Device } from "./operation.ts";
import type { Value } from "./values.ts";

/** An expected result. */
export interface Expected extends Value {
  /**
   * The numbers whose last place is the unit of the error of each element, if these are not the elements themselves: for
   * a sum, that of the sizes of its terms. An element whose unit exceeds the singles is not compared.
   */
  readonly units?: Float64Array;
  /** Elements that are not compared: their definition leaves them open. */
  readonly open?: ReadonlySet<number>;
}

/** How a result is compared. */
export interface Comparison {
  readonly device: Device;
  /** Whether −0 differs from 0; WGSL lets a device ignore the sign. */
  readonly signedZeros: boolean;
  /** The smallest number whose last place counts as the unit. */
  readonly least: number;
}

/** The element that is furthest off. */
export interface Worst {
  readonly error: number;
  readonly position: number;
}

/** The distance between singles of the size of x. */
export function lastPlace(x: number): number {
  const size = Math.abs(x);
  if (!(size > 2 ** -126)) return 2 ** -149;
  return 2 ** (Math.min(127, exponentOf(size)) - 23);
}

function exponentOf(size: number): number {
  const exponent = Math.floor(Math.log2(size));
  // The logarithm rounds near powers of 2.
  return 2 ** exponent > size ? exponent - 1 : 2 ** (exponent + 1) <= size ? exponent + 1 : exponent;
}

/** From here on, doubles are rounded to infinity as singles. */
const ROUNDS_TO_INFINITY = 2 ** 128 - 2 ** 103;

const bounded = (x: number): number => Math.abs(x) >= ROUNDS_TO_INFINITY ? Math.sign(x) * 2 ** 128 : x;

/** The error of one single, in units of the last place; infinite if it is of another kind. */
function errorOf(got: number, wanted: number, unit: number, { device, signedZeros, least }: Comparison): number {
  if (unit >= 2 ** 128 && Number.isFinite(wanted)) return 0;
  if (Number.isNaN(wanted) || Number.isNaN(got)) return Number.isNaN(wanted) && Number.isNaN(got) ? 0 : Infinity;
  if (wanted === 0 && got === 0) {
    return signedZeros && device === "wasm" && !Object.is(wanted, got) ? Infinity : 0;
  }
  if (!Number.isFinite(wanted)) return got === wanted ? 0 : Infinity;
  const difference = Math.abs(bounded(got) - bounded(wanted));
  // WGSL lets a device take results below 2⁻¹²⁶ for 0.
  if (device === "webgpu" && Math.abs(wanted) < 2 ** -126 && Math.abs(got) <= 2 ** -126) return 0;
  return difference / lastPlace(Math.max(unit, least));
}

/** The largest error among the elements. Elements that are not f32 are right or infinitely wrong. */
export function worstOf(got: ArrayLike<number>, expected: Expected, comparison: Comparison): Worst {
  const { dtype, values, units = values, open } = expected;
  let worst: Worst = { error: 0, position: -1 };
  for (let position = 0; position < values.length; position++) {
    if (open?.has(position)) continue;
    const error = dtype !== "f32" ? got[position] === values[position] ? 0 : Infinity : errorOf(
      got[position],
      values[position],
      Math.max(Math.abs(units[position]), Math.abs(values[position])),
      comparison,
    );
    if (error > worst.error) worst = { error, position };
  }
  return worst;
}
