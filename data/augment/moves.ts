/**
 * Augmentations that move pixels. Each says from where a pixel is taken, so several of them in a row look up each pixel
 * once, in one kernel.
 *
 * @module
 */

import { arange } from "../../core/creation.ts";
import { gatherNearest } from "../../core/functions/selection.ts";
import { finite } from "../../core/options/numbers.ts";
import { oneOf } from "../../core/options/values.ts";
import type { AnyDeclaration, Declaration } from "../../core/options/option.ts";
import type { Tensor } from "../../core/tensor.ts";
import { type AugmentedBatch, configured, type DrawnAugmentation, type Recipe } from "./augmentation.ts";
import { type ImageOptions, imageOptions, imagesOf } from "./images.ts";

/**
 * Reads the pixels at rows and columns, i32 [example, channel, row, column]. Those outside of the image may have any
 * value: a move replaces them. Places have the full shape, since what is repeated along an axis has its own kernel.
 */
export type PixelReader = (rows: Tensor, columns: Tensor) => Tensor;

/** The extents of images. */
export interface ImageExtents {
  readonly examples: number;
  readonly rows: number;
  readonly columns: number;
}

/** How an augmentation moves pixels: a reader of the result, out of a reader of its input. */
export interface Move {
  /** The number of random words that it needs for each example. */
  readonly words: number;
  /** The moved pixels. */
  readonly move: (words: readonly Tensor[], extents: ImageExtents) => (read: PixelReader) => PixelReader;
}

/** An augmentation that moves pixels. */
export interface MovingAugmentation extends DrawnAugmentation {
  readonly moving: Moving;
}

/** What a chain must know to join moves. */
export interface Moving extends Move {
  /** The images that are moved. */
  readonly images: ImageOptions;
  /** Whether it reads several pixels for each one, so two of them in a row are not joined. */
  readonly interpolates: boolean;
}

/** Options of augmentations that read beyond the borders of images. */
export interface FillOptions {
  /** What is beyond the borders: `fill`, or the nearest pixel; default: `"constant"`. */
  readonly fillMode?: "constant" | "nearest" | undefined;
  /** The value beyond the borders with `constant`; default: 0. */
  readonly fill?: number | undefined;
}

/** {@linkcode FillOptions}, declared. */
export const fillOptions = {
  fillMode: oneOf(["constant", "nearest"], {
    default: "constant",
    help: "what is beyond the borders: fill, or the nearest pixel",
  }),
  fill: finite({ default: 0, help: "value beyond the borders with constant" }),
} satisfies Declaration<FillOptions>;

/** An augmentation that moves pixels, by its name and its options. */
export interface MovingIdentity {
  readonly name: string;
  readonly declaration: AnyDeclaration;
  readonly values: ImageOptions;
  readonly interpolates?: boolean;
}

/** An augmentation out of a move. */
export function moving(
  { interpolates = false, ...identity }: MovingIdentity,
  { words, move }: Move,
): MovingAugmentation {
  const { input, imageShape } = identity.values;
  const own: Moving = { words, move, images: { input, imageShape }, interpolates };
  const change: Recipe["change"] = (words, batch) =>
    moveImages(`augment with ${identity.name}`, batch, { images: own.images, moves: [{ words, move }] });
  return Object.assign(configured(identity, { words, change }), { moving: own });
}

/** Moves in a row, with the random words of each. */
export interface DrawnMoves {
  readonly images: ImageOptions;
  readonly moves: readonly (Pick<Move, "move"> & { readonly words: readonly Tensor[] })[];
}

/** A batch with its images moved, first by the first move. */
export function moveImages<B extends AugmentedBatch>(
  action: string,
  batch: B,
  { images: options, moves }: DrawnMoves,
): B {
  const { images, put } = imagesOf(action, batch, options);
  const [examples, channels, rows, columns] = images.shape;
  const extents = { examples, rows, columns };
  const read = moves.reduce((before, { words, move }) => move(words, extents)(before), readerOf(images));
  const shape = [examples, channels, rows, columns];
  const [row, column] = [counted(rows).reshape([rows, 1]), counted(columns)];
  return { ...batch, x: put(read(row.broadcastTo(shape), column.broadcastTo(shape))) };
}

/** The numbers from 0, i32. */
export function counted(count: number): Tensor {
  return arange(count, undefined, 1, { dtype: "i32" });
}

function readerOf(images: Tensor): PixelReader {
  const [examples, channels, rows, columns] = images.shape;
  const pixels = images.reshape([-1]);
  const first = counted(examples * channels).mul(rows * columns).reshape([examples, channels, 1, 1]);
  // The first or last pixel of all images takes the place of those before and after them.
  return (row, column) => gatherNearest(pixels, first.add(row.mul(columns).add(column)));
}

/** A reader of pixels at other places, with something beyond the borders. */
export function withBorders(
  { rows, columns }: ImageExtents,
  { fillMode, fill }: Required<{ [K in keyof FillOptions]: NonNullable<FillOptions[K]> }>,
): (read: PixelReader) => PixelReader {
  if (fillMode === "nearest") {
    return (read) => (row, column) => read(row.maximum(0).minimum(rows - 1), column.maximum(0).minimum(columns - 1));
  }
  const within = (place: Tensor, count: number): Tensor => place.greaterEqual(0).and(place.less(count));
  return (read) => (row, column) => within(row, rows).and(within(column, columns)).where(read(row, column), fill);
}

/** A number per example as [example, 1, 1, 1], to be combined with rows and columns. */
export function perImage(x: Tensor): Tensor {
  return x.reshape([-1, 1, 1, 1]);
}

/** {@linkcode ImageOptions} and {@linkcode FillOptions}, declared. */
export const movingOptions = { ...imageOptions, ...fillOptions } satisfies Declaration<ImageOptions & FillOptions>;
