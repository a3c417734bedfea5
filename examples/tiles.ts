/**
 * Many small images in one picture.
 *
 * @module
 */

import type { GreyPicture } from "./png.ts";

/** How tiles are laid out. */
export interface TileOptions {
  /** The width and height of each image. */
  readonly side: number;
  /** The images in a row. */
  readonly columns: number;
  /** Whether each image is stretched to the whole range from black to white; else 0 is black and 1 white. */
  readonly stretch?: boolean;
  /** How many pixels wide and high each number becomes; 2 where not given. */
  readonly zoom?: number;
}

/** Grey between the images, in pixels before zooming. */
const GAP = 1;
const GREY = 128;

/** A picture of images, each side · side numbers, in rows. */
export function tile(images: readonly ArrayLike<number>[], options: TileOptions): GreyPicture {
  const { side, columns, stretch = false, zoom = 2 } = options;
  const step = side + GAP;
  const width = (columns * step + GAP) * zoom;
  const height = (Math.ceil(images.length / columns) * step + GAP) * zoom;
  const pixels = new Uint8Array(width * height).fill(GREY);
  images.forEach((image, number) => {
    const shade = stretch ? stretched(image) : (value: number) => 255 * value;
    const left = (number % columns * step + GAP) * zoom;
    const top = (Math.floor(number / columns) * step + GAP) * zoom;
    for (let y = 0; y < side * zoom; y++) {
      for (let x = 0; x < side * zoom; x++) {
        const value = image[Math.floor(y / zoom) * side + Math.floor(x / zoom)];
        pixels[(top + y) * width + left + x] = Math.round(shade(value));
      }
    }
  });
  return { width, height, pixels };
}

/** The least value black, the greatest white. */
function stretched(image: ArrayLike<number>): (value: number) => number {
  const values = Array.from(image);
  const [least, greatest] = [Math.min(...values), Math.max(...values)];
  return (value) => greatest === least ? GREY : 255 * (value - least) / (greatest - least);
}

/** Two pictures of the same width, one below the other. */
export function stack(above: GreyPicture, below: GreyPicture): GreyPicture {
  if (above.width !== below.width) {
    throw new RangeError(`Cannot stack pictures that are ${above.width} and ${below.width} wide`);
  }
  const pixels = new Uint8Array(above.pixels.length + below.pixels.length);
  pixels.set(above.pixels);
  pixels.set(below.pixels, above.pixels.length);
  return { width: above.width, height: above.height + below.height, pixels };
}
