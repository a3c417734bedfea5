/**
 * Pooling: one number for each window of an image.
 *
 * @module
 */

import { tensorKind } from "../options/kinds.ts";
import { checkArguments, readOptions } from "../options/read.ts";
import type { Declaration } from "../options/option.ts";
import { pair } from "../options/shapes.ts";
import { flag } from "../options/values.ts";
import { type Shape, showShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { pad } from "./movement.ts";
import { explicitPadding, type Padding, paddingOption } from "./convolution.ts";

/** The geometry of pooling. */
export interface PoolingOptions {
  /** Height and width of the windows. */
  readonly window: readonly [number, number];
  /** Distance between adjacent windows; default: the size of a window, so windows do not overlap. */
  readonly strides?: readonly [number, number];
  /** Padding around the image; default: `"valid"`, which is none. A maximum is never taken from padding. */
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
    const rest = (extent + low + high - window[i]) % strides[i];
    const last = extent + low + high - window[i] - rest + strides[i];
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
    throw new TypeError(`Cannot pool ${showShape(x.shape)}: the window ${showShape(window)} is larger than the image`);
  }
  return padded.apply("window", [], { size: [...window], strides: [...strides], dilations: [1, 1] });
}

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
  return windows(x, geometryOf(x, options), -Infinity).max({ axis: [-2, -1] });
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
  const total = windows(x, geometry, 0).sum({ axis: [-2, -1] });
  const { window, low, high, extra, countPadding } = geometry;
  const plain = extra.every((n) => n === 0) && (countPadding || [...low, ...high].every((n) => n === 0));
  return total.div(plain ? window[0] * window[1] : counts(total, x.shape.slice(2), geometry));
}
