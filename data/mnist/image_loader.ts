/**
 * Sets of images from four IDX files: from a directory, from the cache, or from the network.
 *
 * @module
 */

import { denoFor } from "../../core/host.ts";
import { signalKind } from "../../core/options/kinds.ts";
import { positive } from "../../core/options/numbers.ts";
import type { Declaration, OptionValues } from "../../core/options/option.ts";
import { readOptions } from "../../core/options/read.ts";
import { callable, text } from "../../core/options/values.ts";
import { cacheDirectory, readCached, writeCached } from "./cache.ts";
import { download, type DownloadProgress } from "./download.ts";
import { DataError, DownloadError } from "../errors.ts";
import { unpack } from "../formats/gzip.ts";
import { type Idx, parseIdx } from "../formats/idx.ts";
import { ImageSet } from "./image_set.ts";
import { readFile } from "../formats/read_bytes.ts";
import { featuresOf } from "../samples.ts";

/** One file of a data set. */
export interface ImageFile {
  /** Its name, without the `.gz` on the mirrors. */
  readonly name: string;
  /** The SHA-256 of its unpacked content in lowercase hexadecimal, if it is known. */
  readonly sha256?: string;
}

/** The files of some images and of their classes. */
export interface ImagePair {
  readonly images: ImageFile;
  readonly labels: ImageFile;
}

/** A data set of images: its files and their mirrors. */
export interface ImageDataset {
  /** The name of its folder in the cache. */
  readonly name: string;
  /** Addresses to which the name of a file and `.gz` are appended. */
  readonly mirrors: readonly string[];
  readonly training: ImagePair;
  readonly test: ImagePair;
}

/** The progress of loading images. */
export type LoadEvent =
  | { readonly kind: "download"; readonly file: string } & DownloadProgress
  /** A file of the cache is damaged, so it is downloaded again. */
  | { readonly kind: "damaged"; readonly file: string; readonly reason: string };

/** Options of loaders of images. */
export interface ImageLoaderOptions {
  /** The directory that contains the four files, gzipped or not; default: cache and network. */
  readonly data?: string;
  /** The directory of the cache; default: that of the user. */
  readonly cache?: string;
  /** Aborts the loading, with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Milliseconds without a byte after which the next mirror is tried; default: 30_000. */
  readonly timeout?: number;
  /** Called when files arrive, and when a file in the cache is damaged. */
  readonly onProgress?: (event: LoadEvent) => void;
}

/** {@linkcode ImageLoaderOptions}, declared. */
export const imageLoaderOptions = {
  data: text({ otherwise: "cache and network", help: "directory that contains the four files" }),
  cache: text({ otherwise: "that of the user", help: "directory of the cache" }),
  signal: { ...signalKind, help: "aborts the loading" },
  timeout: positive({ default: 30_000, help: "milliseconds without a byte after which the next mirror is tried" }),
  onProgress: callable<(event: LoadEvent) => void>({
    help: "called when files arrive, and when a file in the cache is damaged",
  }),
} satisfies Declaration<ImageLoaderOptions>;

/** Options as they were read. */
type ReadOptions = OptionValues<typeof imageLoaderOptions>;

/** The three sets of a data set. */
export type ImageSets = readonly [training: ImageSet, validation: ImageSet, test: ImageSet];

/** The share of the training images that is used for validation, taken from their end. */
const VALIDATION_SHARE = 1 / 6;

/**
 * Loads the sets of a data set. The last sixth of the training files is the validation set.
 *
 * @throws {DataError} if a file is missing from the directory, damaged, or of another kind.
 * @throws {DownloadError} if no mirror sends a file.
 * @throws {CacheError} if the cache cannot be read or written.
 */
export async function loadImages(dataset: ImageDataset, given: ImageLoaderOptions): Promise<ImageSets> {
  const options = readOptions(`load ${dataset.name}`, imageLoaderOptions, given);
  denoFor(`load ${dataset.name}`);
  options.signal?.throwIfAborted();
  // Files are read while earlier ones are unpacked.
  const readings = new Map(filesOf(dataset).map((file) => [file, readKept(dataset, file, options)]));
  readings.forEach((reading) => reading.catch(() => {})); // its failure is reported when its turn comes
  const load = async (file: ImageFile): Promise<Idx> => {
    const { path, bytes } = await readings.get(file)!;
    options.signal?.throwIfAborted();
    const isLocal = options.data !== undefined && bytes;
    return isLocal
      ? parseIdx(await unpack(bytes, path), path)
      : await loadCached({ dataset, options }, file, { path, bytes });
  };
  const training = await loadPair(dataset.training, load);
  const test = await loadPair(dataset.test, load);
  if (training.pixelsPerImage !== test.pixelsPerImage) {
    throw new DataError(
      `Cannot load ${dataset.name}: expected images of one size, got ${training.pixelsPerImage} pixels for training and ${test.pixelsPerImage} for test`,
    );
  }
  const kept = training.length - Math.floor(training.length * VALIDATION_SHARE);
  return [training.slice(0, kept), training.slice(kept), test];
}

