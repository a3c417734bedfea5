/**
 * Many small images in one picture.
 *
 * @module
 */

import type { GreyPicture } from "./png.ts";

/** The layout of tiles. */
export interface TileOptions {
  /** The height and width of each image. */
  readonly shape: readonly [height: number, width: number];
  /** The number of images per row. */
  readonly columns: number;
  /** Whether each image is scaled to the whole range from black to white; otherwise 0 is black and 1 white. */
  readonly stretch?: boolean;
  /** The width and height of each number in pixels; default: 2. */
  readonly zoom?: number;
}

/** The gray gap between the images, in pixels before zooming. */
const GAP = 1;
const GREY = 128;

/** Makes a picture of images in rows; each has height · width numbers. */
export function tile(images: readonly ArrayLike<number>[], options: TileOptions): GreyPicture {
  const { shape: [rows, cells], columns, stretch = false, zoom = 2 } = options;
  const width = (columns * (cells + GAP) + GAP) * zoom;
  const height = (Math.ceil(images.length / columns) * (rows + GAP) + GAP) * zoom;
  const pixels = new Uint8Array(width * height).fill(GREY);
  images.forEach((image, number) => {
    const shade = stretch ? stretched(image) : (value: number) => 255 * Math.min(1, Math.max(0, value));
    const left = (number % columns * (cells + GAP) + GAP) * zoom;
    const top = (Math.floor(number / columns) * (rows + GAP) + GAP) * zoom;
    for (let y = 0; y < rows * zoom; y++) {
      for (let x = 0; x < cells * zoom; x++) {
        const value = image[Math.floor(y / zoom) * cells + Math.floor(x / zoom)];
        pixels[(top + y) * width + left + x] = Math.round(shade(value));
      }
    }
  });
  return { width, height, pixels };
}

/** Maps the smallest value to black, and the largest to white. */
function stretched(image: ArrayLike<number>): (value: number) => number {
  const values = Array.from(image);
  const least = values.reduce((a, b) => Math.min(a, b), Infinity);
  const greatest = values.reduce((a, b) => Math.max(a, b), -Infinity);
  return (value) => greatest === least ? GREY : 255 * (value - least) / (greatest - least);
}

/** Joins two pictures of the same width, one below the other. */
export function stackTiles(above: GreyPicture, below: GreyPicture): GreyPicture {
  if (above.width !== below.width) {
    throw new RangeError(`Cannot stack pictures that are ${above.width} and ${below.width} wide`);
  }
  const pixels = new Uint8Array(above.pixels.length + below.pixels.length);
  pixels.set(above.pixels);
  pixels.set(below.pixels, above.pixels.length);
  return { width: above.width, height: above.height + below.height, pixels };
}
