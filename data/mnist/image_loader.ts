/**
 * Sets of images from four IDX files: from a directory, from the cache, or from the network.
 *
 * @module
 */

import { hostFiles } from "../../core/host_files.ts";
import { signalKind } from "../../core/options/kinds.ts";
import { positive } from "../../core/options/numbers.ts";
import type { Declaration } from "../../core/options/option.ts";
import { readOptions } from "../../core/options/read.ts";
import { callable, text } from "../../core/options/values.ts";
import { DataError } from "../errors.ts";
import type { Idx } from "../formats/idx.ts";
import { featuresOf } from "../samples.ts";
import { filesOf, type ImageDataset, type ImageFile, type ImagePair } from "./dataset.ts";
import { ImageSet } from "./image_set.ts";
import { keptFiles, type LoadEvent } from "./kept_files.ts";
import { localFiles } from "./local_files.ts";

/** Options of loaders of images. */
export interface ImageLoaderOptions {
  /** The directory that contains the four files, gzipped or not; default: cache and network. */
  readonly data?: string;
  /** The directory of the cache; default: that of the user. */
  readonly cache?: string;
  /** Aborts the loading, with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Milliseconds without a byte after which the next source is tried; default: 10_000. */
  readonly timeout?: number;
  /** Called when files are requested and arrive, and when a file in the cache is damaged. */
  readonly onProgress?: (event: LoadEvent) => void;
}

/** {@linkcode ImageLoaderOptions}, declared. */
export const imageLoaderOptions = {
  data: text({ otherwise: "cache and network", help: "directory that contains the four files" }),
  cache: text({ otherwise: "that of the user", help: "directory of the cache" }),
  signal: { ...signalKind, help: "aborts the loading" },
  timeout: positive({ default: 10_000, help: "milliseconds without a byte after which the next source is tried" }),
  onProgress: callable<(event: LoadEvent) => void>({
    help: "called when files are requested and arrive, and when a file in the cache is damaged",
  }),
} satisfies Declaration<ImageLoaderOptions>;

/** What to do in a browser. */
const NO_FOLDERS = "read the files with readIdx, and make an ImageSet of each pair";

/** The three sets of a data set. */
export type ImageSets = readonly [training: ImageSet, validation: ImageSet, test: ImageSet];

/** The share of the training images that is used for validation, taken from their end. */
const VALIDATION_SHARE = 1 / 6;

/**
 * Loads the sets of a data set. The last sixth of the training files is the validation set.
 *
 * @throws {DataError} if a file is missing from the directory, damaged, or of another kind.
 * @throws {DownloadError} if no source sends a file.
 * @throws {CacheError} if the cache cannot be read or written.
 */
export async function loadImages(dataset: ImageDataset, given: ImageLoaderOptions): Promise<ImageSets> {
  const task = `load ${dataset.title}`;
  const options = readOptions(task, imageLoaderOptions, given);
  hostFiles(task, NO_FOLDERS);
  options.signal?.throwIfAborted();
  const files = options.data === undefined
    ? await keptFiles(dataset, options)
    : await localFiles(options.data, filesOf(dataset), options.signal);
  const [training, test] = [dataset.training, dataset.test].map((pair) => pairOf(pair, files));
  if (training.pixelsPerImage !== test.pixelsPerImage) {
    throw new DataError(
      `Cannot ${task}: expected images of one size, got ${training.pixelsPerImage} pixels for training and ${test.pixelsPerImage} for test`,
    );
  }
  const kept = training.length - Math.floor(training.length * VALIDATION_SHARE);
  return [training.slice(0, kept), training.slice(kept), test];
}

function pairOf(pair: ImagePair, files: ReadonlyMap<ImageFile, Idx>): ImageSet {
  const [images, labels] = [files.get(pair.images)!, files.get(pair.labels)!];
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
