/**
 * Comparing what was computed with what was expected.
 *
 * @module
 */

import type { DType, HostArray } from "../../core/dtype.ts";
import { sameShape, type Shape, showShape } from "../../core/shape.ts";
import type { Operand } from "./operand.ts";

/** A tensor that was computed, on the host. */
export interface Computed {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly values: HostArray;
}

/** How one output, or all of a case, came out. */
export interface Comparison {
  /** The greatest distance of an element from the one expected. */
  readonly error: number;
  /** What is wrong; absent where all is within the tolerance. */
  readonly fault?: string;
}

/** How far numbers may lie from those expected. */
export interface Tolerances {
  readonly rtol: number;
  readonly atol: number;
}

/** Integers of 32 bits stand for those of 8, 16 and 64 bits: ONNX asks for no more than that all are integers. */
const kinds: Readonly<Record<DType, string>> = {
  f32: "floats",
  i32: "integers",
  u32: "integers",
  bool: "truth values",
};

/** An integer with as many bits as it has in the file: sums and products wrap around there. */
function narrowed(value: number, { dtype, bytes }: Operand): number {
  if (dtype === "f32" || dtype === "bool" || bytes >= 4) return value;
  const unused = 32 - 8 * bytes;
  return dtype === "i32" ? value << unused >> unused : value << unused >>> unused;
}

/** How far two numbers lie apart; NaN lies on itself, and infinitely far from all else. */
function distance(got: number, wanted: number): number {
  if (got === wanted || (Number.isNaN(got) && Number.isNaN(wanted))) return 0;
  const apart = Math.abs(got - wanted);
  return Number.isNaN(apart) ? Infinity : apart;
}

/** Compares an output with the one expected. NaN equals NaN. */
export function compare(got: Computed, expected: Operand, { rtol, atol }: Tolerances): Comparison {
  const { name, shape, dtype, values } = expected;
  if (!sameShape(got.shape, shape)) {
    return { error: NaN, fault: `${name}: expected shape ${showShape(shape)}, got ${showShape(got.shape)}` };
  }
  if (kinds[got.dtype] !== kinds[dtype]) {
    return { error: NaN, fault: `${name}: expected ${kinds[dtype]}, got ${kinds[got.dtype]}` };
  }
  let error = 0;
  let fault: string | undefined;
  for (const [i, wanted] of values.entries()) {
    const value = narrowed(got.values[i], expected);
    const off = distance(value, wanted);
    const near = off === 0 || (Number.isFinite(off) && off <= atol + rtol * Math.abs(wanted));
    if (!near) fault ??= `${name}: expected ${wanted} at element ${i}, got ${value}`;
    error = Math.max(error, off);
  }
  return fault === undefined ? { error } : { error, fault };
}
