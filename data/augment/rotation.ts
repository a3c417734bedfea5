/**
 * Random rotations and zooms.
 *
 * @module
 */

import type { Declaration } from "../../core/options/option.ts";
import { readOptions } from "../../core/options/read.ts";
import { refuseSurplus } from "../../core/options/surplus.ts";
import { affineMove, anglesOf, degrees, type ResamplingOptions, resamplingOptions, scale } from "./affine.ts";
import type { ConfiguredAugmentation } from "./augmentation.ts";
import type { Interval } from "./interval.ts";
import { moving } from "./moves.ts";

/** Options of {@linkcode randomRotation}. */
export interface RandomRotationOptions extends ResamplingOptions {
  /** The greatest angle of a rotation in either direction, or the least and the greatest one; default: 10. */
  readonly degrees?: number | Interval | undefined;
}

/** {@linkcode RandomRotationOptions}, declared. */
export const randomRotationOptions = { ...resamplingOptions, degrees } satisfies Declaration<RandomRotationOptions>;

/** Options of {@linkcode randomZoom}. */
export interface RandomZoomOptions extends ResamplingOptions {
  /** The least and greatest magnification; default: [0.9, 1.1]. */
  readonly scale?: Interval | undefined;
}

/** {@linkcode RandomZoomOptions}, declared. */
export const randomZoomOptions = { ...resamplingOptions, scale } satisfies Declaration<RandomZoomOptions>;

/** Options of {@linkcode randomAffine}. */
export interface RandomAffineOptions extends RandomRotationOptions, RandomZoomOptions {}

/** {@linkcode RandomAffineOptions}, declared. */
export const randomAffineOptions = {
  ...randomRotationOptions,
  ...randomZoomOptions,
} satisfies Declaration<RandomAffineOptions>;

/**
 * Rotates images at random around their middle, each example for itself: positive angles are counterclockwise. An angle
 * is one of 4096 that are spread evenly. Images are [example, channel, row, column] or [example, row, column].
 *
 * Source: `torchvision.transforms.v2.RandomRotation`.
 *
 * @throws {RangeError} for an unknown option, or a value out of bounds.
 * @throws {TypeError} if an option is of another kind; when it is applied, if inputs are no images.
 *
 * @example
 * ```ts
 * import { randomRotation } from "@yadll/yadll/augment";
 * import { random, tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const quarter = randomRotation({ degrees: [90, 90], interpolation: "nearest" });
 * const { x } = quarter(random.key(1), { x: tensor([[[1, 2], [3, 4]]]) });
 * assertEquals(await x.toArray(), [[[2, 4], [1, 3]]]);
 * ```
 */
export function randomRotation(options?: RandomRotationOptions): ConfiguredAugmentation {
  refuseSurplus("randomRotation", arguments, 1);
  const values = readOptions("make randomRotation", randomRotationOptions, options);
  const { degrees, ...others } = values;
  const interpolates = others.interpolation === "bilinear";
  const identity = { name: "randomRotation", declaration: randomRotationOptions, values, interpolates };
  return moving(identity, affineMove({ ...others, degrees: anglesOf(degrees), scale: [1, 1] }));
}

/**
 * Magnifies images at random around their middle, each example for itself. A magnification is one of 4096 that are spread
 * evenly; above 1 the border is cut off, below 1 it is filled. Images are [example, channel, row, column] or [example,
 * row, column].
 *
 * Source: `scale` of `torchvision.transforms.v2.RandomAffine`.
 *
 * @throws {RangeError} for an unknown option, or a value out of bounds.
 * @throws {TypeError} if an option is of another kind; when it is applied, if inputs are no images.
 *
 * @example
 * ```ts
 * import { randomZoom } from "@yadll/yadll/augment";
 * import { random, tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const half = randomZoom({ scale: [0.5, 0.5] });
 * const { x } = half(random.key(1), { x: tensor([[[1, 2, 3]]]) });
 * assertEquals(await x.toArray(), [[[0, 2, 0]]]);
 * ```
 */
export function randomZoom(options?: RandomZoomOptions): ConfiguredAugmentation {
  refuseSurplus("randomZoom", arguments, 1);
  const values = readOptions("make randomZoom", randomZoomOptions, options);
  const { scale, ...others } = values;
  const interpolates = others.interpolation === "bilinear";
  const identity = { name: "randomZoom", declaration: randomZoomOptions, values, interpolates };
  return moving(identity, affineMove({ ...others, degrees: [0, 0], scale }));
}

/**
 * Rotates and magnifies images at random, in one resampling; see {@linkcode randomRotation} and {@linkcode randomZoom}.
 *
 * Source: `torchvision.transforms.v2.RandomAffine`.
 *
 * @throws {RangeError} for an unknown option, or a value out of bounds.
 * @throws {TypeError} if an option is of another kind; when it is applied, if inputs are no images.
 *
 * @example
 * ```ts
 * import { randomAffine } from "@yadll/yadll/augment";
 * import { random, tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const half = randomAffine({ degrees: [180, 180], scale: [0.5, 0.5] });
 * const { x } = half(random.key(1), { x: tensor([[[1, 2, 3, 4, 5]]]) });
 * assertEquals(await x.toArray(), [[[0, 5, 3, 1, 0]]]);
 * ```
 */
export function randomAffine(options?: RandomAffineOptions): ConfiguredAugmentation {
  refuseSurplus("randomAffine", arguments, 1);
  const values = readOptions("make randomAffine", randomAffineOptions, options);
  const { degrees, scale, ...others } = values;
  const interpolates = others.interpolation === "bilinear";
  const identity = { name: "randomAffine", declaration: randomAffineOptions, values, interpolates };
  return moving(identity, affineMove({ ...others, degrees: anglesOf(degrees), scale }));
}
