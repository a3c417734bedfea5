/**
 * Compares computed tensors with expected ones.
 *
 * @module
 */

import type { DType, HostArray } from "../../core/dtype.ts";
import { sameShape, type Shape, showShape } from "../../core/shape.ts";
import type { Operand } from "./operand.ts";

/** A computed tensor, on the host. */
export interface Computed {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly values: HostArray;
}

/** The result of comparing one output, or all outputs of a case. */
export interface Comparison {
  /** The greatest distance of an element from the expected one. */
  readonly error: number;
  /** What is wrong; absent if everything is within the tolerance. */
  readonly fault?: string;
}

/** The tolerances. */
export interface Tolerances {
  readonly rtol: number;
  readonly atol: number;
}

/** Integers of 32 bits represent those of 8, 16 and 64 bits; they only need to be integers, too. */
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

/** The distance of two numbers; that of NaN is 0 to itself, and infinite to all other numbers. */
function distance(got: number, wanted: number): number {
  if (got === wanted || (Number.isNaN(got) && Number.isNaN(wanted))) return 0;
  const apart = Math.abs(got - wanted);
  return Number.isNaN(apart) ? Infinity : apart;
}

/** Compares an output with the expected one. NaN equals NaN. */
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
