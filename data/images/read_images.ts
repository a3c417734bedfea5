/**
 * Reads single pictures, as those of a folder were read.
 *
 * @module
 */

import { bytesKind, loadedFileKind } from "../../core/options/kinds.ts";
import { checkArguments, readOptions } from "../../core/options/read.ts";
import { refuseSurplus } from "../../core/options/surplus.ts";
import { either, list } from "../../core/options/values.ts";
import type { WebFile } from "../../core/web_file.ts";
import type { Samples } from "../samples.ts";
import type { FittedPreprocessing } from "../steps/any_preprocessing.ts";
import { type ImageOptions, imageOptions, type ImageSettings } from "./image_options.ts";
import { ImagePreprocessing } from "./image_preprocessing.ts";
import { type ReadImagesOptions, readImagesOptions } from "./read_images_options.ts";

/** A picture: a path, a URL of a file, a file of the web, or the bytes of a PNG or JPEG file. */
export type ImageInput = string | URL | WebFile | Uint8Array;

const inputKind = either([loadedFileKind, bytesKind]);
const inputsKind = list(inputKind, { items: "pictures" });

/**
 * Reads pictures, `[picture, channel, row, column]`, as levels that are numbers from 0 to 1. With the preprocessing of a
 * model that learned from a folder of pictures, they are made in the same way, so `model.predict` takes them.
 *
 * @param images One picture or a list: paths, URLs of files, responses, blobs, or bytes of PNG or JPEG files.
 * @param how The size and more, or the preprocessing of a model.
 * @throws {DataError} if a picture is broken or too large; the message names it.
 * @throws {TypeError} if the model was not trained on pictures.
 * @throws {RangeError} if an option is unknown or out of bounds.
 * @throws {LibraryError} if there are JPEG files, and their decoder can neither be found nor be fetched from npm.
 *
 * @example
 * ```ts
 * import { readImages } from "@yadll/yadll/data";
 * import { encode } from "fast-png";
 * import { assertEquals } from "@std/assert";
 *
 * const red = encode({ width: 2, height: 1, channels: 3, data: Uint8Array.of(255, 0, 0, 255, 0, 0) });
 * const { values, shape } = await readImages(red, { size: [1, 2] });
 * assertEquals([shape, [...values]], [[1, 3, 1, 2], [1, 1, 0, 0, 0, 0]]);
 * ```
 */
export async function readImages(
  images: ImageInput | readonly ImageInput[],
  how: ImageOptions | FittedPreprocessing | undefined,
  options: ReadImagesOptions = {},
): Promise<Samples> {
  refuseSurplus("readImages", arguments, 3);
  const given = Array.isArray(images) ? images : [images];
  checkArguments("read pictures", { images: given }, inputsKind);
  const settings = settingsOf(how);
  const read = readOptions("read pictures", readImagesOptions, options);
  const { loadImages } = await import("./load_images.ts");
  return await loadImages(given, settings, read);
}

function settingsOf(how: ImageOptions | FittedPreprocessing | undefined): ImageSettings {
  if (how instanceof ImagePreprocessing) return how.configuration;
  if (how === undefined || typeof how === "object" && how !== null && "configuration" in how) {
    throw new TypeError(
      "Cannot read pictures: expected their size, or the preprocessing of a model that was trained on readImageFolder, " +
        `got ${how === undefined ? "none" : "that of other data"}; pass { size: [height, width] }`,
    );
  }
  return readOptions("read pictures", imageOptions, how);
}
