/**
 * Random flips.
 *
 * @module
 */

import { share } from "../../core/options/numbers.ts";
import type { Declaration } from "../../core/options/option.ts";
import { readOptions } from "../../core/options/read.ts";
import { refuseSurplus } from "../../core/options/surplus.ts";
import { oneOf } from "../../core/options/values.ts";
import type { Tensor } from "../../core/tensor.ts";
import { type ConfiguredAugmentation, uniformOf } from "./augmentation.ts";
import { type AugmentedImageOptions, imageOptions } from "./images.ts";
import { moving, perImage } from "./moves.ts";

/** Options of {@linkcode randomFlip}. */
export interface RandomFlipOptions extends AugmentedImageOptions {
  /** Whether left and right are exchanged, or top and bottom, or each of them at random; default: `"horizontal"`. */
  readonly mode?: "horizontal" | "vertical" | "horizontal_and_vertical" | undefined;
  /** The probability of each flip; default: 0.5. */
  readonly p?: number | undefined;
}

/** {@linkcode RandomFlipOptions}, declared. */
export const randomFlipOptions = {
  ...imageOptions,
  mode: oneOf(["horizontal", "vertical", "horizontal_and_vertical"], {
    default: "horizontal",
    help: "whether left and right are exchanged, or top and bottom, or each of them at random",
  }),
  p: share({ default: 0.5, help: "probability of each flip" }),
} satisfies Declaration<RandomFlipOptions>;

/**
 * Flips images at random, each example for itself: pixelᵣ,꜀ is that of column C − 1 − c. Images are [example, channel,
 * row, column] or [example, row, column]. Do not flip what its mirror image is not, such as digits.
 *
 * Source: `keras.layers.RandomFlip`, and `torchvision.transforms.v2.RandomHorizontalFlip`.
 *
 * @throws {RangeError} for an unknown option, or a value out of bounds.
 * @throws {TypeError} if an option is of another kind; when it is applied, if inputs are no images.
 *
 * @example
 * ```ts
 * import { randomFlip } from "@yadll/yadll/augment";
 * import { random, tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const batch = { x: tensor([[[1, 2], [3, 4]]]) };
 * const { x } = randomFlip({ mode: "vertical", p: 1 })(random.key(1), batch);
 * assertEquals(await x.toArray(), [[[3, 4], [1, 2]]]);
 * ```
 */
export function randomFlip(options?: RandomFlipOptions): ConfiguredAugmentation {
  refuseSurplus("randomFlip", arguments, 1);
  const values = readOptions("make randomFlip", randomFlipOptions, options);
  const { mode, p } = values;
  return moving(
    { name: "randomFlip", declaration: randomFlipOptions, values },
    {
      words: mode === "horizontal_and_vertical" ? 2 : 1,
      move: (words, { rows: height, columns: width }) => {
        const flipped = (places: Tensor, extent: number, word: Tensor): Tensor =>
          perImage(uniformOf(word).less(p)).where(places.neg().add(extent - 1), places);
        const [first] = words;
        const last = words[words.length - 1];
        return (read) => (rows, columns) =>
          read(
            mode === "horizontal" ? rows : flipped(rows, height, last),
            mode === "vertical" ? columns : flipped(columns, width, first),
          );
      },
    },
  );
}
