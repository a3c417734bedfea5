/**
 * Stand-in for `jsr:@std/path`: paths of the machine's own kind.
 *
 * @module
 */

import { fileURLToPath, pathToFileURL } from "node:url";

export { basename, dirname, extname, isAbsolute, join, normalize, relative, resolve } from "node:path";

/** The path that a `file:` URL names. */
export function fromFileUrl(url: string | URL): string {
  return fileURLToPath(url);
}

/** The `file:` URL of an absolute path. */
export function toFileUrl(path: string): URL {
  return pathToFileURL(path);
}
