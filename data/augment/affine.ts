/**
 * Random rotations and zooms: one affine resampling of images.
 *
 * Places are computed in whole numbers, in fractions of pixels, so every device takes the same pixels.
 *
 * @module
 */

import { tensor } from "../../core/creation.ts";
import { gatherNearest } from "../../core/functions/selection.ts";
import { finite, positive } from "../../core/options/numbers.ts";
import type { Declaration } from "../../core/options/option.ts";
import { oneOf } from "../../core/options/values.ts";
import { either } from "../../core/options/values.ts";
import type { Tensor } from "../../core/tensor.ts";
import { wholeBelow } from "./augmentation.ts";
import type { ImageOptions } from "./images.ts";
import { type Interval, interval, spread } from "./interval.ts";
import {
  type FillOptions,
  type ImageExtents,
  type Move,
  movingOptions,
  perImage,
  type PixelReader,
  withBorders,
} from "./moves.ts";

/** Options of augmentations that resample images. */
export interface ResamplingOptions extends ImageOptions, FillOptions {
  /** Whether a pixel is the nearest one, or is interpolated from the four around it; default: `"bilinear"`. */
  readonly interpolation?: "bilinear" | "nearest" | undefined;
}

/** {@linkcode ResamplingOptions}, declared. */
export const resamplingOptions = {
  ...movingOptions,
  interpolation: oneOf(["bilinear", "nearest"], {
    default: "bilinear",
    help: "whether a pixel is the nearest one, or is interpolated from the four around it",
  }),
} satisfies Declaration<ResamplingOptions>;

const angle = finite({ least: -360, most: 360 });

/** Angles, as an option. */
export const degrees = either([finite({ least: 0, most: 360 }), interval(angle, { default: [0, 0] })], {
  default: 10,
  help: "greatest angle of a rotation in either direction, or the least and the greatest one",
});

/** Magnifications, as an option. */
export const scale = interval(positive({ least: 0.05, most: 20 }), {
  default: [0.9, 1.1],
  help: "least and greatest magnification",
});

/** The angles between two angles, and the magnifications between two of them, among which an example draws. */
const LEVELS = 4096;

/** What is drawn for an affine resampling. */
export interface AffineChoice extends Required<{ [K in keyof FillOptions]: NonNullable<FillOptions[K]> }> {
  readonly degrees: Interval;
  readonly scale: Interval;
  readonly interpolation: "bilinear" | "nearest";
}

/** The interval of angles that an option stands for. */
export function anglesOf(degrees: number | Interval): Interval {
  return typeof degrees === "number" ? [-degrees, degrees] : degrees;
}

/** The rotations and zooms of each example, around the middle of the image. */
export function affineMove({ degrees, scale, interpolation, ...fill }: AffineChoice): Move {
  const angles = spread(degrees, LEVELS).map((one) => one / 180 * Math.PI);
  const scales = spread(scale, LEVELS);
  const move: Move["move"] = ([angleWord, scaleWord], extents) => {
    const { rows: height, columns: width } = extents;
    const bits = fractionBits(extents, Math.min(...scales));
    const chosen = (values: readonly number[], word: Tensor): Tensor =>
      gatherNearest(tensor([...values]), wholeBelow(word, values.length));
    const inverse = chosen(scales.map((one) => 1 / one), scaleWord);
    const fixed = (part: (angle: number) => number): Tensor =>
      perImage(chosen(angles.map(part), angleWord).mul(inverse).mul(2 ** bits).add(0.5).floor().cast("i32"));
    const [cosine, sine] = [fixed(Math.cos), fixed(Math.sin)];
    const bordered = withBorders(extents, fill);
    return (read) => (rows, columns) => {
      // Twice the distances from the middle, which are whole numbers.
      const [down, right] = [rows.mul(2).sub(height - 1), columns.mul(2).sub(width - 1)];
      const row = down.mul(cosine).add(right.mul(sine)).add((height - 1) * 2 ** bits);
      const column = right.mul(cosine).sub(down.mul(sine)).add((width - 1) * 2 ** bits);
      const place = { row, column, bits: bits + 1 };
      return interpolation === "nearest" ? nearest(bordered(read), place) : bilinear(bordered(read), place);
    };
  };
  return { words: 2, move };
}

/** Binary digits of a fraction of a pixel with which the place of any pixel fits 32 bits. */
function fractionBits({ rows, columns }: ImageExtents, least: number): number {
  return Math.max(0, Math.min(16, Math.floor(29 - Math.log2((rows + columns) * (1 / least + 1)))));
}

/** A place in an image, in fractions of pixels. */
interface Place {
  readonly row: Tensor;
  readonly column: Tensor;
  /** A pixel has 2 to the power of these parts. */
  readonly bits: number;
}

function nearest(read: PixelReader, { row, column, bits }: Place): Tensor {
  const rounded = (place: Tensor): Tensor => place.add(2 ** (bits - 1)).binary("shr", bits);
  return read(rounded(row), rounded(column));
}

function bilinear(read: PixelReader, { row, column, bits }: Place): Tensor {
  const whole = (place: Tensor): Tensor => place.binary("shr", bits);
  const fraction = (place: Tensor): Tensor => place.and(place.fullLike(2 ** bits - 1)).cast("f32").mul(2 ** -bits);
  const [top, left] = [whole(row), whole(column)];
  const between = (a: Tensor, b: Tensor, share: Tensor): Tensor => a.add(b.sub(a).mul(share));
  const along = (at: Tensor): Tensor => between(read(at, left), read(at, left.add(1)), fraction(column));
  return between(along(top), along(top.add(1)), fraction(row));
}
