/**
 * Files in a directory of the user.
 *
 * @module
 */

import { isNotFound } from "../../core/host_files.ts";
import { DataError } from "../errors.ts";
import { openBytes } from "../formats/byte_source.ts";
import { type Idx, idxFormat, parseIdx } from "../formats/idx.ts";
import { readPromised } from "../formats/read_promised.ts";
import type { ImageFile } from "./dataset.ts";

/**
 * The files of a directory, gzipped or not. Their digests are not checked, since they may be a part of the data set, or
 * another one in its format.
 *
 * @throws {DataError} if a file is missing or damaged.
 */
export async function localFiles(
  directory: string,
  files: readonly ImageFile[],
  signal: AbortSignal | undefined,
): Promise<Map<ImageFile, Idx>> {
  // Files are read while earlier ones are unpacked and parsed.
  const readings = files.map((file) => readLocal(directory, file));
  readings.forEach((reading) => reading.catch(() => {})); // its failure is reported when its turn comes
  const found = new Map<ImageFile, Idx>();
  for (const [i, file] of files.entries()) {
    const { path, bytes } = await readings[i];
    signal?.throwIfAborted();
    found.set(file, parseIdx(bytes, path));
  }
  return found;
}

async function readLocal(
  directory: string,
  file: ImageFile,
): Promise<{ readonly path: string; readonly bytes: Uint8Array<ArrayBuffer> }> {
  const dotted = file.name.replace("-idx", ".idx");
  const names = [file.name, `${file.name}.gz`, dotted, `${dotted}.gz`];
  for (const name of names) {
    const path = `${directory}/${name}`;
    try {
      using source = await openBytes(path);
      return { path, bytes: await readPromised(source, idxFormat) };
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  throw new DataError(`Cannot find ${file.name} in ${directory}: expected one of ${names.join(", ")}`);
}
