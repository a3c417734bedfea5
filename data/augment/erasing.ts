/**
 * Random erasing.
 *
 * @module
 */

import { tensor } from "../../core/creation.ts";
import { gatherNearest } from "../../core/functions/selection.ts";
import { finite, positive, share } from "../../core/options/numbers.ts";
import type { Declaration } from "../../core/options/option.ts";
import { readOptions } from "../../core/options/read.ts";
import { refuseSurplus } from "../../core/options/surplus.ts";
import type { Tensor } from "../../core/tensor.ts";
import { configured, type ConfiguredAugmentation, type Recipe, uniformOf, wholeBelow } from "./augmentation.ts";
import { type Box, isInBox } from "./box.ts";
import { type ImageOptions, imageOptions, imagesOf } from "./images.ts";
import { type Interval, interval, spread } from "./interval.ts";
import type { ImageExtents } from "./moves.ts";

/** Options of {@linkcode randomErasing}. */
export interface RandomErasingOptions extends ImageOptions {
  /** The probability that a part of an example is erased; default: 0.5. */
  readonly p?: number | undefined;
  /** The least and greatest share of the pixels that are erased; default: [0.02, 0.33]. */
  readonly scale?: Interval | undefined;
  /** The least and greatest height of the erased part, in multiples of its width; default: [0.3, 3.3]. */
  readonly ratio?: Interval | undefined;
  /** The value of erased pixels; default: 0. */
  readonly value?: number | undefined;
}

/** {@linkcode RandomErasingOptions}, declared. */
export const randomErasingOptions = {
  ...imageOptions,
  p: share({ default: 0.5, help: "probability that a part of an example is erased" }),
  scale: interval(share(), {
    default: [0.02, 0.33],
    help: "least and greatest share of the pixels that are erased",
  }),
  ratio: interval(positive(), {
    default: [0.3, 3.3],
    help: "least and greatest height of the erased part, in multiples of its width",
  }),
  value: finite({ default: 0, help: "value of erased pixels" }),
} satisfies Declaration<RandomErasingOptions>;

/** The areas, and the ratios, among which an example draws. */
const LEVELS = 64;

/** Heights and widths of all pairs of areas and ratios, rounded, and not larger than the image. */
function sizesOf({ rows, columns }: ImageExtents, scale: Interval, ratio: Interval): Int32Array {
  const [low, high] = [Math.log(ratio[0]), Math.log(ratio[1])];
  const ratios = spread([low, high], LEVELS).map(Math.exp);
  const sizes = spread(scale, LEVELS).flatMap((share) => {
    const area = share * rows * columns;
    return ratios.flatMap((one) => [
      Math.min(rows, Math.round(Math.sqrt(area * one))),
      Math.min(columns, Math.round(Math.sqrt(area / one))),
    ]);
  });
  return Int32Array.from(sizes);
}

/** A random box for each example, which lies within the image. */
function boxesOf([word, vertical, horizontal]: readonly Tensor[], extents: ImageExtents, sizes: Tensor): Box {
  const { examples, rows, columns } = extents;
  const chosen = wholeBelow(word, sizes.shape[0]);
  const chosenSizes = gatherNearest(sizes, chosen); // [example, 2]
  const [heights, widths] = [0, 1].map((i) => chosenSizes.slice([0, i], [examples, i + 1]).reshape([examples]));
  const place = (size: Tensor, count: number, word: Tensor): Tensor => {
    const most = size.neg().add(count);
    return uniformOf(word).mul(most.add(1).cast("f32")).cast("i32").minimum(most);
  };
  const [top, left] = [place(heights, rows, vertical), place(widths, columns, horizontal)];
  return { top, left, bottom: top.add(heights), right: left.add(widths) };
}

/**
 * Replaces a random rectangle of images by a value, each example for itself. The area and the ratio of height and width
 * are each one of 64 that are spread evenly, the ratio logarithmically. With `p: 1` and a ratio of 1 it is cutout. Images
 * are [example, channel, row, column] or [example, row, column].
 *
 * Source: Zhong, Zheng, Kang, Li and Yang, "Random erasing data augmentation", 2017, with the options of
 * `torchvision.transforms.v2.RandomErasing`; DeVries and Taylor, "Improved regularization of convolutional neural networks
 * with cutout", 2017.
 *
 * @throws {RangeError} for an unknown option, or a value out of bounds.
 * @throws {TypeError} if an option is of another kind; when it is applied, if inputs are no images.
 *
 * @example
 * ```ts
 * import { randomErasing } from "@yadll/yadll/augment";
 * import { ones, random } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const cutout = randomErasing({ p: 1, scale: [0.25, 0.25], ratio: [1, 1] });
 * const { x } = cutout(random.key(1), { x: ones([3, 8, 8]) });
 * assertEquals(await x.sum({ axis: [1, 2] }).toArray(), [48, 48, 48]);
 * ```
 */
export function randomErasing(options?: RandomErasingOptions): ConfiguredAugmentation {
  refuseSurplus("randomErasing", arguments, 1);
  const values = readOptions("make randomErasing", randomErasingOptions, options);
  const { p, scale, ratio, value, ...place } = values;
  const identity = { name: "randomErasing", declaration: randomErasingOptions, values };
  const change: Recipe["change"] = ([chance, ...words], batch) => {
    const { images, put } = imagesOf("augment with randomErasing", batch, place);
    const [examples, , rows, columns] = images.shape;
    const extents = { examples, rows, columns };
    const sizes = tensor(sizesOf(extents, scale, ratio)).reshape([-1, 2]);
    const isErased = uniformOf(chance).less(p).reshape([examples, 1, 1, 1]);
    const within = isInBox(boxesOf(words, extents, sizes), extents).and(isErased);
    return { ...batch, x: put(within.where(value, images)) };
  };
  return configured(identity, { words: 4, change });
}
