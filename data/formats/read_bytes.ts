/**
 * Whole files as bytes.
 *
 * @module
 */

import { denoFor, notAFile } from "../../core/host.ts";
import { DataError } from "../errors.ts";

/**
 * Throws if a path is that of a pipe or a device, from which reading may block forever.
 *
 * @throws {DataError} that says so.
 * @throws {Deno.errors.NotFound} if there is no such file.
 */
export function checkIsFile(path: string | URL): void {
  const problem = notAFile(path);
  if (problem !== undefined) throw new DataError(`Cannot read ${path}: ${problem}`);
}

/**
 * The content of a file. Another thread reads its bytes directly to where they stay, starting now: `Deno.readFile`
 * copies them once more, and starts when this thread is idle.
 *
 * @throws {DataError} if it is a pipe or a device.
 * @throws {Deno.errors.NotFound} if there is no such file.
 */
export async function readFile(path: string | URL): Promise<Uint8Array<ArrayBuffer>> {
  const deno = denoFor(`read ${path}`);
  checkIsFile(path);
  using file = deno.openSync(path);
  const { isFile, size } = file.statSync();
  // Only a regular file reports its length.
  if (!isFile || size === 0) return await deno.readFile(path);
  const bytes = new Uint8Array(size);
  let length = 0;
  while (length < size) {
    const read = await file.read(bytes.subarray(length));
    if (read === null) break;
    length += read;
  }
  return bytes.subarray(0, length);
}
