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

/** How files are read. */
export interface LocalOptions {
  readonly signal?: AbortSignal | undefined;
  /** The most bytes that a file may have, unpacked. */
  readonly limitBytes?: number | undefined;
}

/**
 * The files of a directory, gzipped or not. Their digests are not checked, since they may be a part of the data set, or
 * another one in its format.
 *
 * @throws {DataError} if a file is missing or damaged.
 */
export async function localFiles(
  directory: string,
  files: readonly ImageFile[],
  { signal, limitBytes }: LocalOptions,
): Promise<Map<ImageFile, Idx>> {
  // Reading all files starts at once, so that the disk need not wait while a file is unpacked and parsed.
  const readings = files.map((file) => readLocal(directory, file, limitBytes));
  readings.forEach((reading) => reading.catch(() => {})); // its failure is reported when it is awaited
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
  limitBytes: number | undefined,
): Promise<{ readonly path: string; readonly bytes: Uint8Array<ArrayBuffer> }> {
  const dotted = file.name.replace("-idx", ".idx");
  const names = [file.name, `${file.name}.gz`, dotted, `${dotted}.gz`];
  for (const name of names) {
    const path = `${directory}/${name}`;
    try {
      using source = await openBytes(path);
      return { path, bytes: await readPromised(source, idxFormat, limitBytes) };
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  throw new DataError(`Cannot find ${file.name} in ${directory}: expected one of ${names.join(", ")}`);
}
