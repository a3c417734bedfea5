/**
 * A set of gray images with their classes.
 *
 * @module
 */

import { bytesKind } from "../../core/options/kinds.ts";
import { count } from "../../core/options/numbers.ts";
import { custom } from "../../core/options/option.ts";
import { checkArguments } from "../../core/options/read.ts";
import type { Shape } from "../../core/shape.ts";
import type { Samples, SampleSet } from "../samples.ts";

const pixelCount = count({ least: 0 });
const classesKind = custom<Int32Array>({
  expected: "the class of each image, as an Int32Array",
  accepts: (value): value is Int32Array => value instanceof Int32Array,
});

/** Gray levels in a word of 32 bits. */
const LEVELS_PER_WORD = 4;

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
    this.x = new GreyLevels(pixels, [y.length, pixelsPerImage]);
  }

  /** Whether the gray levels of each image fill whole words. */
  get isPackable(): boolean {
    return this.pixelsPerImage % LEVELS_PER_WORD === 0;
  }

  /**
   * The gray levels, four per word, the first one in the lowest byte. If possible, they share the memory of this set.
   */
  words(): Uint32Array<ArrayBufferLike> {
    const { buffer, byteOffset, byteLength } = this.pixels;
    if (byteOffset % LEVELS_PER_WORD === 0) return new Uint32Array(buffer, byteOffset, byteLength / LEVELS_PER_WORD);
    return new Uint32Array(this.pixels.slice().buffer);
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

/** Gray levels from 0 to 255 as floats from 0 to 1, which are made on first use. */
export class GreyLevels implements Samples {
  #values: Float32Array | undefined;

  constructor(readonly levels: Uint8Array, readonly shape: Shape) {}

  /** The floats. */
  get values(): Float32Array {
    return this.#values ??= unitFloats(this.levels);
  }
}

/** Gray levels from 0 to 255 as floats from 0 to 1. */
function unitFloats(levels: Uint8Array): Float32Array {
  const values = new Float32Array(levels.length);
  for (let i = 0; i < levels.length; i++) values[i] = levels[i] / 255;
  return values;
}
