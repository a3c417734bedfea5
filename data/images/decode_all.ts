/**
 * Decodes many pictures to levels of one size, some at a time.
 *
 * @module
 */

import { DataError, messageOf } from "../errors.ts";
import type { ByteSource } from "../formats/byte_source.ts";
import { LibraryError } from "../libraries/load_library.ts";
import { convertChannels } from "./convert_channels.ts";
import { openImage } from "./decode_image.ts";
import { fitImage } from "./fit_image.ts";
import { backgrounds, type ImageSettings, imageShape } from "./image_options.ts";
import type { Raster } from "./raster.ts";
import type { ImageProgress } from "./read_images_options.ts";

/** A picture that can be opened. */
export interface ImageFile {
  /** Its name in messages. */
  readonly name: string;
  /** Opens it; it is closed after reading. */
  open(): Promise<ByteSource>;
}

/** A picture that was not read, and why. */
export interface SkippedImage {
  /** Its path in the folder, with `/`. */
  readonly file: string;
  /** The message of the error. */
  readonly reason: string;
}

/** How pictures are decoded. */
export interface Decoding {
  readonly settings: ImageSettings;
  readonly limitPixels: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ImageProgress) => void) | undefined;
  /** Called for a picture that cannot be read, which throws or has it left out; default: throws. */
  readonly onBroken?: ((file: ImageFile, error: unknown) => void) | undefined;
}

/** Receives the pictures of a run in order: their levels `[picture, channel, row, column]`, and their positions. */
export type LevelSink = (levels: Uint8Array<ArrayBuffer>, positions: readonly number[]) => void | Promise<void>;

/** Pictures that are read at the same time: while one is decoded, the files of others are read and unpacked. */
const AT_A_TIME = 4;

/** Pictures that promise more bytes than this are decoded one by one, so that memory stays bounded. */
const HEAVY_BYTES = 2 ** 24;

/** Bytes of levels that are passed on at a time, unless a picture has more. */
const RUN_BYTES = 2 ** 23;

/** Makes tasks run one after the other. */
class Turns {
  #last: Promise<unknown> = Promise.resolve();

  take<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => {}); // the caller gets the error
    return result;
  }
}

/**
 * Decodes pictures, and passes their levels on in order.
 *
 * @throws {DataError} for the first picture that cannot be read, unless `onBroken` accepts it.
 */
export async function decodeAll(files: readonly ImageFile[], decoding: Decoding, sink: LevelSink): Promise<void> {
  const [channels, height, width] = imageShape(decoding.settings);
  const bytes = channels * height * width;
  const run = Math.max(1, Math.floor(RUN_BYTES / bytes));
  const turns = new Turns();
  let done = 0;
  for (let begin = 0; begin < files.length; begin += run) {
    const end = Math.min(files.length, begin + run);
    const levels = new Uint8Array((end - begin) * bytes);
    const isAccepted = (error: unknown): boolean => decoding.onBroken !== undefined && isBroken(error, decoding.signal);
    const errors = await forEach(end - begin, async (i) => {
      decoding.signal?.throwIfAborted();
      levels.set(planesOf(await readOne(files[begin + i], decoding, turns)), i * bytes);
      decoding.onProgress?.({ done: ++done, total: files.length });
    }, isAccepted).catch((error: unknown) => {
      decoding.signal?.throwIfAborted();
      throw error;
    });
    const positions = keptOf(end - begin, errors).map((i) => begin + i);
    for (const [i, error] of errors) decoding.onBroken?.(files[begin + i], error);
    positions.forEach((position, place) => {
      const from = (position - begin) * bytes;
      levels.copyWithin(place * bytes, from, from + bytes);
    });
    await sink(levels.subarray(0, positions.length * bytes), positions);
  }
}

/** Whether an error says that a picture is broken; others concern all pictures. */
function isBroken(error: unknown, signal: AbortSignal | undefined): boolean {
  const isOfAll = error instanceof LibraryError || error instanceof Error && error.name === "NotCapable";
  return !isOfAll && !signal?.aborted;
}

function keptOf(count: number, errors: ReadonlyMap<number, unknown>): number[] {
  return Array.from({ length: count }, (_, i) => i).filter((i) => !errors.has(i));
}

/**
 * Runs a task for each number, some at a time. If one fails in a way that is not accepted, no more are started, and the
 * error of the lowest number is thrown.
 *
 * @returns the accepted errors, in the order of their numbers.
 */
async function forEach(
  count: number,
  task: (i: number) => Promise<void>,
  accepts: (error: unknown) => boolean,
): Promise<ReadonlyMap<number, unknown>> {
  const errors = new Map<number, unknown>();
  let [next, isEnding] = [0, false];
  const work = async (): Promise<void> => {
    while (next < count && !isEnding) {
      const i = next++;
      try {
        await task(i);
      } catch (error) {
        errors.set(i, error);
        isEnding ||= !accepts(error);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  const inOrder = [...errors].sort(([a], [b]) => a - b);
  const fatal = inOrder.find(([, error]) => !accepts(error));
  if (fatal) throw fatal[1];
  return new Map(inOrder);
}

async function readOne(file: ImageFile, { settings, limitPixels }: Decoding, turns: Turns): Promise<Raster> {
  const { size: [height, width], channels, fit, background } = settings;
  const ground = backgrounds[background];
  try {
    using source = await file.open();
    const image = await openImage(source, limitPixels);
    const decode = async (): Promise<Raster> => {
      const colored = convertChannels(await image.decode(), channels, ground);
      return fitImage(colored, { fit, ground, width, height });
    };
    return await (image.bytes > HEAVY_BYTES ? turns.take(decode) : decode());
  } catch (cause) {
    if (cause instanceof Error && (cause.message.startsWith("Cannot ") || cause instanceof LibraryError)) throw cause;
    throw new DataError(`Cannot read ${file.name}: ${messageOf(cause)}`, { cause });
  }
}

/** The levels of a picture, channel by channel: `[channel, row, column]`. */
function planesOf({ width, height, channels, values }: Raster): Uint8Array {
  if (channels === 1) return values;
  const planes = new Uint8Array(values.length);
  const pixels = width * height;
  for (let i = 0; i < pixels; i++) {
    for (let channel = 0; channel < channels; channel++) planes[channel * pixels + i] = values[i * channels + channel];
  }
  return planes;
}
