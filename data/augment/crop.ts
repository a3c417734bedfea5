/**
 * Random crops of padded images.
 *
 * @module
 */

import { count } from "../../core/options/numbers.ts";
import type { Declaration } from "../../core/options/option.ts";
import { readOptions } from "../../core/options/read.ts";
import { refuseSurplus } from "../../core/options/surplus.ts";
import { type ConfiguredAugmentation, wholeBelow } from "./augmentation.ts";
import type { AugmentedImageOptions } from "./images.ts";
import { type FillOptions, moving, movingOptions, perImage, withBorders } from "./moves.ts";

/** Options of {@linkcode randomCrop}. */
export interface RandomCropOptions extends AugmentedImageOptions, FillOptions {
  /** The pixels that are added on each side before an image is cut out; default: 4. */
  readonly padding?: number | undefined;
}

/** {@linkcode RandomCropOptions}, declared. */
export const randomCropOptions = {
  ...movingOptions,
  padding: count({ least: 0, default: 4, help: "pixels that are added on each side before an image is cut out" }),
} satisfies Declaration<RandomCropOptions>;

/**
 * Pads images on each side, and cuts out one of the former size at a random place: pixelᵣ,꜀ = paddedᵣ₊ᵢ,꜀₊ⱼ with i and j
 * from 0 to 2 · padding, all equally likely, for each example. Images are [example, channel, row, column] or [example,
 * row, column].
 *
 * Source: `torchvision.transforms.v2.RandomCrop`.
 *
 * @throws {RangeError} for an unknown option, or a value out of bounds.
 * @throws {TypeError} if an option is of another kind; when it is applied, if inputs are no images.
 *
 * @example
 * ```ts
 * import { randomCrop } from "@yadll/yadll/augment";
 * import { random, tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const batch = { x: tensor([[[1, 2], [3, 4]], [[5, 6], [7, 8]]]) };
 * const { x } = randomCrop({ padding: 1 })(random.key(1), batch);
 * assertEquals(await x.toArray(), [[[4, 0], [0, 0]], [[6, 0], [8, 0]]]);
 * ```
 */
export function randomCrop(options?: RandomCropOptions): ConfiguredAugmentation {
  refuseSurplus("randomCrop", arguments, 1);
  const values = readOptions("make randomCrop", randomCropOptions, options);
  const { padding, ...fill } = values;
  return moving(
    { name: "randomCrop", declaration: randomCropOptions, values },
    {
      words: 2,
      move: (words, extents) => {
        const [down, right] = words.map((word) => perImage(wholeBelow(word, 2 * padding + 1).sub(padding)));
        const bordered = withBorders(extents, fill);
        return (read) => (rows, columns) => bordered(read)(rows.add(down), columns.add(right));
      },
    },
  );
}
