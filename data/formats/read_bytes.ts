/**
 * Whole files as bytes.
 *
 * @module
 */

import { denoFor } from "../../core/host.ts";

/**
 * The content of a file. Another thread reads its bytes directly to where they stay, starting now: `Deno.readFile`
 * copies them once more, and starts when this thread is idle.
 *
 * @throws {Deno.errors.NotFound} if there is no such file.
 */
export async function readFile(path: string | URL): Promise<Uint8Array<ArrayBuffer>> {
  const deno = denoFor(`read ${path}`);
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
