/**
 * Decoded pictures in a cache folder, so that they are decoded only once. A file there is named by the digest of what it
 * was made of: the paths, sizes and times of the files, and the options. Changed pictures have another name.
 *
 * @module
 */

import { type HostFile, hostFiles } from "../../core/host_files.ts";
import { sha256 } from "../checksums.ts";
import { CacheError, messageOf } from "../errors.ts";
import type { NpySource } from "../formats/npy_source.ts";
import type { SkippedImage } from "./decode_all.ts";
import type { FoundImage } from "./find_images.ts";
import { type ImageSettings, imageShape } from "./image_options.ts";
import { openLevels } from "./level_source.ts";

/** What a file of the cache is made of. */
export interface CacheRequest {
  /** The folder of the cache. */
  readonly folder: string;
  readonly settings: ImageSettings;
  readonly images: readonly FoundImage[];
}

/** A file of the cache. */
export interface CachedLevels {
  readonly source: NpySource;
  readonly skipped: readonly SkippedImage[];
}

/** Raised whenever pictures are decoded in another way, so that files of older versions are not used. */
const VERSION = 2;

/** The path of the file, without its ending. */
export function cachePath({ folder, settings, images }: CacheRequest): string {
  const files = hostFiles(`read pictures`);
  const hash = sha256();
  const { size, channels, fit, background } = settings;
  hash.add(new TextEncoder().encode(JSON.stringify({ VERSION, size, channels, fit, background })));
  for (const { path, file } of images) {
    const { size, mtime } = factsOf(files, path);
    hash.add(new TextEncoder().encode(JSON.stringify([file, size, mtime])));
  }
  return `${folder}/images-${hash.digest().slice(0, 32)}`;
}

function factsOf(files: ReturnType<typeof hostFiles>, path: string): { size: number; mtime: number | undefined } {
  try {
    const { size, mtime } = files.statSync(path);
    return { size, mtime: mtime?.getTime() };
  } catch {
    return { size: -1, mtime: undefined }; // reading it shows what is wrong
  }
}

/** Opens a file of the cache; undefined if it is not there, or does not belong to these pictures. */
export function openCached(path: string, { settings, images }: CacheRequest): CachedLevels | undefined {
  const files = hostFiles(`read pictures`);
  try {
    const skipped = skippedOf(JSON.parse(new TextDecoder().decode(files.readFileSync(`${path}.json`))), images);
    if (skipped === undefined) return undefined;
    const source = openLevels(`${path}.npy`, imageShape(settings));
    if (source.shape[0] === images.length - skipped.length) return { source, skipped };
    source.close();
    return undefined;
  } catch {
    return undefined; // it is written anew
  }
}

/** The list of pictures that were skipped, if it is one. */
function skippedOf(value: unknown, images: readonly FoundImage[]): SkippedImage[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const known = new Set(images.map(({ file }) => file));
  const isSkipped = (one: unknown): one is SkippedImage =>
    typeof one === "object" && one !== null && "file" in one && typeof one.file === "string" && known.has(one.file) &&
    "reason" in one && typeof one.reason === "string";
  return value.every(isSkipped) ? value : undefined;
}

/** A file of the cache that is being written. */
export interface LevelWriter extends Disposable {
  /** Adds the levels of some pictures. */
  write(levels: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Finishes the file, of this many pictures. */
  finish(count: number, skipped: readonly SkippedImage[]): Promise<void>;
}

/** The bytes of the header. */
const HEADER_BYTES = 128;

/**
 * Begins a file of the cache. If it is not finished, nothing remains of it.
 *
 * @throws {CacheError} if it cannot be written.
 */
export async function beginCached(path: string, { folder, settings }: CacheRequest): Promise<LevelWriter> {
  const files = hostFiles(`write ${path}.npy`);
  const part = `${path}.${crypto.randomUUID()}.part`;
  const file: HostFile = await attempt(folder, async () => {
    await files.mkdir(folder, { recursive: true, mode: 0o777 });
    return await files.open(part, { write: true, createNew: true });
  });
  let [isOpen, isFinished] = [true, false];
  const writeAll = (bytes: Uint8Array<ArrayBuffer>): Promise<void> =>
    attempt(folder, async () => {
      for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done));
    });
  await writeAll(new Uint8Array(HEADER_BYTES));
  return {
    write: writeAll,
    finish: async (count, skipped) => {
      await attempt(folder, async () => {
        file.seekSync(0, 0);
        file.writeSync(headerOf([count, ...imageShape(settings)]));
        file.close();
        isOpen = false;
        await writeText(`${path}.json`, JSON.stringify(skipped));
        await files.rename(part, `${path}.npy`);
        isFinished = true;
      });
    },
    [Symbol.dispose]: () => {
      if (isOpen) file.close();
      if (!isFinished) files.removeSync(part);
    },
  };
}

async function writeText(path: string, text: string): Promise<void> {
  using file = await hostFiles(`write ${path}`).open(path, { write: true, create: true, truncate: true });
  const bytes = new TextEncoder().encode(text);
  for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done));
}

async function attempt<T>(folder: string, task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (cause) {
    throw new CacheError(
      `Cannot write decoded pictures to ${folder}: ${messageOf(cause)}; name another folder with the option \`cache\``,
      { cause },
    );
  }
}

/** The header of an NPY file of bytes. */
function headerOf(shape: readonly number[]): Uint8Array {
  const text = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape.join(", ")}), }`;
  const bytes = new Uint8Array(HEADER_BYTES).fill(0x20);
  bytes.set([0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, HEADER_BYTES - 10, 0]);
  bytes.set(new TextEncoder().encode(text), 10);
  bytes[HEADER_BYTES - 1] = 0x0a;
  return bytes;
}
