/**
 * Files of the web: responses, files that a user chose, and files of the browser's private file system.
 *
 * @module
 */

import { pathOf } from "../../core/host_files.ts";
import {
  type FileHandle,
  fileName,
  isHandle,
  type WebFile,
  webFileBytes,
  type WebFileWriter,
  type WritableFile,
} from "../../core/web_file.ts";
import { FileError } from "./errors.ts";
import { writeAtomically } from "./atomic.ts";

/** The content of a file, and its name for messages. */
export interface NamedBytes {
  readonly file: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Reads a file of the web.
 *
 * @throws {FileError} if the server refuses, the connection ends, or the browser cannot read the file.
 */
export async function readWebFile(file: WebFile): Promise<NamedBytes> {
  const name = fileName(file);
  try {
    return { file: name, bytes: await webFileBytes(file) };
  } catch (cause) {
    throw new FileError("read", name, cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** Writes through a handle. The content is replaced only when the new one is complete. */
async function writeHandle(handle: FileHandle, content: readonly Uint8Array<ArrayBuffer>[]): Promise<void> {
  let writer: WebFileWriter | undefined;
  try {
    writer = await handle.createWritable();
    for (const part of content) await writer.write(part);
    await writer.close();
  } catch (cause) {
    await writer?.abort?.().catch(() => {});
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FileError("write", handle.name, `${reason}; the file is unchanged`, { cause });
  }
}

/**
 * Writes a file of the machine or of the browser completely or not at all.
 *
 * @throws {FileError} if it cannot be written.
 */
export async function writeAnyFile(file: WritableFile, content: readonly Uint8Array<ArrayBuffer>[]): Promise<void> {
  if (isHandle(file)) return await writeHandle(file, content);
  writeAtomically(pathOf(file), content);
}
