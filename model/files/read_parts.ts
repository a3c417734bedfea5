/**
 * Reads files of any length.
 *
 * @module
 */

import { hostFiles, notAFile } from "../../core/host_files.ts";
import { FileError } from "./errors.ts";
import { describeCause } from "./remedies.ts";

/** The bytes that are read at a time. */
const PART = 2 ** 20;

/**
 * The content of a file in parts. A part is valid until the next one is read.
 *
 * @throws {FileError} if it does not exist, cannot be read, or the disk is damaged.
 */
export function* readParts(path: string): Generator<Uint8Array> {
  using file = attempt(path, () => {
    const problem = notAFile(path);
    if (problem !== undefined) throw new Error(problem);
    return hostFiles(`read ${path}`).openSync(path);
  });
  const part = new Uint8Array(PART);
  for (;;) {
    const count = attempt(path, () => file.readSync(part));
    if (count === null) return;
    yield part.subarray(0, count);
  }
}

function attempt<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    throw new FileError("read", path, describeCause(cause, path), { cause });
  }
}
