/**
 * A folder of pictures as a set of examples.
 *
 * @module
 */

import type { AnySamples } from "../samples.ts";
import type { SampleSource, SourceSet } from "../sample_source.ts";
import type { SkippedImage } from "./decode_all.ts";
import type { ImagePreprocessing } from "./image_preprocessing.ts";

/** The parts of a folder of pictures. */
export interface ImageFolderContent {
  /** The levels of all pictures, `[picture, channel, row, column]`. */
  readonly x: AnySamples | SampleSource;
  /** The number of the class of each picture. */
  readonly y: Int32Array;
  /** The path of each picture in the folder. */
  readonly files: readonly string[];
  /** The pictures that are broken. */
  readonly skipped: readonly SkippedImage[];
  /** The paths of files that are no pictures. */
  readonly ignored: readonly string[];
  /** How the pictures were made. */
  readonly preprocessing: ImagePreprocessing;
  /** Closes the file from which the pictures are read, if they are not in memory. */
  readonly close?: (() => void) | undefined;
}

/**
 * The pictures of a folder, with their classes: a set for `data`, `split` and `kFolds`. {@linkcode readImageFolder} makes
 * it. If the pictures do not fit in memory, it holds a file open; close it with `using` or `close`.
 */
export class ImageFolder implements SourceSet, Disposable {
  /** The levels of all pictures, `[picture, channel, row, column]`, as numbers from 0 to 1, kept as bytes. */
  readonly x: AnySamples | SampleSource;
  /** The number of the class of each picture. */
  readonly y: Int32Array;
  /** The path of each picture in the folder, with `/`. */
  readonly files: readonly string[];
  /** The pictures that are broken, and why; empty unless the option `broken` is `"skip"`. */
  readonly skipped: readonly SkippedImage[];
  /** The paths of files that are no pictures, by their names. */
  readonly ignored: readonly string[];
  /** How the pictures were made, and the names of their classes. Models that learn from them keep it. */
  readonly preprocessing: ImagePreprocessing;
  readonly #close: (() => void) | undefined;

  /** Made by {@linkcode readImageFolder}. */
  constructor({ x, y, files, skipped, ignored, preprocessing, close }: ImageFolderContent) {
    this.x = x;
    this.y = y;
    this.files = files;
    this.skipped = skipped;
    this.ignored = ignored;
    this.preprocessing = preprocessing;
    this.#close = close;
  }

  /** The number of pictures. */
  get length(): number {
    return this.y.length;
  }

  /** The names of the classes, by their numbers. */
  get classes(): readonly string[] {
    return this.preprocessing.classes;
  }

  /** The number of pictures of each class. */
  get counts(): Readonly<Record<string, number>> {
    const counts = new Int32Array(this.classes.length);
    for (const label of this.y) counts[label]++;
    return Object.fromEntries(this.classes.map((name, label) => [name, counts[label]]));
  }

  /** Closes the file from which the pictures are read, if there is one. They cannot be read afterwards. */
  close(): void {
    this.#close?.();
  }

  /** Does the same as `close`. */
  [Symbol.dispose](): void {
    this.close();
  }
}
