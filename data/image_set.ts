/**
 * A set of grey images with their classes.
 *
 * @module
 */

import type { Samples, SampleSet } from "./samples.ts";

/**
 * Grey images and their classes.
 *
 * The pixels are kept as bytes, a quarter of the memory of floats; {@linkcode ImageSet.x} makes the floats when they
 * are first asked for.
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
  #x: Samples | undefined;

  /**
   * A set of images; the arrays are kept, not copied.
   *
   * @param pixels Grey levels from 0 to 255, image after image, row after row: `[image, pixel]`.
   * @param y The class of each image.
   * @param pixelsPerImage The number of pixels of one image.
   * @throws {TypeError} if there are not as many images as classes.
   */
  constructor(readonly pixels: Uint8Array, readonly y: Int32Array, readonly pixelsPerImage: number) {
    if (pixels.length !== y.length * pixelsPerImage) {
      throw new TypeError(
        `Cannot make a set of ${y.length} images of ${pixelsPerImage} pixels: expected ${
          y.length * pixelsPerImage
        } grey levels, got ${pixels.length}`,
      );
    }
    this.length = y.length;
  }

  /** The images as floats from 0 to 1, `[image, pixel]`. */
  get x(): Samples {
    this.#x ??= { values: unitFloats(this.pixels), shape: [this.length, this.pixelsPerImage] };
    return this.#x;
  }

  /** The images from `begin` up to, not including, `end`; they share the memory of this set. */
  slice(begin: number, end: number = this.length): ImageSet {
    return new ImageSet(
      this.pixels.subarray(begin * this.pixelsPerImage, end * this.pixelsPerImage),
      this.y.subarray(begin, end),
      this.pixelsPerImage,
    );
  }
}

/** Grey levels from 0 to 255 as floats from 0 to 1. */
function unitFloats(levels: Uint8Array): Float32Array {
  const values = new Float32Array(levels.length);
  for (let i = 0; i < levels.length; i++) values[i] = levels[i] / 255;
  return values;
}
