/**
 * Reads single pictures into memory.
 *
 * @module
 */

import { fileName } from "../../core/web_file.ts";
import { DataError } from "../errors.ts";
import { memorySource, openBytes } from "../formats/byte_source.ts";
import { GreyLevels } from "../grey_levels.ts";
import { featuresOf, type Samples } from "../samples.ts";
import { decodeAll, type Decoding, type ImageFile } from "./decode_all.ts";
import { type ImageSettings, imageShape } from "./image_options.ts";
import type { ImageInput } from "./read_images.ts";

/** How pictures are read, and how much memory they may take. */
interface LoadOptions extends Omit<Decoding, "settings"> {
  readonly limitBytes: number;
}

/** Reads pictures; see `readImages`. */
export async function loadImages(
  images: readonly ImageInput[],
  settings: ImageSettings,
  { limitBytes, ...options }: LoadOptions,
): Promise<Samples> {
  options.signal?.throwIfAborted();
  const shape = [images.length, ...imageShape(settings)];
  const bytes = images.length * featuresOf(shape);
  if (bytes > limitBytes) {
    throw new DataError(
      `Cannot read pictures: expected at most ${limitBytes} bytes in memory, got ${images.length} pictures with ` +
        `${bytes} bytes; choose a smaller size, or raise the option \`limitBytes\``,
    );
  }
  const levels = new Uint8Array(bytes);
  let end = 0;
  await decodeAll(images.map(fileOf), { ...options, settings }, (run) => {
    levels.set(run, end);
    end += run.length;
  });
  return new GreyLevels(levels, shape);
}

function fileOf(image: ImageInput, i: number): ImageFile {
  if (!(image instanceof Uint8Array)) return { name: fileName(image), open: () => openBytes(image) };
  const name = `picture ${i}`;
  return { name, open: () => Promise.resolve(memorySource(image, name)) };
}
