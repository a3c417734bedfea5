/**
 * The data that a command line asks for.
 *
 * @module
 */

import { type Data, data } from "../data/data.ts";
import { digitsLoader } from "../data/digits.ts";
import { CacheError, DataError, DownloadError } from "../data/errors.ts";
import type { ImageSets, LoadEvent } from "../data/image_loader.ts";
import { mnistLoader } from "../data/mnist.ts";
import { nearestName } from "../core/nearest.ts";
import type { Output } from "./output.ts";

/** Data, and what must be known about where they come from. */
export interface LoadedData {
  readonly data: Data;
  /** Said in the first line and in every summary: that these are not the data one may take them for. */
  readonly warning?: string;
  /** Why it is so, where nobody asked for them. */
  readonly reason?: string;
}

/** How to load data. */
export interface LoadOptions {
  /** Use only so many training images. */
  readonly trainSize: number | undefined;
  readonly signal: AbortSignal;
  readonly onProgress: (event: LoadEvent) => void;
}

const warning = "BUILT-IN SYNTHETIC DIGITS, NOT MNIST: errors cannot be compared with those on MNIST";

type Loader = (options: LoadOptions) => Promise<LoadedData>;

const loaders: Readonly<Record<string, Loader>> = {
  mnist: async ({ trainSize, ...loading }) => wrap("mnist", trimmed(await mnistLoader(loading), trainSize)),
  digits: (options) => Promise.resolve(synthetic(options)),
  auto: async (options) => {
    try {
      return await loaders.mnist(options);
    } catch (error) {
      // Who lacks a permission is told which; who has no home or no network gets the built-in digits.
      const isHelpless = error instanceof CacheError && !(error.cause instanceof Deno.errors.NotCapable);
      if (!isHelpless && !(error instanceof DownloadError)) throw error;
      return { ...synthetic(options), reason: error.message };
    }
  },
};

/**
 * Loads data by name (`auto`, `mnist`, `digits`) or from a directory.
 *
 * @throws {DataError} if there is no such directory, or its files are damaged.
 * @throws {DownloadError} if MNIST was asked for and cannot be fetched.
 */
export async function loadData(name: string, options: LoadOptions): Promise<LoadedData> {
  if (Object.hasOwn(loaders, name)) return await loaders[name](options);
  await checkDirectory(name);
  const { trainSize, ...loading } = options;
  return wrap(name, trimmed(await mnistLoader({ ...loading, data: name }), trainSize));
}

function wrap(name: string, sets: ImageSets): LoadedData {
  return { data: data(sets, { name }) };
}

function synthetic({ trainSize }: LoadOptions): LoadedData {
  const sets = trainSize === undefined ? digitsLoader() : digitsLoader({ sizes: shares(trainSize) });
  return { ...wrap("digits", sets), warning };
}

/** Sets in the proportions of MNIST. */
function shares(training: number): [training: number, validation: number, test: number] {
  const other = Math.ceil(training / 5);
  return [training, other, other];
}

function trimmed([training, validation, test]: ImageSets, trainSize = training.length): ImageSets {
  return [training.slice(0, Math.min(trainSize, training.length)), validation, test];
}

async function checkDirectory(path: string): Promise<void> {
  try {
    if ((await Deno.stat(path)).isDirectory) return;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const near = nearestName(path, Object.keys(loaders));
  throw new DataError(
    `Cannot load data ${JSON.stringify(path)}: there is no such directory; expected ${
      Object.keys(loaders).join(", ")
    } or a directory with IDX files${near ? `; did you mean ${near}?` : ""}`,
  );
}

/** What a command line says about data. */
export interface DataRequest {
  readonly data: string | undefined;
  readonly trainSize: number | undefined;
}

/** Who is told about the loading, and what stops it. */
export interface LoadContext {
  readonly output: Output;
  /** Tells a line that may be left out. */
  readonly note: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Loads the data of a command line and tells what people must know of it. */
export async function loadForPeople(
  { data: name = "auto", trainSize }: DataRequest,
  { output, note, signal }: LoadContext,
): Promise<LoadedData> {
  const begun = new Set<string>();
  const loaded = await loadData(name, {
    trainSize,
    signal,
    onProgress: (event) => {
      if (event.kind === "damaged") return note(`${event.file} is damaged and is fetched anew: ${event.reason}`);
      if (!begun.has(event.file)) note(`Fetching ${event.file}`);
      begun.add(event.file);
    },
  });
  if (loaded.warning) output.note(`${loaded.warning}\n`);
  if (loaded.reason) note(loaded.reason);
  return loaded;
}

/** Which data there are, in one line. */
export function dataLine({ data: { name, training, validation, test } }: LoadedData): string {
  return `Data: ${name}; ${training.length} examples to train on, ${validation.length} to validate, ${
    test?.length ?? 0
  } to test`;
}