const filesOf = ({ training, test }: ImageDataset): ImageFile[] => [
  training.images,
  training.labels,
  test.images,
  test.labels,
];

async function loadPair(pair: ImagePair, load: (file: ImageFile) => Promise<Idx>): Promise<ImageSet> {
  const images = await load(pair.images);
  const labels = await load(pair.labels);
  const pixels = bytesOf(images, pair.images);
  const classes = Int32Array.from(bytesOf(labels, pair.labels));
  if (images.shape.length !== 3 || labels.shape.length !== 1 || images.shape[0] !== classes.length) {
    throw new DataError(
      `Cannot pair ${pair.images.name} with ${pair.labels.name}: expected shapes [n, rows, columns] and [n], got [${
        images.shape.join(", ")
      }] and [${labels.shape.join(", ")}]`,
    );
  }
  return new ImageSet(pixels, classes, featuresOf(images.shape));
}

function bytesOf({ values }: Idx, file: ImageFile): Uint8Array {
  if (values instanceof Uint8Array) return values;
  throw new DataError(`Cannot use ${file.name}: expected unsigned bytes, got ${values.constructor.name}`);
}

/** A file on disk: in a user's directory, or in the cache, where it may be missing. */
interface Kept {
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer> | undefined;
}

async function readKept(dataset: ImageDataset, file: ImageFile, options: ReadOptions): Promise<Kept> {
  if (options.data !== undefined) return await readLocal(options.data, file);
  const path = `${cacheOf(dataset, options)}/${file.name}.gz`;
  return { path, bytes: await readCached(path) };
}

/**
 * A file in a user's directory. Its digest is not checked, since it may be a part of the data set, or another in its
 * format.
 */
async function readLocal(directory: string, file: ImageFile): Promise<Kept> {
  const dotted = file.name.replace("-idx", ".idx");
  const names = [file.name, `${file.name}.gz`, dotted, `${dotted}.gz`];
  for (const name of names) {
    const path = `${directory}/${name}`;
    try {
      return { path, bytes: await readFile(path) };
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  throw new DataError(`Cannot find ${file.name} in ${directory}: expected one of ${names.join(", ")}`);
}

/** The directory of the cache for a data set. */
function cacheOf(dataset: ImageDataset, { cache }: ReadOptions): string {
  return `${cache ?? cacheDirectory()}/${dataset.name}`;
}

/** The data set that is loaded, and the options. */
interface Loading {
  readonly dataset: ImageDataset;
  readonly options: ReadOptions;
}

async function loadCached(loading: Loading, file: ImageFile, { path, bytes }: Kept): Promise<Idx> {
  if (bytes === undefined) return await fetchIntoCache(loading, file);
  try {
    return await verify(bytes, file, path);
  } catch (damage) {
    if (!(damage instanceof DataError)) throw damage;
    loading.options.onProgress?.({ kind: "damaged", file: path, reason: damage.message });
    try {
      return await fetchIntoCache(loading, file);
    } catch (cause) {
      if (!(cause instanceof DownloadError)) throw cause;
      throw new DownloadError(
        `Cannot load ${path}: it is damaged and could not be replaced. ${damage.message}. ${cause.message}`,
        {
          cause,
        },
      );
    }
  }
}

/** Downloads a file into the cache. */
async function fetchIntoCache({ dataset, options }: Loading, file: ImageFile): Promise<Idx> {
  const { signal, timeout, onProgress } = options;
  const name = `${file.name}.gz`;
  const accept = async (content: Uint8Array<ArrayBuffer>, url: string) => ({
    content,
    idx: await verify(content, file, url),
  });
  const { content, idx } = await download(dataset.mirrors.map((mirror) => mirror + name), accept, {
    signal,
    timeout,
    onProgress: (progress) => onProgress?.({ kind: "download", file: file.name, ...progress }),
  });
  await writeCached(cacheOf(dataset, options), name, content);
  return idx;
}

/** Checks that a file is the right one, and returns its array. */
async function verify(bytes: Uint8Array<ArrayBuffer>, file: ImageFile, name: string): Promise<Idx> {
  const content = await unpack(bytes, name);
  if (file.sha256 !== undefined) {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content)).toHex();
    if (digest !== file.sha256) {
      throw new DataError(`Cannot use ${name}: expected the SHA-256 ${file.sha256}, got ${digest}`);
    }
  }
  return parseIdx(content, name);
}
