/**
 * The directory of downloaded files.
 *
 * @module
 */

import { isPermitted, systemOf, variableOf } from "../../core/environment.ts";
import { type HostFiles, hostFiles, isNotFound } from "../../core/host_files.ts";
import { CacheError, DataError, messageOf } from "../errors.ts";
import { openBytes } from "../formats/byte_source.ts";
import { MOST_BYTES } from "./download.ts";

/** The remedy, at the end of all messages about the cache. */
const REMEDY = "name another directory with the option `cache`, or the directory of the files with `data`";

/** The permissions that the cache also needs, with those of downloads into it. */
const PERMISSIONS = "--allow-net --allow-read --allow-write";

interface Home {
  /** The environment variable that names a directory. */
  readonly variable: string;
  /** The path from there to the cache. */
  readonly path: readonly string[];
}

const homes: Readonly<Record<string, readonly Home[]>> = {
  windows: [{ variable: "LOCALAPPDATA", path: ["yadll", "cache"] }],
  darwin: [
    { variable: "XDG_CACHE_HOME", path: ["yadll"] },
    { variable: "HOME", path: ["Library", "Caches", "yadll"] },
  ],
};

/** On other systems: the XDG base directory specification. */
const xdgHomes: readonly Home[] = [
  { variable: "XDG_CACHE_HOME", path: ["yadll"] },
  { variable: "HOME", path: [".cache", "yadll"] },
];

/**
 * The directory of this user's cache: `$XDG_CACHE_HOME/yadll`, otherwise `~/.cache/yadll` (on macOS
 * `~/Library/Caches/yadll`, on Windows `%LOCALAPPDATA%\yadll\cache`).
 *
 * @param read Reads an environment variable; default: on a terminal, Deno asks for the permission.
 * @throws {CacheError} if no such variable is set, or reading them is not permitted.
 */
export function cacheDirectory(read: ReadVariable = variableOf): string {
  const candidates = homes[systemOf()] ?? xdgHomes;
  const names = candidates.map(({ variable }) => variable).join(", ");
  for (const { variable, path } of candidates) {
    const home = permitted(() => read(variable), names);
    if (home) return [home, ...path].join("/");
  }
  throw new CacheError(`Cannot find a cache directory: none of ${names} is set; ${REMEDY}`);
}

type ReadVariable = (variable: string) => string | undefined;

/** Reads a variable only if that is permitted already, so that Deno does not ask. */
export const readPermittedVariable: ReadVariable = (variable) => {
  if (isPermitted({ name: "env", variable })) return variableOf(variable);
  throw new Deno.errors.NotCapable(`Requires env access to "${variable}"`);
};

function permitted<T>(read: () => T, names: string): T {
  try {
    return read();
  } catch (cause) {
    throw new CacheError(
      `Cannot find the cache directory: reading ${names} is not permitted; run with --allow-env=${
        names.replaceAll(" ", "")
      } ${PERMISSIONS}, so that files can be downloaded and kept, or ${REMEDY}`,
      { cause },
    );
  }
}

/** A file of the cache is longer than any that was written there. */
class TooLongError extends DataError {}

/**
 * The content of a file of the cache, or `undefined` if there is none. Pass it to `freeBytes` soon.
 *
 * @throws {CacheError} if it exists but cannot be read.
 * @throws {DataError} if it is longer than any file of a data set.
 */
export async function readCached(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    using source = await openBytes(path);
    const length = await source.lengthUpTo(MOST_BYTES);
    if (length > MOST_BYTES) {
      throw new TooLongError(`Cannot use ${path}: expected at most ${MOST_BYTES} bytes, got ${length}`);
    }
    return await source.read(0, length, "brief");
  } catch (cause) {
    if (cause instanceof TooLongError) throw cause;
    if (isNotFound(cause)) return undefined;
    throw new CacheError(`Cannot read ${path} from the cache: ${messageOf(cause)}; ${REMEDY}`, { cause });
  }
}

/**
 * Writes a file of the cache so that it is complete or absent, even if the machine stops: first to a temporary file in
 * the same directory, which is synced, then renamed. A missing directory is created, for this user only.
 *
 * @throws {CacheError} if the directory cannot be made or written.
 */
export async function writeCached(directory: string, name: string, content: Uint8Array): Promise<void> {
  const path = `${directory}/${name}`;
  const temporary = `${path}.${crypto.randomUUID()}.part`;
  const files = hostFiles(`write ${path}`);
  try {
    await files.mkdir(directory, { recursive: true, mode: 0o700 });
    await writeSynced(files, temporary, content);
    await files.rename(temporary, path);
  } catch (cause) {
    await files.remove(temporary).catch(() => {});
    throw new CacheError(`Cannot write ${path} into the cache: ${messageOf(cause)}; ${REMEDY}`, { cause });
  }
}

async function writeSynced(files: HostFiles, path: string, content: Uint8Array): Promise<void> {
  using file = await files.open(path, { write: true, createNew: true, mode: 0o600 });
  for (let written = 0; written < content.length;) written += await file.write(content.subarray(written));
  await file.sync();
}
