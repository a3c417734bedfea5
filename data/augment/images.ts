/**
 * The images of a batch: the input that an augmentation changes, in the shape that it needs.
 *
 * @module
 */

import { isFloat } from "../../core/dtype.ts";
import { suggestName } from "../../core/nearest.ts";
import { nameOption } from "../../core/options/kinds.ts";
import type { Declaration } from "../../core/options/option.ts";
import { wrongKind } from "../../core/options/read.ts";
import { shape } from "../../core/options/shapes.ts";
import { showValue } from "../../core/options/show.ts";
import { type Shape, showShape, sizeOf } from "../../core/shape.ts";
import { Tensor } from "../../core/tensor.ts";
import type { AugmentedBatch, BatchTensors } from "./augmentation.ts";

/** Options of all augmentations of one input. */
export interface InputOptions {
  /** The name of the input that is changed, if the network has several (default: the only input). */
  readonly input?: string | undefined;
}

/** Options of all augmentations of images. */
export interface AugmentedImageOptions extends InputOptions {
  /**
   * Channels, rows and columns of an image, for inputs that are rows of pixels, [example, pixel] (default: the shape of
   * the input).
   */
  readonly imageShape?: Shape | undefined;
}

/** {@linkcode InputOptions}, declared. */
export const inputOptions = {
  input: nameOption({
    help: "name of the input that is changed, if the network has several",
    otherwise: "the only input",
  }),
} satisfies Declaration<InputOptions>;

/** {@linkcode AugmentedImageOptions}, declared. */
export const imageOptions = {
  ...inputOptions,
  imageShape: shape({
    rank: 3,
    help: "channels, rows and columns of an image, for inputs that are rows of pixels",
    otherwise: "the shape of the input",
  }),
} satisfies Declaration<AugmentedImageOptions>;

/** One input of a batch. */
export interface FoundInput {
  readonly x: Tensor;
  /** The inputs with this one in its place. */
  put(x: Tensor): BatchTensors;
}

/**
 * The input of floats that an augmentation changes.
 *
 * @param action what is done, for the message: `augment with randomFlip`
 * @throws {TypeError} if there are several inputs and none is named, or if the input holds whole numbers.
 * @throws {RangeError} for a name that no input has.
 */
export function inputOf(action: string, { x }: AugmentedBatch, { input }: InputOptions): FoundInput {
  const found = select(action, x, input);
  if (isFloat(found.x.dtype)) return found;
  throw new TypeError(
    `Cannot ${action}: expected ${
      input === undefined ? "inputs" : `the input ${showValue(input)}`
    } of floats, got ${found.x.dtype}${showShape(found.x.shape)}; whole numbers, such as tokens, cannot be changed so`,
  );
}

function select(action: string, x: unknown, input: string | undefined): FoundInput {
  if (x instanceof Tensor) {
    if (input === undefined) return { x, put: (changed) => changed };
    throw new TypeError(
      `Cannot ${action}: expected several inputs, one of which is ${showValue(input)}, got one tensor; leave out input`,
    );
  }
  const inputs = recordOf(action, x);
  const names = Object.keys(inputs);
  const name = input ?? (names.length === 1 ? names[0] : undefined);
  if (name === undefined) {
    throw new TypeError(`Cannot ${action}: expected option input, one of ${names.join(", ")}, got nothing`);
  }
  if (Object.hasOwn(inputs, name)) return { x: inputs[name], put: (changed) => ({ ...inputs, [name]: changed }) };
  throw new RangeError(`Cannot ${action}: there is no input ${showValue(name)}${suggestName(name, names)}`);
}

/** Inputs by name. */
function recordOf(action: string, x: unknown): Readonly<Record<string, Tensor>> {
  if (isRecordOfTensors(x)) return x;
  throw wrongKind(action, "a batch with the field x, a tensor or a record of tensors", x);
}

/** Whether a value is a record of tensors. */
export function isRecordOfTensors(x: unknown): x is Readonly<Record<string, Tensor>> {
  return typeof x === "object" && x !== null && !(x instanceof Tensor) &&
    Object.values(x).every((one) => one instanceof Tensor);
}

/** The images of a batch. */
export interface FoundImages {
  /** [example, channel, row, column] */
  readonly images: Tensor;
  /** The inputs with these images in their place, in the shape that they had. */
  put(images: Tensor): BatchTensors;
}

/**
 * The images of a batch as [example, channel, row, column]. Those of [example, row, column] have one channel.
 *
 * @throws {TypeError} if the inputs are no images.
 */
export function imagesOf(action: string, batch: AugmentedBatch, options: AugmentedImageOptions): FoundImages {
  const { x, put } = inputOf(action, batch, options);
  const { shape } = x;
  const images = x.reshape(imageShapeOf(action, shape, options));
  return { images, put: (changed) => put(changed.reshape(shape)) };
}

function imageShapeOf(action: string, shape: Shape, { imageShape }: AugmentedImageOptions): Shape {
  const [examples, ...others] = shape;
  if (imageShape) {
    if (sizeOf(others) === sizeOf(imageShape)) return [examples, ...imageShape];
    throw new TypeError(
      `Cannot ${action}: expected inputs with the ${sizeOf(imageShape)} pixels of imageShape ${
        showShape(imageShape)
      }, got ${showShape(shape)}`,
    );
  }
  if (shape.length === 4) return shape;
  if (shape.length === 3) return [examples, 1, ...others];
  throw new TypeError(
    `Cannot ${action}: expected images of [example, channel, row, column] or [example, row, column], got ${
      showShape(shape)
    }; pass option imageShape: [channel, row, column] if these are rows of pixels`,
  );
}
