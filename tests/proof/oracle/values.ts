/**
 * Arrays of plain numbers, with index arithmetic that shares nothing with the library: the definitions of operations are
 * written on these.
 *
 * @module
 */

import type { DType } from "../../../core/dtype.ts";

/** The extents of an array's axes. */
export type Extents = readonly number[];

/** Elements in row-major order. Those of f32 are exact singles if they are arguments, and doubles if they are results. */
export interface Value {
  readonly dtype: DType;
  readonly shape: Extents;
  readonly values: Float64Array;
}

/** The number of elements. */
export function countOf(shape: Extents): number {
  let count = 1;
  for (const extent of shape) count *= extent;
  return count;
}

/** Calls `visit` with each index of a shape, the last axis fastest. The index is one array, which changes. */
export function eachIndex(shape: Extents, visit: (index: number[], position: number) => void): void {
  const count = countOf(shape);
  const index = shape.map(() => 0);
  for (let position = 0; position < count; position++) {
    visit(index, position);
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis] === shape[axis]; axis--) index[axis] = 0;
  }
}

/** The row-major position of an index. */
export function positionOf(shape: Extents, index: readonly number[]): number {
  let position = 0;
  for (let axis = 0; axis < shape.length; axis++) position = position * shape[axis] + index[axis];
  return position;
}

/** The element at an index. */
export function elementAt({ shape, values }: Value, index: readonly number[]): number {
  return values[positionOf(shape, index)];
}

/** An array whose elements are computed from their indices. */
export function build(
  dtype: DType,
  shape: Extents,
  element: (index: readonly number[], position: number) => number,
): Value {
  const values = new Float64Array(countOf(shape));
  eachIndex(shape, (index, position) => values[position] = wrap(dtype, element(index, position)));
  return { dtype, shape, values };
}

/** A whole number modulo 2³² as the element type has it; f32 is left in double precision. */
export function wrap(dtype: DType, x: number): number {
  if (dtype === "f32") return x;
  return dtype === "i32" ? x | 0 : dtype === "u32" ? x >>> 0 : x === 0 ? 0 : 1;
}

/** An element as another element type: whole numbers keep their bits, f32 is cut off and clamped, NaN is 0 or true. */
export function cast(x: number, from: DType, to: DType): number {
  if (to === "f32") return Math.fround(x);
  if (to === "bool") return x === 0 ? 0 : 1;
  if (from !== "f32") return wrap(to, x);
  if (Number.isNaN(x)) return 0;
  const [least, greatest] = to === "i32" ? [-2147483648, 2147483647] : [0, 4294967295];
  return Math.min(Math.max(Math.trunc(x), least), greatest) + 0;
}

/** An array in another element type. */
export function castAll(x: Value, dtype: DType): Value {
  if (x.dtype === dtype) return x;
  return { dtype, shape: x.shape, values: x.values.map((value) => cast(value, x.dtype, dtype)) };
}

/** The shape that two arrays have together: axes are matched from the last, and an extent of 1 takes any other. */
export function commonShape(a: Extents, b: Extents): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const [left, right] = [a, b].map((shape) => shape[axis - (rank - shape.length)] ?? 1);
    return left === 1 ? right : left;
  });
}

/** The elements repeated to a larger shape. */
export function repeated(x: Value, shape: Extents): Value {
  const missing = shape.length - x.shape.length;
  return build(
    x.dtype,
    shape,
    (index) => elementAt(x, x.shape.map((extent, i) => extent === 1 ? 0 : index[missing + i])),
  );
}

const order: readonly DType[] = ["bool", "u32", "i32", "f32"];

/** The element type in which an operation on two element types is computed. */
export function wider(a: DType, b: DType): DType {
  return order[Math.max(order.indexOf(a), order.indexOf(b))];
}

/** The elements computed one by one from those of arrays that are repeated to one shape. */
export function pointwise(
  dtype: DType,
  inputs: readonly Value[],
  element: (elements: number[]) => number,
): Value {
  const shape = inputs.map((x) => x.shape).reduce(commonShape);
  const whole = inputs.map((x) => repeated(x, shape).values);
  return build(dtype, shape, (_, position) => element(whole.map((values) => values[position])));
}

/** The elements along some axes, collected for each index of the others. */
export function groups(x: Value, axes: readonly number[]): { readonly shape: number[]; readonly rows: number[][] } {
  const shape = x.shape.filter((_, axis) => !axes.includes(axis));
  const rows = Array.from({ length: countOf(shape) }, (): number[] => []);
  eachIndex(x.shape, (index, position) => {
    const others = index.filter((_, axis) => !axes.includes(axis));
    rows[positionOf(shape, others)].push(x.values[position]);
  });
  return { shape, rows };
}
