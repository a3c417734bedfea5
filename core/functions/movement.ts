/**
 * Rearranging elements: shapes with unknown extents, broadcasting, slices with negative bounds, concatenation.
 *
 * @module
 */

import { type DType, promote } from "../dtype.ts";
import { elementKind, tensorsKind } from "../options/kinds.ts";
import { checkArguments } from "../options/read.ts";
import { whole } from "../options/numbers.ts";
import { shape as shapeOption, sides } from "../options/shapes.ts";
import { list } from "../options/values.ts";
import { broadcastShapes, normalizeAxes, normalizeAxis, sameShape, type Shape, showShape, sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { converted } from "./converted.ts";

/** The values of arguments that are not options. */
const takes = {
  shape: shapeOption({ least: 0 }),
  openShape: shapeOption({ least: -1 }),
  axes: list(whole(), { items: "whole numbers" }),
  start: list(whole(), { items: "whole numbers" }),
  stop: list(whole(), { items: "whole numbers" }),
  step: shapeOption(),
  padding: sides({ least: 0 }),
} as const;

/** The same elements in row-major order in another shape; one extent may be -1, and then follows from the others. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  checkArguments("reshape", { shape }, takes.openShape);
  const unknown = shape.indexOf(-1);
  let wanted = shape;
  if (unknown >= 0) {
    const rest = sizeOf(shape.filter((_, axis) => axis !== unknown));
    if (shape.lastIndexOf(-1) !== unknown) {
      throw new RangeError(`Cannot reshape ${showShape(x.shape)} to ${showShape(shape)}: only one extent may be -1`);
    }
    const extent = rest === 0 ? 0 : sizeOf(x.shape) / rest;
    if (!Number.isInteger(extent)) {
      throw new TypeError(
        `Cannot reshape ${showShape(x.shape)} to ${showShape(shape)}: ${
          sizeOf(x.shape)
        } elements are not divisible by ${rest}`,
      );
    }
    wanted = shape.with(unknown, extent);
  }
  return sameShape(x.shape, wanted) ? x : x.apply("reshape", [], { shape: [...wanted] });
}

/** The axes in another order; default: the reverse order. */
export function transpose(x: Tensor, axes?: readonly number[]): Tensor {
  const rank = x.shape.length;
  if (axes !== undefined) checkArguments("transpose", { axes }, takes.axes);
  const order = axes?.map((axis) => normalizeAxis(axis, rank, "transpose")) ??
    x.shape.map((_, axis) => rank - 1 - axis);
  return order.length === rank && order.every((axis, i) => axis === i) ? x : x.apply("permute", [], { axes: order });
}

/** The tensor with the given shape: axes are added in front, and extents of 1 are repeated. */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  if (shape === x.shape) return x;
  checkArguments("broadcast", { shape }, takes.shape);
  if (sameShape(x.shape, shape)) return x;
  const missing = shape.length - x.shape.length;
  if (missing < 0 || !sameShape(broadcastShapes(x.shape, shape, "broadcast"), shape)) {
    throw new TypeError(`Cannot broadcast ${showShape(x.shape)} to ${showShape(shape)}: extents must be equal or 1`);
  }
  const aligned = missing > 0 ? reshape(x, [...new Array<number>(missing).fill(1), ...x.shape]) : x;
  return sameShape(aligned.shape, shape) ? aligned : aligned.apply("expand", [], { shape: [...shape] });
}

/** Bounds of a slice along each axis. */
export interface SliceBounds {
  readonly start: readonly number[];
  readonly stop?: readonly number[] | undefined;
  readonly step?: readonly number[] | undefined;
}

/**
 * Every `step`-th element from `start` up to `stop` (not included) along each axis; negative bounds count from the end.
 */
