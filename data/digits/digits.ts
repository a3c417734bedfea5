/**
 * Synthetic digits that look handwritten, for lessons and tests without a network connection.
 *
 * @module
 */

import { refuseSurplus } from "../../core/options/surplus.ts";
import { checkArguments, readOptions } from "../../core/options/read.ts";
import { count, whole } from "../../core/options/numbers.ts";
import { custom, type Declaration } from "../../core/options/option.ts";
import { list } from "../../core/options/values.ts";
import { SIDE, write } from "./pen.ts";
import { digitStyles } from "./strokes.ts";
import { ImageSet } from "../mnist/image_set.ts";
import { RandomStream } from "../random_stream.ts";

const PIXELS = SIDE * SIDE;

const anySeed = whole();
const anyCount = count({ least: 0 });

/** The number of images whose pixels an index of 32 bits can count. */
export const MOST_IMAGES = Math.floor((2 ** 31 - 1) / PIXELS);

/** The share of images with specks all over, as from a bad scanner. */
const SPECKLED_SHARE = 0.15;

/**
 * Synthetic digits that look handwritten: 28×28 gray images of 0 to 9, each written in one of several styles, then
 * bent, slanted, rotated, thick or thin, and slightly noisy.
 *
 * The same seed gives the same images, bit for bit, on every machine; the images of a smaller `n` are the first ones of
 * a larger `n`. The classes come in random order, about equally often.
 *
 * @param seed The random seed, any whole number.
 * @param n The number of images.
 * @throws {RangeError} if `seed` or `n` is not a whole number, or `n` is negative.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { digits } from "@yadll/yadll/data";
 *
 * const set = digits(1, 100);
 * assertEquals(set.x.shape, [100, 784]);
 * assertEquals(set.pixels.subarray(0, 784), digits(1, 1).pixels);
 * ```
 */
export function digits(seed: number, n: number): ImageSet {
  refuseSurplus("digits", arguments, 2);
  checkArguments("make digits", { seed }, anySeed);
  checkArguments("make digits", { n }, anyCount);
  if (n > MOST_IMAGES) throw new RangeError(`Cannot make digits: expected at most ${MOST_IMAGES} images, got ${n}`);
  const pixels = new Uint8Array(n * PIXELS);
  const classes = new Int32Array(n);
  const ink = new Float64Array(PIXELS);
  for (let image = 0; image < n; image++) {
    const random = new RandomStream(seed, image);
    const digit = random.below(digitStyles.length);
    const styles = digitStyles[digit];
    write(styles[random.below(styles.length)], ink, random);
    develop(ink, pixels.subarray(image * PIXELS, (image + 1) * PIXELS), random);
    classes[image] = digit;
  }
  return new ImageSet(pixels, classes, PIXELS);
}

/** Numbers of images for training, validation and test. */
type Sizes = readonly [training: number, validation: number, test: number];

/** Options of {@linkcode digitsLoader}. */
export interface DigitsOptions {
  /** The random seed, any whole number; default: 1. */
  readonly seed?: number;
  /** The number of images of each set; default: `[50_000, 10_000, 10_000]`, as in MNIST. */
  readonly sizes?: readonly [training: number, validation: number, test: number];
}

const threeCounts = list(anyCount, { length: 3 });

/** {@linkcode DigitsOptions}, declared. */
export const digitsOptions = {
  seed: whole({ default: 1, help: "random seed" }),
  sizes: custom<Sizes>({
    ...threeCounts,
    expected: "three whole numbers of at least 0",
    accepts: (value): value is Sizes => threeCounts.accepts(value),
  }, { default: [50_000, 10_000, 10_000], help: "number of images of each set" }),
} satisfies Declaration<DigitsOptions>;

/**
 * Synthetic digits in three sets, for training, validation and test; see {@linkcode digits}.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { digitsLoader } from "@yadll/yadll/data";
 *
 * const sets = digitsLoader({ seed: 2, sizes: [50, 10, 10] });
 * assertEquals(sets.map((set) => set.length), [50, 10, 10]);
 * ```
 */
export function digitsLoader(
  options?: DigitsOptions,
): readonly [training: ImageSet, validation: ImageSet, test: ImageSet] {
  refuseSurplus("digitsLoader", arguments, 1);
  const { seed, sizes } = readOptions("make sets of digits", digitsOptions, options);
  const [training, validation, test] = sizes;
  const all = digits(seed, training + validation + test);
  return [
    all.slice(0, training),
    all.slice(training, training + validation),
    all.slice(training + validation),
  ];
}

/** Turns ink into gray levels, with grain, and with specks on some images. */
function develop(ink: Float64Array, levels: Uint8Array, random: RandomStream): void {
  const darkness = random.uniform(205, 255);
  const grain = random.uniform(0, 0.16);
  const specks = random.uniform() < SPECKLED_SHARE ? random.uniform(10, 40) : undefined;
  for (let pixel = 0; pixel < levels.length; pixel++) {
    const amount = Math.min(ink[pixel], 1);
    const noise = amount > 0 ? 1 - grain * random.uniform() : 0;
    const level = darkness * amount * noise + (specks === undefined ? 0 : specks * random.uniform());
    levels[pixel] = Math.min(255, level); // whose elements have no fractions
  }
}
