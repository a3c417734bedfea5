/**
 * A set of gray images with their classes.
 *
 * @module
 */

import { bytesKind } from "../../core/options/kinds.ts";
import { count } from "../../core/options/numbers.ts";
import { custom } from "../../core/options/option.ts";
import { checkArguments } from "../../core/options/read.ts";
import { arePackable, GreyLevels } from "../grey_levels.ts";
import type { Samples, SampleSet } from "../samples.ts";

const pixelCount = count({ least: 0 });
const classesKind = custom<Int32Array>({
  expected: "the class of each image, as an Int32Array",
  accepts: (value): value is Int32Array => value instanceof Int32Array,
});

/**
 * Gray images and their classes.
 *
 * The pixels are kept as bytes, in a quarter of the memory of floats; {@linkcode ImageSet.x} makes the floats on first
 * use.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ImageSet } from "@yadll/yadll/data";
 *
 * const images = new ImageSet(Uint8Array.of(0, 255, 51, 0), Int32Array.of(7, 1), 2);
 * assertEquals(images.x.shape, [2, 2]);
 * assertEquals([...images.x.values], [0, 1, Math.fround(0.2), 0]);
 * assertEquals(images.slice(1, 2).y, Int32Array.of(1));
 * ```
 */
export class ImageSet implements SampleSet {
  /** The number of images. */
  readonly length: number;
  /** The images as floats from 0 to 1, `[image, pixel]`. */
  readonly x: Samples;
  readonly #levels: GreyLevels;

  /**
   * Makes a set of images; the arrays are kept, not copied.
   *
   * @param pixels Gray levels from 0 to 255, image after image, row after row: `[image, pixel]`.
   * @param y The class of each image.
   * @param pixelsPerImage The number of pixels of one image.
   * @throws {TypeError} if there are not as many images as classes.
   */
  constructor(readonly pixels: Uint8Array, readonly y: Int32Array, readonly pixelsPerImage: number) {
    checkArguments("make a set of images", { pixels }, bytesKind);
    checkArguments("make a set of images", { y }, classesKind);
    checkArguments("make a set of images", { pixelsPerImage }, pixelCount);
    if (pixels.length !== y.length * pixelsPerImage) {
      throw new TypeError(
        `Cannot make a set of ${y.length} images of ${pixelsPerImage} pixels: expected ${
          y.length * pixelsPerImage
        } gray levels, got ${pixels.length}`,
      );
    }
    this.length = y.length;
    this.#levels = new GreyLevels(pixels, [y.length, pixelsPerImage]);
    this.x = this.#levels;
  }

  /** Whether the gray levels of each image fill whole words. */
  get isPackable(): boolean {
    return arePackable(this.x.shape);
  }

  /**
   * The gray levels, four per word, the first one in the lowest byte. If possible, they share the memory of this set.
   */
  words(): Uint32Array<ArrayBufferLike> {
    return this.#levels.words();
  }

  /** The images from `begin` to `end`, which is excluded; they share the memory of this set. */
  slice(begin: number, end: number = this.length): ImageSet {
    checkArguments("take a part of a set of images", { begin, end }, pixelCount);
    return new ImageSet(
      this.pixels.subarray(begin * this.pixelsPerImage, end * this.pixelsPerImage),
      this.y.subarray(begin, end),
      this.pixelsPerImage,
    );
  }
}
