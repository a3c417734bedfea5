/**
 * Paths of the machine's own kind, by what Deno and Node carry, loaded when a file is first named.
 *
 * @module
 */

import { neededModule } from "../../core/host.ts";

const paths = (): typeof import("node:path") => neededModule("node:path", "work with files");

/** The path of a file in a folder. */
export function join(...parts: readonly string[]): string {
  return paths().join(...parts);
}

/** The folder that a path lies in. */
export function dirname(path: string): string {
  return paths().dirname(path);
}

/** The last part of a path. */
export function basename(path: string): string {
  return paths().basename(path);
}
