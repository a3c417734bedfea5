/**
 * CutMix.
 *
 * @module
 */

import { tensor } from "../../core/creation.ts";
import { gatherNearest } from "../../core/functions/selection.ts";
import { positive } from "../../core/options/numbers.ts";
import type { Declaration } from "../../core/options/option.ts";
import { readOptions } from "../../core/options/read.ts";
import { refuseSurplus } from "../../core/options/surplus.ts";
import type { Tensor } from "../../core/tensor.ts";
import { configured, type ConfiguredAugmentation, type Recipe, wholeBelow } from "./augmentation.ts";
import { betaQuantiles, QUANTILES } from "./beta.ts";
import { type Box, isInBox } from "./box.ts";
import { type AugmentedImageOptions, imageOptions, imagesOf } from "./images.ts";
import { type MixingOptions, mixingOptions, mixTargets, partnersOf } from "./mixing.ts";
import type { ImageExtents } from "./moves.ts";

/** Options of {@linkcode cutmix}. */
export interface CutmixOptions extends AugmentedImageOptions, MixingOptions {
  /** How even mixtures are: the share of an example has the distribution Beta(alpha, alpha); default: 1. */
  readonly alpha?: number | undefined;
}

/** {@linkcode CutmixOptions}, declared. */
export const cutmixOptions = {
  ...imageOptions,
  ...mixingOptions,
  alpha: positive({ least: 0.001, most: 1000, default: 1, help: mixingOptions.alpha.help }),
} satisfies Declaration<CutmixOptions>;

/** Random boxes whose shares of the image are quantiles of 1 − λ where they are not cut off by its borders. */
function boxesOf(
  [word, down, along]: readonly Tensor[],
  { rows, columns }: ImageExtents,
  quantiles: readonly number[],
): Box {
  const chosen = wholeBelow(word, QUANTILES);
  const side = (extent: number, word: Tensor): { from: Tensor; to: Tensor } => {
    const halves = Int32Array.from(quantiles, (share) => Math.floor(0.5 * Math.sqrt(1 - share) * extent));
    const half = gatherNearest(tensor(halves), chosen);
    const middle = wholeBelow(word, extent);
    return { from: middle.sub(half).maximum(0), to: middle.add(half).minimum(extent) };
  };
  const [vertical, horizontal] = [side(rows, down), side(columns, along)];
  return { top: vertical.from, bottom: vertical.to, left: horizontal.from, right: horizontal.to };
}

/**
 * Replaces a random rectangle of each image by that of another example of the batch. The targets are mixed by the shares
 * of the pixels: λ y + (1 − λ) y′; see {@linkcode mixup}. Images are [example, channel, row, column] or [example, row,
 * column].
 *
 * Source: Yun, Han, Oh, Chun, Choe and Yoo, "CutMix: regularization strategy to train strong classifiers with localizable
 * features", 2019, with a λ and a partner for each example.
 *
 * @throws {RangeError} for an unknown option, or a value out of bounds.
 * @throws {TypeError} if an option is of another kind; when it is applied, if inputs are no images, or the number of
 * classes is not known.
 *
 * @example
 * ```ts
 * import { cutmix } from "@yadll/yadll/augment";
 * import { ones, random, stack, tensor, zeros } from "@yadll/yadll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const batch = { x: stack([zeros([8, 8]), ones([8, 8])]), y: tensor([[0], [1]]) };
 * const { x, y } = cutmix()(random.key(1), batch);
 * const [share, target] = [await x.mean({ axis: [1, 2] }).toArray(), await y.reshape([2]).toArray()] as number[][];
 * assertAlmostEquals(share[0], target[0], 1e-6);
 * assertAlmostEquals(share[1], target[1], 1e-6);
 * ```
 */
export function cutmix(options?: CutmixOptions): ConfiguredAugmentation {
  refuseSurplus("cutmix", arguments, 1);
  const values = readOptions("make cutmix", cutmixOptions, options);
  const { alpha, nClass, ...place } = values;
  const quantiles = betaQuantiles(alpha);
  const identity = { name: "cutmix", declaration: cutmixOptions, values };
  const change: Recipe["change"] = ([partner, ...words], batch, context) => {
    const { images, put } = imagesOf("augment with cutmix", batch, place);
    const [examples, , rows, columns] = images.shape;
    const extents = { examples, rows, columns };
    const partners = partnersOf(partner, examples);
    const box = boxesOf(words, extents, quantiles);
    const area = box.bottom.sub(box.top).mul(box.right.sub(box.left)).cast("f32");
    const share = area.mul(-1 / (rows * columns)).add(1);
    const x = put(isInBox(box, extents).where(gatherNearest(images, partners), images));
    return { ...mixTargets("augment with cutmix", batch, { partners, share, nClass, context }), x };
  };
  return configured(identity, { words: 4, mixes: true, change });
}