export function slice(x: Tensor, { start, stop, step }: SliceBounds): Tensor {
  checkArguments("slice", { start }, takes.start);
  if (stop !== undefined) checkArguments("slice", { stop }, takes.stop);
  if (step !== undefined) checkArguments("slice", { step }, takes.step);
  const bound = (value: number | undefined, axis: number, otherwise: number): number => {
    if (value === undefined) return otherwise;
    return Math.min(Math.max(value < 0 ? value + x.shape[axis] : value, 0), x.shape[axis]);
  };
  if (Math.max(start.length, stop?.length ?? 0, step?.length ?? 0) > x.shape.length) {
    throw new TypeError(`Cannot slice ${showShape(x.shape)} from ${showShape(start)}: it has ${x.shape.length} axes`);
  }
  const from = x.shape.map((_, axis) => bound(start[axis], axis, 0));
  const to = x.shape.map((extent, axis) => Math.max(bound(stop?.[axis], axis, extent), from[axis]));
  const by = x.shape.map((_, axis) => step?.[axis] ?? 1);
  const whole = from.every((i) => i === 0) && sameShape(to, x.shape) && by.every((i) => i === 1);
  return whole ? x : x.apply("slice", [], { start: from, stop: to, step: by });
}

/**
 * The tensor with `value` added around it: a pair of counts, before and after, for each axis.
 *
 * @throws {RangeError} for a value that the element type cannot hold.
 */
export function pad(x: Tensor, padding: readonly (readonly [number, number])[], value = 0): Tensor {
  checkArguments("pad", { padding }, takes.padding);
  checkArguments("pad", { value }, elementKind(x.dtype));
  if (padding.length === x.shape.length && padding.every(([low, high]) => low === 0 && high === 0)) return x;
  return x.apply("pad", [], { padding, value });
}

/** The elements in reverse order along axes. */
export function flip(x: Tensor, axis?: number | readonly number[]): Tensor {
  const axes = normalizeAxes(axis, x.shape.length, "flip");
  return axes.length === 0 ? x : x.apply("flip", [], { axes });
}

/** The tensor without axes of extent 1 (default: all of them). */
export function squeeze(x: Tensor, axis?: number | readonly number[]): Tensor {
  const ones = x.shape.flatMap((extent, i) => extent === 1 ? [i] : []);
  const axes = axis === undefined ? ones : normalizeAxes(axis, x.shape.length, "squeeze");
  for (const one of axes) {
    if (x.shape[one] !== 1) {
      throw new TypeError(`Cannot squeeze ${showShape(x.shape)} at axis ${one}: its extent is ${x.shape[one]}, not 1`);
    }
  }
  return reshape(x, x.shape.filter((_, i) => !axes.includes(i)));
}

/** The tensor with an axis of extent 1 inserted before `axis`. */
export function expandDims(x: Tensor, axis: number): Tensor {
  const at = normalizeAxis(axis, x.shape.length + 1, "expand dimensions");
  return reshape(x, x.shape.toSpliced(at, 0, 1));
}

function common(tensors: readonly Tensor[], what: string): Tensor[] {
  if (tensors.length === 0) throw new TypeError(`Cannot ${what} no tensors: expected at least one`);
  const dtype: DType = tensors.map((x) => x.dtype).reduce(promote);
  return tensors.map((x) => converted(x, dtype));
}

/**
 * Concatenates tensors along an axis. Other extents must be equal.
 *
 * @example
 * ```ts
 * import { concatenate, tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await concatenate([tensor([1, 2]), tensor([3])]).toArray(), [1, 2, 3]);
 * ```
 */
export function concatenate(tensors: readonly Tensor[], axis = 0): Tensor {
  checkArguments("concatenate", { tensors }, tensorsKind);
  const [first, ...rest] = common(tensors, "concatenate");
  const along = normalizeAxis(axis, first.shape.length, "concatenate");
  return first.viewed(rest.length === 0 ? first : first.apply("concat", rest, { axis: along }));
}

/**
 * Stacks tensors of one shape along a new axis.
 *
 * @example
 * ```ts
 * import { stack, tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await stack([tensor([1, 2]), tensor([3, 4])]).toArray(), [[1, 2], [3, 4]]);
 * ```
 */
export function stack(tensors: readonly Tensor[], axis = 0): Tensor {
  checkArguments("stack", { tensors }, tensorsKind);
  return concatenate(
    tensors.map((x) => expandDims(x, axis)),
    axis < 0 ? axis + (tensors[0]?.shape.length ?? 0) + 1 : axis,
  );
}
