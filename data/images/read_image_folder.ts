/**
 * Reads a folder of pictures, with one folder for each class.
 *
 * @module
 */

import { pathKind, textKind } from "../../core/options/kinds.ts";
import type { Declaration } from "../../core/options/option.ts";
import { checkArguments, readOptions } from "../../core/options/read.ts";
import { refuseSurplus } from "../../core/options/surplus.ts";
import { list, oneOf, text } from "../../core/options/values.ts";
import type { ImageFolder } from "./image_folder.ts";
import { type ImageOptions, imageOptions } from "./image_options.ts";
import { type ReadImagesOptions, readImagesOptions } from "./read_images_options.ts";

/** How a folder of pictures is read. */
export interface ReadImageFolderOptions extends ImageOptions, ReadImagesOptions {
  /** The names of the classes, by their numbers; default: the names of the folders, sorted. */
  readonly classes?: readonly string[] | undefined;
  /** What happens to pictures that cannot be read: `"refuse"`, or `"skip"` to leave them out; default: `"refuse"`. */
  readonly broken?: "refuse" | "skip";
  /** A folder that keeps decoded pictures, so that they are decoded only once; default: none. */
  readonly cache?: string;
}

/** {@linkcode ReadImageFolderOptions}, declared. */
export const readImageFolderOptions = {
  ...imageOptions,
  ...readImagesOptions,
  classes: list(textKind, {
    otherwise: "the names of the folders, sorted",
    help: "names of the classes, by their numbers",
    items: "names of classes",
  }),
  broken: oneOf(["refuse", "skip"], { default: "refuse", help: "what happens to pictures that cannot be read" }),
  cache: text({ otherwise: "none", help: "folder that keeps decoded pictures, so that they are decoded only once" }),
} satisfies Declaration<ReadImageFolderOptions>;

/**
 * Reads a folder of PNG and JPEG files with one folder for each class, as `ImageFolder` of torchvision and
 * `image_dataset_from_directory` of Keras do. All pictures get one size, by bilinear interpolation with antialiasing, and
 * are kept as bytes, levels from 0 to 255. The set is for `data`, `split` and `kFolds`; models that learn from it keep
 * how it was made ({@linkcode readImages}).
 *
 * Classes are sorted by name, pictures by path, on every machine. Folders in the folder of a class belong to it. Names
 * that begin with a dot and files with other endings than those of pictures are ignored.
 *
 * @throws {DataError} if a picture is broken or too large, which is named, a class has no pictures, or there are no folders.
 * @throws {RangeError} if an option is unknown or out of bounds.
 * @throws {CacheError} if the cache cannot be written.
 * @throws {LibraryError} if there are JPEG files, and their decoder can neither be found nor be fetched from npm.
 * @throws {Deno.errors.NotFound} if there is no such folder; in Node, an error with the code `ENOENT`.
 *
 * @example
 * ```ts
 * import { data, readImageFolder, split } from "@yadll/yadll/data";
 * import { encode } from "fast-png";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * for (const [name, level] of [["dark", 30], ["light", 220]] as const) {
 *   await Deno.mkdir(`${folder}/${name}`);
 *   for (let i = 0; i < 4; i++) {
 *     const pixels = new Uint8Array(12 * 9).fill(level + i);
 *     await Deno.writeFile(`${folder}/${name}/${i}.png`, encode({ width: 12, height: 9, channels: 1, data: pixels }));
 *   }
 * }
 * const pictures = await readImageFolder(folder, { size: [4, 4], channels: 1 });
 * assertEquals(pictures.x.shape, [8, 1, 4, 4]);
 * assertEquals(pictures.counts, { dark: 4, light: 4 });
 * const { training, validation } = data(split(pictures, [0.5, 0.5], { stratify: true }));
 * assertEquals([training.length, validation.length], [4, 4]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function readImageFolder(folder: string | URL, options: ReadImageFolderOptions): Promise<ImageFolder> {
  refuseSurplus("readImageFolder", arguments, 2);
  checkArguments("read pictures", { folder }, pathKind);
  const read = readOptions(`read pictures of ${folder}`, readImageFolderOptions, options);
  const { size, channels, fit, background } = read;
  // What decodes pictures is loaded only if there are some.
  const { loadImageFolder } = await import("./load_image_folder.ts");
  return await loadImageFolder({ folder, settings: { size, channels, fit, background }, options: read });
}
