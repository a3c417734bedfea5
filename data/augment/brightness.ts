/**
 * Random brightness and contrast.
 *
 * @module
 */

import { clip } from "../../core/functions/selection.ts";
import { finite, share } from "../../core/options/numbers.ts";
import type { Declaration } from "../../core/options/option.ts";
import { readOptions } from "../../core/options/read.ts";
import { refuseSurplus } from "../../core/options/surplus.ts";
import type { Tensor } from "../../core/tensor.ts";
import { configured, type ConfiguredAugmentation, type Recipe, uniformOf } from "./augmentation.ts";
import { type ImageOptions, imageOptions, imagesOf, inputOf, type InputOptions, inputOptions } from "./images.ts";
import { type Interval, interval } from "./interval.ts";

/** Options of {@linkcode randomBrightness}. */
export interface RandomBrightnessOptions extends InputOptions, ClippingOptions {
  /** The greatest change in either direction, as a share of the range of values; default: 0.2. */
  readonly factor?: number | undefined;
}

/** Options of {@linkcode randomContrast}. */
export interface RandomContrastOptions extends ImageOptions, ClippingOptions {
  /** The greatest difference of the contrast from 1; default: 0.2. */
  readonly factor?: number | undefined;
}

/** Options of augmentations that change values. */
export interface ClippingOptions {
  /** The least and greatest value, to which results are clipped (default: not clipped, and a range of 1). */
  readonly valueRange?: Interval | undefined;
}

const valueRange = {
  ...interval(finite(), { default: [0, 1] }),
  default: undefined,
  help: "least and greatest value, to which results are clipped",
  otherwise: "not clipped, and a range of 1",
};

/** {@linkcode RandomBrightnessOptions}, declared. */
export const randomBrightnessOptions = {
  ...inputOptions,
  valueRange,
  factor: share({ default: 0.2, help: "greatest change in either direction, as a share of the range of values" }),
} satisfies Declaration<RandomBrightnessOptions>;

/** {@linkcode RandomContrastOptions}, declared. */
export const randomContrastOptions = {
  ...imageOptions,
  valueRange,
  factor: share({ default: 0.2, help: "greatest difference of the contrast from 1" }),
} satisfies Declaration<RandomContrastOptions>;

/** From −1 to 1 for each example, with axes of extent 1 to be combined with a tensor. */
function eitherWay(word: Tensor, { shape: [examples, ...others] }: Tensor): Tensor {
  return uniformOf(word).mul(2).sub(1).reshape([examples, ...others.map(() => 1)]);
}

function clipped(x: Tensor, range: Interval | undefined): Tensor {
  return range ? clip(x, ...range) : x;
}

/**
 * Adds the same number to all values of an example: x + u · (high − low), with u from −factor to factor. Inputs have any
 * shape.
 *
 * Source: `keras.layers.RandomBrightness`.
 *
 * @throws {RangeError} for an unknown option, or a value out of bounds.
 * @throws {TypeError} if an option is of another kind; when it is applied, if inputs are whole numbers.
 *
 * @example
 * ```ts
 * import { randomBrightness } from "@yadll/yadll/augment";
 * import { random, tensor } from "@yadll/yadll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { x } = randomBrightness({ factor: 0.5 })(random.key(1), { x: tensor([[[0, 0.5]]]) });
 * const [[[dark, bright]]] = await x.toArray() as number[][][];
 * assertAlmostEquals(bright - dark, 0.5, 1e-6);
 * ```
 */
export function randomBrightness(options?: RandomBrightnessOptions): ConfiguredAugmentation {
  refuseSurplus("randomBrightness", arguments, 1);
  const values = readOptions("make randomBrightness", randomBrightnessOptions, options);
  const { factor, valueRange, ...place } = values;
  const [low, high] = valueRange ?? [0, 1];
  const identity = { name: "randomBrightness", declaration: randomBrightnessOptions, values };
  const change: Recipe["change"] = ([word], batch) => {
    const { x, put } = inputOf("augment with randomBrightness", batch, place);
    return { ...batch, x: put(clipped(x.add(eitherWay(word, x).mul(factor * (high - low))), valueRange)) };
  };
  return configured(identity, { words: 1, change });
}

/**
 * Multiplies the differences of pixels from the mean of their channel: (x − mean) · c + mean, with c from 1 − factor to
 * 1 + factor for each example. Images are [example, channel, row, column] or [example, row, column].
 *
 * Source: `keras.layers.RandomContrast`.
 *
 * @throws {RangeError} for an unknown option, or a value out of bounds.
 * @throws {TypeError} if an option is of another kind; when it is applied, if inputs are no images.
 *
 * @example
 * ```ts
 * import { randomContrast } from "@yadll/yadll/augment";
 * import { random, tensor } from "@yadll/yadll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { x } = randomContrast({ factor: 0.5 })(random.key(1), { x: tensor([[[0, 0.5], [1, 0.5]]]) });
 * assertAlmostEquals(await x.mean().item(), 0.5, 1e-6);
 * ```
 */
export function randomContrast(options?: RandomContrastOptions): ConfiguredAugmentation {
  refuseSurplus("randomContrast", arguments, 1);
  const values = readOptions("make randomContrast", randomContrastOptions, options);
  const { factor, valueRange, ...place } = values;
  const identity = { name: "randomContrast", declaration: randomContrastOptions, values };
  const change: Recipe["change"] = ([word], batch) => {
    const { images, put } = imagesOf("augment with randomContrast", batch, place);
    const mean = images.mean({ axis: [2, 3], keepDims: true });
    const changed = images.sub(mean).mul(eitherWay(word, images).mul(factor).add(1)).add(mean);
    return { ...batch, x: put(clipped(changed, valueRange)) };
  };
  return configured(identity, { words: 1, change });
}
