/**
 * Shapes: sizes, strides, broadcasting, and the checks that every operation shares.
 *
 * @module
 */

import { numbersKind } from "./options/kinds.ts";
import { checkArguments } from "./options/read.ts";
import { showValue } from "./options/show.ts";

/** The extents of a tensor's axes, outermost first. */
export type Shape = readonly number[];

/** The greatest number of elements of a tensor: indices are 32-bit numbers. */
export const MOST_ELEMENTS = 2 ** 31 - 1;

/** Returns the number of elements of a tensor of this shape. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** Returns row-major strides, in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

/** True if both shapes have the same extents. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a === b || a.length === b.length && a.every((extent, axis) => extent === b[axis]);
}

/** The most axes that messages show; a file may have shapes of thousands. */
const MOST_SHOWN = 16;

/** Returns a shape as text for messages: `[32, 10]`. */
export function showShape(shape: readonly (number | null)[]): string {
  const shown = shape.slice(0, MOST_SHOWN).map((extent) => extent ?? "any").join(", ");
  return shape.length > MOST_SHOWN ? `[${shown}, … and ${shape.length - MOST_SHOWN} more]` : `[${shown}]`;
}

/**
 * Returns the shape to which both operands are broadcast by NumPy's rule: axes are matched from the last one, and an
 * extent of 1 is repeated.
 *
 * @throws {TypeError} if some pair of extents differs and neither is 1.
 */
export function broadcastShapes(a: Shape, b: Shape, operation: string): Shape {
  if (a === b) return a;
  const rank = Math.max(a.length, b.length);
  const shape: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const left = a[a.length - rank + axis] ?? 1;
    const right = b[b.length - rank + axis] ?? 1;
    if (left !== right && left !== 1 && right !== 1) {
      throw new TypeError(
        `Cannot ${operation} ${showShape(a)} and ${
          showShape(b)
        }: extents must be equal or 1, got ${left} and ${right} at axis ${axis}`,
      );
    }
    shape.push(left === 1 ? right : left);
  }
  return shape;
}

/**
 * Returns an axis counted from the front: `-1` is the last one.
 *
 * @throws {RangeError} if the tensor has no such axis.
 */
export function normalizeAxis(axis: number, rank: number, operation: string): number {
  // + 0 removes the sign of −0. Other values than numbers are refused below.
  const normal = Number.isInteger(axis) ? axis + (axis < 0 ? rank : 0) : axis;
  if (!Number.isInteger(axis) || normal < 0 || normal >= rank) {
    const reason = rank === 0
      ? "a tensor of rank 0 has no axes"
      : `expected an axis from ${-rank} to ${rank - 1} of a tensor of rank ${rank}`;
    throw new RangeError(`Cannot ${operation} along axis ${showValue(axis)}: ${reason}`);
  }
  return normal;
}

/** Returns axes counted from the front, sorted, each once (default: all axes). */
export function normalizeAxes(axis: number | readonly number[] | undefined, rank: number, operation: string): number[] {
  if (axis === undefined) return Array.from({ length: rank }, (_, i) => i);
  if (typeof axis !== "number") checkArguments(operation, { axes: axis }, numbersKind);
  const axes = (typeof axis === "number" ? [axis] : axis).map((one) => normalizeAxis(one, rank, operation));
  const unique = [...new Set(axes)].sort((a, b) => a - b);
  if (unique.length !== axes.length) {
    throw new RangeError(`Cannot ${operation} along axes ${showShape(axes)}: an axis is named twice`);
  }
  return unique;
}

/**
 * Checks a shape: extents must be whole numbers of at least 0, and elements few enough for 32-bit indices.
 *
 * @throws {RangeError} otherwise.
 */
export function checkShape(shape: Shape, operation: string): Shape {
  checkArguments(operation, { shape }, numbersKind);
  for (const extent of shape) {
    if (!Number.isInteger(extent) || extent < 0) {
      throw new RangeError(
        `Cannot ${operation} ${showShape(shape)}: extents must be whole numbers of at least 0, got ${extent}`,
      );
    }
  }
  if (sizeOf(shape) > MOST_ELEMENTS) {
    throw new RangeError(
      `Cannot ${operation} ${showShape(shape)}: a tensor has at most ${MOST_ELEMENTS} elements, got ${sizeOf(shape)}`,
    );
  }
  return shape;
}
