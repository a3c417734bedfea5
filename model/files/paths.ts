/**
 * Paths of the operating system's kind, with `node:path`, which is loaded when it is first needed.
 *
 * @module
 */

import { hostModule } from "../../core/host.ts";
import { noPaths } from "../../core/host_files.ts";

function paths(): typeof import("node:path") {
  const found = hostModule("node:path");
  if (found === undefined) throw noPaths("use a path");
  return found;
}

/** The path of a file in a folder. */
export function join(...parts: readonly string[]): string {
  return paths().join(...parts);
}

/** The folder that contains a path. */
export function dirname(path: string): string {
  return paths().dirname(path);
}

/** The last part of a path. */
export function basename(path: string): string {
  return paths().basename(path);
}
