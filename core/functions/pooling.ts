/**
 * Pooling: one number for each window of an image.
 *
 * @module
 */

import type { DType } from "../dtype.ts";
import { tensorKind } from "../options/kinds.ts";
import { checkArguments, readOptions } from "../options/read.ts";
import type { Declaration } from "../options/option.ts";
import { pair } from "../options/shapes.ts";
import { flag } from "../options/values.ts";
import { MOST_ELEMENTS, type Shape, showShape, sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { pad } from "./movement.ts";
import { explicitPadding, type Padding, paddingOption } from "./convolution.ts";

/** The geometry of pooling. */
export interface PoolingOptions {
  /** Height and width of the windows. */
  readonly window: readonly [number, number];
  /** Distance between adjacent windows; default: the size of a window, so windows do not overlap. */
  readonly strides?: readonly [number, number];
  /**
   * Padding around the image; default: `"valid"`, which is none. A maximum is never taken from padding, so every window
   * must have elements of the image.
   */
  readonly padding?: Padding;
  /** Whether to include windows that extend beyond the end but start before it; default: false. */
  readonly ceilMode?: boolean;
  /** Whether padding counts as zeros in an average; default: true, as in PyTorch. */
  readonly countIncludePad?: boolean;
}

const poolingOptions = {
  window: pair({ required: true, help: "height and width of the windows" }),
  strides: pair({ otherwise: "the window", help: "distance between adjacent windows" }),
  padding: paddingOption,
  ceilMode: flag({ default: false, help: "whether to include windows that extend beyond the end" }),
  countIncludePad: flag({ default: true, help: "whether padding counts as zeros in an average" }),
} satisfies Declaration<PoolingOptions>;

interface Geometry {
  readonly window: Shape;
  readonly strides: readonly number[];
  readonly low: readonly number[];
  /** Requested padding after the end. */
  readonly high: readonly number[];
  /** Padding for windows that extend beyond the end. */
  readonly extra: readonly number[];
  /** Whether requested padding counts as elements of a window. */
  readonly countPadding: boolean;
}

function geometryOf(x: Tensor, options: PoolingOptions): Geometry {
  const { window, ceilMode, countIncludePad, ...given } = readOptions("pool", poolingOptions, options);
  const { strides = window } = given;
  if (x.shape.length !== 4) {
    throw new TypeError(`Cannot pool ${showShape(x.shape)}: expected [batch, channels, height, width]`);
  }
  const space = x.shape.slice(2);
  const padding = explicitPadding(given.padding, space, { window, strides, dilations: [1, 1] });
  const extra = space.map((extent, i) => {
    const [low, high] = padding[i];
    const most = extent + low + high - window[i]; // below 0 if the window is larger than all of it
    const rest = ((most % strides[i]) + strides[i]) % strides[i];
    const last = most - rest + strides[i];
    return ceilMode && rest > 0 && last < extent + low ? strides[i] - rest : 0;
  });
  return {
    window,
    strides,
    low: padding.map(([low]) => low),
    high: padding.map(([, high]) => high),
    extra,
    countPadding: countIncludePad,
  };
}

/** [batch, channels, height, width] → [batch, channels, rows, columns, window height, window width] */
function windows(x: Tensor, { window, strides, low, high, extra }: Geometry, value: number): Tensor {
  const padding = [[0, 0], [0, 0], ...low.map((before, i) => [before, high[i] + extra[i]])] as [number, number][];
  const padded = pad(x, padding, value);
  const space = padded.shape.slice(2);
  if (space.some((extent, i) => extent < window[i])) {
    throw tooLarge(x, window);
  }
  return padded.apply("window", [], { size: [...window], strides: [...strides], dilations: [1, 1] });
}

/** Windows with more elements than this are not computed whole if they are larger than the image. */
const LARGE = 1024;

type Combine = (x: Tensor, axis: readonly number[]) => Tensor;

/** Combines the elements of each window; `fill` is what padding counts as. */
function combined(x: Tensor, geometry: Geometry, { fill, combine }: { fill: number; combine: Combine }): Tensor {
  const { window } = geometry;
  const isLarge = window[0] * window[1] > LARGE && window.some((extent, i) => extent > x.shape[i + 2]);
  if (!isLarge) return combine(windows(x, geometry, fill), [-2, -1]);
  // One axis after the other. Columns are first, so that the first of equal maxima is the same as that of whole windows.
  return [3, 2].reduce((y: Tensor, axis) => combine(...coveredElements(y, axis, { geometry, fill })), x);
}

/** All elements along an axis for each window, with `fill` outside of it, and the axis along which to combine them. */
function coveredElements(
  x: Tensor,
  axis: number,
  { geometry, fill }: { readonly geometry: Geometry; readonly fill: number },
): [Tensor, readonly number[]] {
  const [window, stride, low, high, extra] = [
    geometry.window,
    geometry.strides,
    geometry.low,
    geometry.high,
    geometry.extra,
  ].map((values) => values[axis - 2]);
  const extent = x.shape[axis];
  const count = Math.floor((low + extent + high + extra - window) / stride) + 1;
  if (count < 1) throw tooLarge(x, geometry.window);
  const shape = x.shape.toSpliced(axis, 0, count);
  if (sizeOf(shape) > MOST_ELEMENTS) {
    throw new RangeError(
      `Cannot pool ${showShape(x.shape)}: the window ${showShape(geometry.window)} has too many positions, ${count}, ` +
        `along axis ${axis}; use larger strides or less padding`,
    );
  }
  const wide = x.expandDims(axis).broadcastTo(shape);
  const start = wide.indexAlong(axis).mul(stride).sub(low);
  const place = wide.indexAlong(axis + 1);
  const isInside = start.lessEqual(place).and(place.less(start.add(window)));
  return [isInside.where(wide, fill), [axis + 1]];
}

function tooLarge(x: Tensor, window: Shape): TypeError {
  return new TypeError(
    `Cannot pool ${showShape(x.shape)}: the window ${showShape(window)} is larger than the image and its padding`,
  );
}

/** Throws if a window has nothing but padding, which does not count: it would have no maximum and no mean. */
function checkCovered(x: Tensor, { window, strides, low, high, extra }: Geometry): void {
  for (const [i, extent] of x.shape.slice(2).entries()) {
    const count = Math.floor((extent + low[i] + high[i] + extra[i] - window[i]) / strides[i]) + 1;
    const last = (count - 1) * strides[i] - low[i];
    if (low[i] < window[i] && last < extent || count < 1) continue;
    throw new TypeError(
      `Cannot pool ${showShape(x.shape)}: windows ${showShape(window)} would contain nothing but padding, ` +
        `${low[i]} before and ${high[i]} after axis ${i + 2}; expected less padding than the extent of a window`,
    );
  }
}

/** What padding counts as in a maximum. */
const lowest: Readonly<Record<DType, number>> = { f32: -Infinity, i32: -(2 ** 31), u32: 0, bool: 0 };

/**
 * The largest element of each window.
 *
 * @param x [batch, channels, height, width]
 *
 * @example
 * ```ts
 * import { maxPool2d, tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const x = tensor([[[[1, 2], [4, 3]]]]);
 * assertEquals(await maxPool2d(x, { window: [2, 2] }).item(), 4);
 * ```
 */
export function maxPool2d(x: Tensor, options: PoolingOptions): Tensor {
  checkArguments("pool", { x }, tensorKind);
  const geometry = geometryOf(x, options);
  checkCovered(x, geometry);
  return combined(x, geometry, { fill: lowest[x.dtype], combine: (y, axis) => y.max({ axis }) });
}

/** The number of each window's rows (or columns) in the range from `from` up to `to`, as f32. */
function covered(start: Tensor, window: number, [from, to]: readonly [number, number]): Tensor {
  return start.add(window).minimum(to).sub(start.maximum(from)).cast("f32");
}

/** The number of elements that count in each window. */
function counts(like: Tensor, space: Shape, { window, strides, low, high, countPadding }: Geometry): Tensor {
  const [rows, columns] = space.map((extent, i) => {
    const start = like.indexAlong(i + 2).mul(strides[i]).sub(low[i]);
    return covered(start, window[i], countPadding ? [-low[i], extent + high[i]] : [0, extent]);
  });
  return rows.mul(columns);
}

/**
 * The mean of each window.
 *
 * @param x [batch, channels, height, width]
 *
 * @example
 * ```ts
 * import { averagePool2d, tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const x = tensor([[[[1, 2], [4, 3]]]]);
 * assertEquals(await averagePool2d(x, { window: [2, 2] }).item(), 2.5);
 * ```
 */
export function averagePool2d(x: Tensor, options: PoolingOptions): Tensor {
  checkArguments("pool", { x }, tensorKind);
  const geometry = geometryOf(x, options);
  if (!geometry.countPadding) checkCovered(x, geometry);
  const total = combined(x, geometry, { fill: 0, combine: (y, axis) => y.sum({ axis }) });
  const { window, low, high, extra, countPadding } = geometry;
  const plain = extra.every((n) => n === 0) && (countPadding || [...low, ...high].every((n) => n === 0));
  return total.div(plain ? window[0] * window[1] : counts(total, x.shape.slice(2), geometry));
}
