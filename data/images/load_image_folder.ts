/**
 * Reads the pictures of a folder into memory, or into a file of a cache.
 *
 * @module
 */

import type { OptionValues } from "../../core/options/option.ts";
import { DataError } from "../errors.ts";
import { openBytes } from "../formats/byte_source.ts";
import { GreyLevels } from "../grey_levels.ts";
import { featuresOf } from "../samples.ts";
import { decodeAll, type Decoding, type ImageFile, type LevelSink, type SkippedImage } from "./decode_all.ts";
import { findImages, type FoundImage, type FoundImages } from "./find_images.ts";
import { ImageFolder, type ImageFolderContent } from "./image_folder.ts";
import { type ImageSettings, imageShape } from "./image_options.ts";
import { ImagePreprocessing } from "./image_preprocessing.ts";
import { beginCached, type CachedLevels, cachePath, type CacheRequest, openCached } from "./level_cache.ts";
import type { readImageFolderOptions } from "./read_image_folder.ts";

/** What is read, and how. */
export interface FolderRequest {
  readonly folder: string | URL;
  readonly settings: ImageSettings;
  readonly options: OptionValues<typeof readImageFolderOptions>;
}

/** Reads the pictures of a folder; see `readImageFolder`. */
export async function loadImageFolder({ folder, settings, options }: FolderRequest): Promise<ImageFolder> {
  const { signal, classes, cache } = options;
  signal?.throwIfAborted();
  const found = findImages(folder, classes);
  const preprocessing = new ImagePreprocessing({ ...settings, classes: found.classes });
  const work: Work = { folder: String(folder), found, settings, options };
  const read = cache === undefined ? await readToMemory(work) : await readCached(work, cache);
  const skipped = new Set(read.skipped.map(({ file }) => file));
  const images = found.images.filter(({ file }) => !skipped.has(file));
  return new ImageFolder({
    ...read,
    y: Int32Array.from(images, ({ label }) => label),
    files: images.map(({ file }) => file),
    ignored: found.ignored,
    preprocessing,
  });
}

interface Work extends Omit<FolderRequest, "folder"> {
  readonly folder: string;
  readonly found: FoundImages;
}

type ReadLevels = Pick<ImageFolderContent, "x" | "skipped" | "close">;

function bytesOf({ found: { images }, settings }: Work): number {
  return images.length * featuresOf([1, ...imageShape(settings)]);
}

async function readToMemory(work: Work): Promise<ReadLevels> {
  const { folder, found: { images }, settings, options: { limitBytes } } = work;
  const bytes = bytesOf(work);
  if (bytes > limitBytes) {
    throw new DataError(
      `Cannot read pictures of ${folder}: expected at most ${limitBytes} bytes in memory, got ${images.length} pictures ` +
        `with ${bytes} bytes; choose a smaller size, name a folder for decoded pictures with the option \`cache\`, or ` +
        "raise the option `limitBytes`",
    );
  }
  const levels = new Uint8Array(bytes);
  let end = 0;
  const skipped = await decode(work, (run) => {
    levels.set(run, end);
    end += run.length;
  });
  return { x: inMemory(levels.subarray(0, end), settings), skipped };
}

function inMemory(levels: Uint8Array, settings: ImageSettings): GreyLevels {
  const shape = imageShape(settings);
  return new GreyLevels(levels, [levels.length / featuresOf([1, ...shape]), ...shape]);
}

/** Reads pictures from a cache, which is filled if they are not in it. */
async function readCached(work: Work, cache: string): Promise<ReadLevels> {
  const request: CacheRequest = { folder: cache, settings: work.settings, images: work.found.images };
  const path = cachePath(request);
  const known = openCached(path, request);
  if (known && isWanted(known, work)) return kept(known, work);
  known?.source.close();
  using writer = await beginCached(path, request);
  let count = 0;
  const skipped = await decode(work, async (levels, positions) => {
    await writer.write(levels);
    count += positions.length;
  });
  await writer.finish(count, skipped);
  const made = openCached(path, request);
  if (made) return kept(made, work);
  throw new DataError(`Cannot read ${path}.npy: expected the pictures that were just written; use another cache`);
}

/** Pictures that were skipped before are tried again if they may not be skipped now, which names the first one. */
function isWanted({ skipped }: CachedLevels, { options: { broken } }: Work): boolean {
  return skipped.length === 0 || broken === "skip";
}

/** The pictures of a file: in memory, unless they take more than allowed. */
function kept({ source, skipped }: CachedLevels, work: Work): ReadLevels {
  if (bytesOf(work) > work.options.limitBytes) return { x: source, skipped, close: () => source.close() };
  const { shape } = source;
  const levels = new Uint8Array(shape[0] * featuresOf(shape));
  source.readLevels!(Int32Array.from({ length: shape[0] }, (_, i) => i), levels);
  source.close();
  return { x: inMemory(levels, work.settings), skipped };
}

/** Decodes all pictures, and returns those that are broken, if they may be skipped. */
async function decode(
  { folder, found: { images }, settings, options }: Work,
  sink: LevelSink,
): Promise<SkippedImage[]> {
  const skipped: SkippedImage[] = [];
  const byFile = new Map(images.map((image) => [fileOf(image), image]));
  const onBroken = (file: ImageFile, error: unknown): void =>
    void skipped.push({ file: byFile.get(file)!.file, reason: error instanceof Error ? error.message : String(error) });
  const { limitPixels, signal, onProgress } = options;
  const decoding: Decoding = {
    ...{ settings, limitPixels, signal, onProgress },
    onBroken: options.broken === "skip" ? onBroken : undefined,
  };
  await decodeAll([...byFile.keys()], decoding, sink);
  if (skipped.length < images.length) return skipped;
  throw new DataError(
    `Cannot read pictures of ${folder}: expected some that can be read, got ${images.length} that are broken; ` +
      `the first one: ${skipped[0].reason}`,
  );
}

function fileOf({ path }: FoundImage): ImageFile {
  return { name: path, open: () => openBytes(path) };
}
