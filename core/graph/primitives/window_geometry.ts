/**
 * The geometry of windows over the last axes of a tensor.
 *
 * @module
 */

import { type Shape, showShape } from "../../shape.ts";
import type { WindowAttributes } from "../attributes.ts";

/** The number of windows along each windowed axis. */
export function windowCounts(shape: Shape, { size, strides, dilations }: WindowAttributes): number[] {
  const lead = shape.length - size.length;
  return size.map((extent, i) => {
    const span = (extent - 1) * dilations[i] + 1;
    return Math.max(0, Math.floor((shape[lead + i] - span) / strides[i]) + 1);
  });
}

/** The shape of all windows of a tensor: [...lead, ...counts, ...size]. */
export function inferWindow(shape: Shape, attributes: WindowAttributes): Shape {
  const { size, strides, dilations } = attributes;
  if (size.length > shape.length || [...size, ...strides, ...dilations].some((n) => !(Number.isInteger(n) && n >= 1))) {
    throw new RangeError(
      `Cannot take windows of ${showShape(size)} by strides ${showShape(strides)} from ${
        showShape(shape)
      }: expected whole numbers of at least 1`,
    );
  }
  return [...shape.slice(0, shape.length - size.length), ...windowCounts(shape, attributes), ...size];
}

/** The index, in a tensor of `rank` axes, of the element at `index` of its windows. */
export function windowSource(
  rank: number,
  index: readonly number[],
  { size, strides, dilations }: WindowAttributes,
): number[] {
  const n = size.length;
  const lead = rank - n;
  return [
    ...index.slice(0, lead),
    ...size.map((_, i) => index[lead + i] * strides[i] + index[lead + n + i] * dilations[i]),
  ];
}

/** Whether windows do not overlap, so each element is in one window at most. */
export function isDisjoint({ size, strides, dilations }: WindowAttributes): boolean {
  return size.every((extent, i) => (extent - 1) * dilations[i] < strides[i] && (dilations[i] === 1 || extent === 1));
}
