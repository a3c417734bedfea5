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
import { type ByteSource, checkLength, memorySource } from "./byte_source.ts";
import { FileError, FileFormatError } from "./errors.ts";
import { tensorFileOptions } from "./read_options.ts";
import { endOfHeader, readSafetensorsHeader } from "./safetensors_header.ts";
import { writeAtomically } from "./atomic.ts";

/**
 * Reads a file of the web with tensors. Its length is checked before and while it is read, and the header of a file that
 * can be read in parts before the rest of it is in memory.
 *
 * @throws {FileError} if the server refuses, the connection ends, or the browser cannot read the file.
 * @throws {FileFormatError} if it is longer than `limitBytes`, or a header that is read first is damaged.
 */
export async function readWebFile(
  file: WebFile,
  limitBytes: number = tensorFileOptions.limitBytes.default,
): Promise<ByteSource> {
  const name = fileName(file);
  try {
    const limited = file instanceof Response
      ? limitResponse(file, limitBytes, name)
      : await checkedBlob(isHandle(file) ? await file.getFile() : file, limitBytes, name);
    return memorySource(await webFileBytes(limited), name, limitBytes);
  } catch (cause) {
    if (cause instanceof FileFormatError) throw cause;
    throw new FileError("read", name, cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** A blob whose length and header are right. */
async function checkedBlob(blob: Blob, limitBytes: number, name: string): Promise<Blob> {
  checkLength(blob.size, limitBytes, name);
  const firstBytes = async (count: number): Promise<ByteSource> => ({
    ...memorySource(await webFileBytes(blob.slice(0, count)), name, limitBytes),
    length: blob.size,
  });
  readSafetensorsHeader(await firstBytes(endOfHeader(await firstBytes(8))));
  return blob;
}

/** A response with the same content, which fails as soon as it is too long. */
function limitResponse(response: Response, limitBytes: number, name: string): Response {
  if (!response.ok || response.body === null) return response;
  checkLength(Number(response.headers.get("content-length") ?? 0), limitBytes, name);
  let length = 0;
  const counter = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(part, controller) {
      length += part.length;
      checkLength(length, limitBytes, name);
      controller.enqueue(part);
    },
  });
  return new Response(response.body.pipeThrough(counter), { status: response.status });
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
