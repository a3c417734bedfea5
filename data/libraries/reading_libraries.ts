/**
 * Libraries that read files, fetched and loaded for the first file that needs them.
 *
 * @module
 */

import type * as fzstd from "fzstd";
import type * as hyparquet from "hyparquet";
import type * as jpegJs from "jpeg-js";
import { loadVersion } from "./load_library.ts";

/** The libraries, by their names on npm. Those that are no ES modules have everything in their default export. */
interface Libraries {
  readonly "fzstd": Pick<typeof fzstd, "decompress">;
  readonly "hyparquet": Pick<typeof hyparquet, "parquetMetadata" | "parquetRead" | "snappyUncompress">;
  readonly "jpeg-js": { readonly default: Pick<typeof jpegJs, "decode"> };
}

/** The versions, as in `deno.json`. */
export const readingLibraryVersions: Readonly<Record<keyof Libraries, string>> = {
  "fzstd": "0.1.1",
  "hyparquet": "1.33.0",
  "jpeg-js": "0.4.4",
};

/**
 * Loads a library that reads files.
 *
 * @param purpose the task that requires it, for the message
 * @throws {LibraryError} if it is neither on this machine nor available from npm.
 */
export function loadReader<N extends keyof Libraries>(name: N, purpose: string): Promise<Libraries[N]> {
  return loadVersion({ name, version: readingLibraryVersions[name] }, purpose);
}
