/**
 * For tests: padding of windows, found by trial, and index vectors.
 *
 * @module
 */

import { type Shape, stridesOf } from "../shape.ts";
import type { Padding } from "./convolution.ts";

/** One spatial axis of windows that move over an image. */
export interface WindowAxis {
  readonly extent: number;
  readonly window: number;
  readonly stride: number;
  readonly dilation: number;
}

/** Elements of padding before and after one axis. */
export function paddingOf(
  padding: Padding,
  { extent, window, stride, dilation }: WindowAxis,
  axis: number,
): [number, number] {
  const span = (window - 1) * dilation + 1;
  if (padding === "valid") return [0, 0];
  if (padding === "full") return [span - 1, span - 1];
  if (padding !== "same") return [...padding[axis]];
  let total = 0;
  while (Math.floor((extent + total - span) / stride) + 1 < Math.ceil(extent / stride)) total++;
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}

/** The index vector of the element at a row-major position. */
export function indexAt(shape: Shape, position: number): number[] {
  return stridesOf(shape).map((stride, axis) => Math.floor(position / stride) % shape[axis]);
}

/** The element of row-major values at an index vector; 0 outside. */
export function elementAt(values: Float64Array, shape: Shape, index: readonly number[]): number {
  if (index.some((i, axis) => i < 0 || i >= shape[axis])) return 0;
  const strides = stridesOf(shape);
  return values[index.reduce((sum, i, axis) => sum + i * strides[axis], 0)];
}
