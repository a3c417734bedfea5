/**
 * The data that a command line names.
 *
 * @module
 */

import { inOneLine, showText } from "../core/options/show.ts";
import { type Data, data } from "../data/data.ts";
import { digitsLoader, MOST_IMAGES } from "../data/digits/digits.ts";
import { CacheError, DataError, DownloadError } from "../data/errors.ts";
import type { ImageSets } from "../data/mnist/image_loader.ts";
import type { LoadEvent } from "../data/mnist/kept_files.ts";
import { mnistLoader } from "../data/mnist/mnist.ts";
import { nearestName } from "../core/nearest.ts";
import { tryStat } from "./files/check_writable.ts";
import { checkMost } from "./options/common.ts";
import { loadingProgress } from "./loading_progress.ts";
import type { Output } from "./output.ts";

/** Data, and a warning about their origin. */
export interface LoadedData {
  readonly data: Data;
  /** Printed in the first line and in every summary: these data are not MNIST. */
  readonly warning?: string;
  /** Why these data are used, if they were not requested. */
  readonly reason?: string;
}

/** How to load data. */
export interface LoadOptions {
  /** The number of training images to use (default: all). */
  readonly trainSize: number | undefined;
  readonly signal: AbortSignal;
  readonly onProgress: (event: LoadEvent) => void;
}

const warning = "BUILT-IN SYNTHETIC DIGITS, NOT MNIST: errors cannot be compared with those on MNIST";

/** The default number of built-in digits for training: fewer than in MNIST, since they only serve to try things out. */
const DIGITS = 10_000;

/** The greatest number of built-in digits for training, with which the other sets are still possible. */
const MOST_DIGITS = Math.floor((MOST_IMAGES - 2) * 5 / 7);

type Loader = (options: LoadOptions) => Promise<LoadedData>;

const loaders: Readonly<Record<string, Loader>> = {
  mnist: async ({ trainSize, ...loading }) => trimmed("mnist", await mnistLoader(loading), trainSize),
  digits: (options) => Promise.resolve(synthetic(options)),
  auto: async (options) => {
    try {
      return await loaders.mnist(options);
    } catch (error) {
      // A missing permission is an error that names it. Without a home directory or a network connection, the built-in
      // digits are used.
      const isHelpless = error instanceof CacheError && !(error.cause instanceof Deno.errors.NotCapable);
      if (!isHelpless && !(error instanceof DownloadError)) throw error;
      return { ...synthetic(options), reason: error.message };
    }
  },
};

/**
 * Loads data by name (`auto`, `mnist`, `digits`) or from a directory.
 *
 * @throws {DataError} if the directory does not exist, or its files are damaged.
 * @throws {DownloadError} if MNIST was requested and cannot be downloaded.
 */
export async function loadData(name: string, options: LoadOptions): Promise<LoadedData> {
  if (Object.hasOwn(loaders, name)) return await loaders[name](options);
  checkDirectory(name);
  const { trainSize, ...loading } = options;
  return trimmed(name, await mnistLoader({ ...loading, data: name }), trainSize);
}

function wrap(name: string, sets: ImageSets): LoadedData {
  return { data: data(sets, { name }) };
}

function synthetic({ trainSize = DIGITS }: LoadOptions): LoadedData {
  checkMost("trainSize", trainSize, { most: MOST_DIGITS, what: `digits has at most ${MOST_DIGITS} training images` });
  const sets = digitsLoader({ sizes: shares(trainSize) });
  return { ...wrap("digits", sets), warning };
}

/** The sizes of the sets, in the proportions of MNIST. */
function shares(training: number): [training: number, validation: number, test: number] {
  const other = Math.ceil(training / 5);
  return [training, other, other];
}

function trimmed(name: string, [training, ...others]: ImageSets, trainSize = training.length): LoadedData {
  const { length } = training;
  checkMost("trainSize", trainSize, { most: length, what: `${name} has ${length} training images` });
  return wrap(name, [training.slice(0, trainSize), ...others]);
}

function checkDirectory(path: string): void {
  if (tryStat(path)?.isDirectory) return;
  const near = nearestName(path, Object.keys(loaders));
  throw new DataError(
    `Cannot load data ${JSON.stringify(path)}: there is no such directory; expected ${
      Object.keys(loaders).join(", ")
    } or a directory with IDX files${near ? `; did you mean ${near}?` : ""}`,
  );
}

/** The data options of a command line. */
export interface DataRequest {
  readonly data: string | undefined;
  readonly trainSize: number | undefined;
}

/** Where loading is reported, and the signal that stops it. */
export interface LoadContext {
  readonly output: Output;
  /** Prints a line that `--quiet` leaves out. */
  readonly note: (line: string) => void;
  /** Whether the progress of downloads is left out. */
  readonly quiet: boolean;
  readonly signal: AbortSignal;
}

/** Loads the data of a command line, and prints warnings about them. */
export async function loadForPeople(
  { data: name = "auto", trainSize }: DataRequest,
  { output, note, quiet, signal }: LoadContext,
): Promise<LoadedData> {
  const progress = loadingProgress(output);
  const tell = quiet ? () => {} : progress.tell;
  const loaded = await loadData(name, { trainSize, signal, onProgress: tell });
  progress.finish();
  if (loaded.warning) output.note(`${inOneLine(loaded.warning)}\n`);
  if (loaded.reason) note(inOneLine(loaded.reason));
  return loaded;
}

/** The data, in one line. */
export function dataLine({ data: { name, training, validation, test } }: LoadedData): string {
  return `Data: ${showText(name)}; ${training.length} training, ${validation.length} validation and ${
    test?.length ?? 0
  } test examples`;
}
