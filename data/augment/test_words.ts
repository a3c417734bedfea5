/**
 * The random numbers of augmentations, and images, in plain numbers.
 *
 * @module
 */

import { tensor } from "../../core/creation.ts";
import { threefry2x32 } from "../../core/scalar/double_precision.ts";
import type { Shape } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";

/** The seed of the keys of tests. */
export const SEED = 2024;

/** The random words of each example, for a key that `random.key(SEED)` makes: [example][word]. */
export function wordsOf(examples: number, count: number): number[][] {
  const word = (position: number): number => {
    const [a, b] = threefry2x32([0, SEED], [0, position]);
    return (a ^ b) >>> 0;
  };
  return Array.from(
    { length: examples },
    (_, i) =>
      Array.from({ length: count }, (_, j) => (word(2 * (i * count + j)) + word(2 * (i * count + j) + 1)) >>> 0),
  );
}

/** A number from 0 to below 1. */
export const unit = (word: number): number => (word >>> 8) * 2 ** -24;

/** A whole number from 0 to below a count. */
export const below = (word: number, count: number): number =>
  Math.min(count - 1, Math.trunc(Math.fround(unit(word) * count)));

/** Images as [example][channel][row][column]. */
export type Images = readonly (readonly (readonly (readonly number[])[])[])[];

/** Different numbers, which f32 holds exactly. */
export function imagesOf([examples, channels, rows, columns]: readonly [number, number, number, number]): Images {
  let next = 1;
  return Array.from(
    { length: examples },
    () =>
      Array.from(
        { length: channels },
        () => Array.from({ length: rows }, () => Array.from({ length: columns }, () => next++ / 8)),
      ),
  );
}

/** Images as a tensor of another shape. */
export function tensorOf(images: Images, shape: Shape): Tensor {
  return tensor(images.flat(3), shape);
}

/** Images whose pixels are computed from those of the same channel. */
export function mapPixels(
  images: Images,
  pixel: (channel: readonly (readonly number[])[], at: { i: number; r: number; c: number }) => number,
): Images {
  return images.map((example, i) =>
    example.map((channel) => channel.map((row, r) => row.map((_, c) => pixel(channel, { i, r, c }))))
  );
}

/** The shapes of images in tests: odd extents, extents of 1, several channels, and a single example. */
export const shapes: readonly (readonly [number, number, number, number])[] = [
  [7, 1, 5, 4],
  [3, 2, 3, 7],
  [4, 1, 1, 1],
  [1, 3, 1, 6],
  [40, 1, 6, 1],
];
