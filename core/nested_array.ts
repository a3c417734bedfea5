/**
 * Elements as nested arrays.
 *
 * @module
 */

import type { DType, HostArray } from "./dtype.ts";
import type { Shape } from "./shape.ts";

/** Elements as nested arrays, as deep as the rank. */
export type NestedArray = number | boolean | readonly NestedArray[];

/** Returns row-major elements as nested arrays. */
export function nestedArray(values: HostArray, { shape, dtype }: { shape: Shape; dtype: DType }): NestedArray {
  const nest = (axis: number, start: number, length: number): NestedArray => {
    if (axis === shape.length) return dtype === "bool" ? values[start] !== 0 : values[start];
    const part = shape[axis] === 0 ? 0 : length / shape[axis];
    return Array.from({ length: shape[axis] }, (_, i) => nest(axis + 1, start + i * part, part));
  };
  return nest(0, 0, values.length);
}
