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

/** The gap between the images, in pixels before zooming. */
export const GAP = 1;
const GREY = 128;
/** The frames of images, and the rest of the gap: one of them differs from any image. */
const FRAME = 32;
const BETWEEN = 255;

/**
 * Makes a picture of images in rows; each has height · width numbers. Between them are a dark and a white line, or a
 * gray one if the picture is not zoomed.
 */
export function tile(images: readonly ArrayLike<number>[], options: TileOptions): GreyPicture {
  const { shape: [rows, cells], columns, stretch = false, zoom = 2 } = options;
  const width = (columns * (cells + GAP) + GAP) * zoom;
  const height = (Math.ceil(images.length / columns) * (rows + GAP) + GAP) * zoom;
  const pixels = frames({ width, height, cell: [(rows + GAP) * zoom, (cells + GAP) * zoom], zoom });
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

/** The size of a picture of images, and of an image with the gap before it, in pixels. */
interface Frames {
  readonly width: number;
  readonly height: number;
  readonly cell: readonly [height: number, width: number];
  readonly zoom: number;
}

/** Returns the pixels of the gaps between images. */
function frames({ width, height, cell, zoom }: Frames): Uint8Array {
  if (zoom === 1) return new Uint8Array(width * height).fill(GREY);
  const isFrame = (at: number): boolean => at === 0 || at === zoom - 1 && zoom > 2;
  return Uint8Array.from({ length: width * height }, (_, i) => {
    const [y, x] = [Math.floor(i / width) % cell[0], i % width % cell[1]];
    return isFrame(x) && (y >= zoom || isFrame(y)) || isFrame(y) ? FRAME : BETWEEN;
  });
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
