/**
 * Helpers of the float64 references: iterating over index vectors. Plain and slow on purpose.
 *
 * @module
 */

import { type Shape, sizeOf } from "../shape.ts";
import type { Reference } from "./rule.ts";

/** Calls `visit` with every index vector of a shape, in row-major order. The vector is reused. */
export function eachIndex(shape: Shape, visit: (index: number[], position: number) => void): void {
  const index = new Array<number>(shape.length).fill(0);
  const size = sizeOf(shape);
  for (let position = 0; position < size; position++) {
    visit(index, position);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (++index[axis] < shape[axis]) break;
      index[axis] = 0;
    }
  }
}

/** Computes the values of a tensor of this shape by a function of the index vector. */
export function generate(shape: Shape, value: (index: number[]) => number): Float64Array {
  const values = new Float64Array(sizeOf(shape));
  eachIndex(shape, (index, position) => values[position] = value(index));
  return values;
}

/** Returns the position of an index vector in row-major order. */
export function positionOf(shape: Shape, index: readonly number[]): number {
  let position = 0;
  for (let axis = 0; axis < shape.length; axis++) position = position * shape[axis] + index[axis];
  return position;
}

/** Returns one element. */
export function at({ shape, values }: Reference, index: readonly number[]): number {
  return values[positionOf(shape, index)];
}
