/**
 * Convolutions, and the padding of windows.
 *
 * @module
 */

import { tensorKind } from "../options/kinds.ts";
import { checkArguments, readOptions } from "../options/read.ts";
import { count } from "../options/numbers.ts";
import type { Declaration } from "../options/option.ts";
import { shape, sides } from "../options/shapes.ts";
import { either, oneOf } from "../options/values.ts";
import { type Shape, showShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { converted } from "./converted.ts";
import { reshape, transpose } from "./movement.ts";

/** Zeros around the spatial axes of a convolution or pooling. */
export type Padding = "valid" | "same" | "full" | readonly (readonly [number, number])[];

/** The geometry of a convolution. */
export interface ConvolutionOptions {
  /** Distance between adjacent windows in height and width; default: [1, 1]. */
  readonly strides?: readonly number[];
  /**
   * `"valid"` (none), `"same"` (as many outputs as inputs divided by the stride, rounded up; an odd zero is added at
   * the end), `"full"` (every overlap), or counts before and after for each spatial axis. Default: `"valid"`.
   */
  readonly padding?: Padding;
  /** Distance between adjacent taps of the filter in height and width; default: [1, 1]. */
  readonly dilations?: readonly number[];
  /** Channels and filters are split into this many independent groups; default: 1. */
  readonly groups?: number;
}

/** Padding of the spatial axes. */
export const paddingOption = either([oneOf(["valid", "same", "full"]), sides()], {
  default: "valid" as const,
  help: "zeros around the image",
});

const convolutionOptions = {
  strides: shape({ rank: 2, default: [1, 1], help: "distance between adjacent windows" }),
  padding: paddingOption,
  dilations: shape({ rank: 2, default: [1, 1], help: "distance between adjacent taps of the filter" }),
  groups: count({ default: 1, help: "independent groups of channels and filters" }),
} satisfies Declaration<ConvolutionOptions>;

/** Windows that move over the spatial axes of an image. */
export interface Windows {
  /** Extents of a window, in taps. */
  readonly window: Shape;
  /** Distances between adjacent windows. */
  readonly strides: readonly number[];
  /** Distances between adjacent taps. */
  readonly dilations: readonly number[];
}

/** Padding as pairs of counts. */
export function explicitPadding(
  padding: Padding,
  input: Shape,
  { window, strides, dilations }: Windows,
): (readonly [number, number])[] {
  if (typeof padding !== "string") {
    if (padding.length !== input.length) {
      throw new TypeError(
        `Cannot pad ${input.length} spatial axes by ${JSON.stringify(padding)}: expected a pair for each`,
      );
    }
    return [...padding];
  }
  return input.map((extent, i) => {
    const span = (window[i] - 1) * dilations[i] + 1;
    if (padding === "valid") return [0, 0];
    if (padding === "full") return [span - 1, span - 1];
    const total = Math.max(0, (Math.ceil(extent / strides[i]) - 1) * strides[i] + span - extent);
    return [total >> 1, total - (total >> 1)];
  });
}

/**
 * Cross-correlation of images with filters: `y[n, o, i, j] = Σ x[n, c, i + u, j + v] · w[o, c, u, v]`. Whole
 * numbers are converted to `f32`.
 *
 * @param x [batch, channels, height, width]
 * @param w [filters, channels / groups, height, width]
 * @throws {TypeError} if channels and groups do not fit.
 *
 * @example
 * ```ts
 * import { conv2d, ones } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const y = conv2d(ones([1, 1, 3, 3]), ones([1, 1, 2, 2]));
 * assertEquals(await y.toArray(), [[[[4, 4], [4, 4]]]]);
 * ```
 */
export function conv2d(x: Tensor, w: Tensor, options?: ConvolutionOptions): Tensor {
  checkArguments("convolve", { x, w }, tensorKind);
  const fail = (why: string) =>
    new TypeError(`Cannot convolve ${showShape(x.shape)} with ${showShape(w.shape)}: ${why}`);
  if (x.shape.length !== 4 || w.shape.length !== 4) {
    throw fail("expected [batch, channels, height, width] and [filters, channels, height, width]");
  }
  const { strides, dilations, groups, padding: around } = readOptions("convolve", convolutionOptions, options);
  const [batch, channels, ...space] = x.shape;
  const [filters, depth, ...window] = w.shape;
  if (channels !== depth * groups || filters % groups !== 0) {
    throw fail(
      `expected ${depth} × ${groups} channels (groups: ${groups}) and a number of filters that is divisible by the groups, got ${channels} and ${filters}`,
    );
  }
  const padding = explicitPadding(around, space, { window, strides, dilations });
  const overhang = (extent: number, i: number): boolean =>
    (window[i] - 1) * dilations[i] + 1 > extent + padding[i][0] + padding[i][1];
  if (space.some(overhang)) throw fail("the window is larger than the padded input");
  const images = transpose(reshape(converted(x, "f32"), [batch, groups, depth, ...space]), [1, 0, 2, 3, 4]);
  const taps = reshape(converted(w, "f32"), [groups, filters / groups, depth, ...window]);
  const y = images.apply("conv", [taps], { strides, padding, dilations, inputDilations: [1, 1] });
  return y.transpose([1, 0, 2, 3, 4]).reshape([batch, filters, ...y.shape.slice(3)]);
}
