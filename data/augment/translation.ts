/**
 * Random translations.
 *
 * @module
 */

import { share } from "../../core/options/numbers.ts";
import type { Declaration } from "../../core/options/option.ts";
import { readOptions } from "../../core/options/read.ts";
import { refuseSurplus } from "../../core/options/surplus.ts";
import { type ConfiguredAugmentation, wholeBelow } from "./augmentation.ts";
import type { AugmentedImageOptions } from "./images.ts";
import { type FillOptions, moving, movingOptions, perImage, withBorders } from "./moves.ts";

/** Options of {@linkcode randomTranslation}. */
export interface RandomTranslationOptions extends AugmentedImageOptions, FillOptions {
  /** The greatest shift up or down, as a share of the rows; default: 0.1. */
  readonly heightFactor?: number | undefined;
  /** The greatest shift to the left or right, as a share of the columns; default: 0.1. */
  readonly widthFactor?: number | undefined;
}

/** {@linkcode RandomTranslationOptions}, declared. */
export const randomTranslationOptions = {
  ...movingOptions,
  heightFactor: share({ default: 0.1, help: "greatest shift up or down, as a share of the rows" }),
  widthFactor: share({ default: 0.1, help: "greatest shift to the left or right, as a share of the columns" }),
} satisfies Declaration<RandomTranslationOptions>;

/**
 * Shifts images at random by whole pixels, each example for itself: pixelᵣ,꜀ is that of row r − i and column c − j, where
 * i is from −m to m with m = heightFactor · rows, rounded, and j accordingly. Images are [example, channel, row, column] or
 * [example, row, column].
 *
 * Source: `keras.layers.RandomTranslation`, whose shifts are fractions of pixels, too.
 *
 * @throws {RangeError} for an unknown option, or a value out of bounds.
 * @throws {TypeError} if an option is of another kind; when it is applied, if inputs are no images.
 *
 * @example
 * ```ts
 * import { randomTranslation } from "@yadll/yadll/augment";
 * import { random, tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const batch = { x: tensor([[[1, 2, 3]], [[4, 5, 6]], [[7, 8, 9]]]) };
 * const { x } = randomTranslation({ widthFactor: 0.3, fillMode: "nearest" })(random.key(1), batch);
 * assertEquals(await x.toArray(), [[[1, 1, 2]], [[4, 4, 5]], [[7, 8, 9]]]);
 * ```
 */
export function randomTranslation(options?: RandomTranslationOptions): ConfiguredAugmentation {
  refuseSurplus("randomTranslation", arguments, 1);
  const values = readOptions(
    "make randomTranslation",
    randomTranslationOptions,
    options,
  );
  const { heightFactor, widthFactor, ...fill } = values;
  return moving(
    { name: "randomTranslation", declaration: randomTranslationOptions, values },
    {
      words: 2,
      move: (words, extents) => {
        const [down, right] = [heightFactor * extents.rows, widthFactor * extents.columns].map((most, i) => {
          const pixels = Math.round(most);
          return perImage(wholeBelow(words[i], 2 * pixels + 1).sub(pixels));
        });
        const bordered = withBorders(extents, fill);
        return (read) => (rows, columns) => bordered(read)(rows.sub(down), columns.sub(right));
      },
    },
  );
}
