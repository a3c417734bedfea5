/**
 * Elements as nested arrays.
 *
 * @module
 */

import type { HostArray } from "./dtype.ts";
import { showType, type ValueType } from "./graph/node.ts";

/** Elements as nested arrays, as deep as the rank. */
export type NestedArray = number | boolean | readonly NestedArray[];

/** Returns elements in row-major order as nested arrays; a number for a scalar. */
export function nestElements(values: HostArray, { shape, dtype }: ValueType): NestedArray {
  const nest = (axis: number, start: number, length: number): NestedArray => {
    if (axis === shape.length) return dtype === "bool" ? values[start] !== 0 : values[start];
    const part = shape[axis] === 0 ? 0 : length / shape[axis];
    return Array.from({ length: shape[axis] }, (_, i) => nest(axis + 1, start + i * part, part));
  };
  return nest(0, 0, values.length);
}

/**
 * Returns the only element.
 *
 * @throws {TypeError} if there are several, or none.
 */
export function onlyElement(values: HostArray, type: ValueType): number {
  if (values.length === 1) return values[0];
  throw new TypeError(`Cannot take the item of ${showType(type)}: expected one element, got ${values.length}`);
}
