/**
 * Files of which parts can be read, so that their headers are known before they are read whole.
 *
 * @module
 */

import { type HostFile, hostFiles, pathOf, seekFrom } from "../../core/host_files.ts";
import { loadedFileKind } from "../../core/options/kinds.ts";
import { checkArguments } from "../../core/options/read.ts";
import { fileName, isHandle, isWebFile, refusalOf, type WebFile } from "../../core/web_file.ts";
import { DataError, messageOf } from "../errors.ts";
import { briefMemory } from "./brief_memory.ts";
import { allocate } from "./limits.ts";
import { checkIsFile, failureOf } from "./read_errors.ts";

/** A file of which parts can be read. */
export interface ByteSource extends Disposable {
  /** Its name in messages. */
  readonly name: string;
  /** Its length in bytes; undefined if only reading it shows. */
  readonly size: number | undefined;
  /** Its length, or any greater number than `most` if it is longer than that. */
  lengthUpTo(most: number): Promise<number>;
  /**
   * Bytes in memory of their own, fewer if the file ends before.
   *
   * @param use `brief` if they are soon passed to `freeBytes`
   */
  read(position: number, count: number, use?: "brief"): Promise<Uint8Array<ArrayBuffer>>;
  /** All bytes from the first one, in pieces that are valid until the next one. Nothing else may be read then. */
  pieces(): AsyncIterable<Uint8Array>;
}

/** The bytes of a piece. */
const PIECE_BYTES = 2 ** 20;

/** The pieces of a source that reads its parts in any order. */
async function* piecesOf({ read }: Pick<ByteSource, "read">): AsyncGenerator<Uint8Array> {
  for (let position = 0;;) {
    const piece = await read(position, PIECE_BYTES);
    if (piece.length === 0) return;
    yield piece;
    position += piece.length;
  }
}

/** Opens a file; close it with `using`. */
export async function openBytes(file: string | URL | WebFile): Promise<ByteSource> {
  checkArguments("read a file", { path: file }, loadedFileKind);
  const name = fileName(file);
  if (!isWebFile(file)) return openFile(file);
  if (file instanceof Response) return responseSource(file, name);
  try {
    return blobSource(isHandle(file) ? await file.getFile() : file, name);
  } catch (cause) {
    throw new DataError(`Cannot read ${name}: ${messageOf(cause)}`, { cause });
  }
}

/** Bytes in memory as a source. */
export function memorySource(bytes: Uint8Array, name: string): ByteSource {
  const read: ByteSource["read"] = (position, count, use) => {
    const part = bytes.subarray(position, position + count);
    if (use === undefined) return Promise.resolve(new Uint8Array(part));
    const copy = briefMemory(part.length);
    copy.set(part);
    return Promise.resolve(copy);
  };
  return sourceOf({ name, size: bytes.length, read });
}

/** A source of known length that holds nothing open. */
function sourceOf({ name, size, read }: Pick<ByteSource, "name" | "read"> & { readonly size: number }): ByteSource {
  return {
    name,
    size,
    lengthUpTo: () => Promise.resolve(size),
    read,
    pieces: () => piecesOf({ read }),
    [Symbol.dispose]: () => {},
  };
}

async function openFile(given: string | URL): Promise<ByteSource> {
  const path = pathOf(given);
  try {
    checkIsFile(path);
    const files = hostFiles(`read ${path}`);
    const file = files.openSync(path);
    const { isFile, size } = file.statSync();
    if (isFile && size > 0) return fileSource(file, { size, name: String(given) });
    // Only a regular file reports its length.
    file.close();
    return memorySource(await files.readFile(path), String(given));
  } catch (cause) {
    throw failureOf(given, cause);
  }
}

/**
 * A file of the machine. Its bytes are read directly into the memory that is returned, and without blocking this thread:
 * `Deno.readFile` would copy them once more, and start only when this thread is idle.
 */
function fileSource(file: HostFile, { size, name }: { readonly size: number; readonly name: string }): ByteSource {
  const fill = async (bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> => {
    let length = 0;
    try {
      while (length < bytes.length) {
        const read = await file.read(bytes.subarray(length));
        if (read === null) break;
        length += read;
      }
    } catch (cause) {
      throw failureOf(name, cause);
    }
    return bytes.subarray(0, length);
  };
  return {
    name,
    size,
    lengthUpTo: () => Promise.resolve(size),
    read: (position, count, use) => {
      file.seekSync(position, seekFrom.start);
      const bytes = Math.max(0, Math.min(count, size - position));
      return fill(allocate(bytes, name, use === "brief" ? briefMemory : undefined));
    },
    pieces: async function* () {
      const scratch = new Uint8Array(Math.min(PIECE_BYTES, size));
      for (let piece = await fill(scratch); piece.length > 0; piece = await fill(scratch)) yield piece;
    },
    [Symbol.dispose]: () => file[Symbol.dispose](),
  };
}

function blobSource(blob: Blob, name: string): ByteSource {
  const read: ByteSource["read"] = async (position, count) => {
    try {
      return new Uint8Array(await blob.slice(position, position + count).arrayBuffer());
    } catch (cause) {
      throw new DataError(`Cannot read ${name}: ${messageOf(cause)}`, { cause });
    }
  };
  return sourceOf({ name, size: blob.size, read });
}

/** The body of a response, of which only as much is received as is read. */
function responseSource(response: Response, name: string): ByteSource {
  const refusal = refusalOf(response);
  if (refusal !== undefined) throw new DataError(`Cannot read ${name}: ${refusal}`);
  const reader = response.body?.getReader();
  const chunks: Uint8Array[] = [];
  let received = 0;
  const next = async (): Promise<Uint8Array | undefined> => (await reader?.read())?.value;
  const receive = async (count: number): Promise<void> => {
    while (received < count) {
      const chunk = await next();
      if (chunk === undefined) return;
      chunks.push(chunk);
      received += chunk.length;
    }
  };
  const attempt = async <T>(task: () => Promise<T>): Promise<T> => {
    try {
      return await task();
    } catch (cause) {
      throw cause instanceof DataError ? cause : new DataError(`Cannot read ${name}: ${messageOf(cause)}`, { cause });
    }
  };
  return {
    name,
    size: undefined,
    lengthUpTo: (most) => attempt(() => receive(most + 1).then(() => received)),
    read: (position, count) => attempt(() => receive(position + count).then(() => joined(chunks, position, count))),
    pieces: async function* () {
      for (let chunk = await attempt(next); chunk !== undefined; chunk = await attempt(next)) yield chunk;
    },
    [Symbol.dispose]: () => void reader?.cancel().catch(() => {}), // what is left is not needed
  };
}

/** A part of chunks that follow each other. */
function joined(chunks: readonly Uint8Array[], position: number, count: number): Uint8Array<ArrayBuffer> {
  const total = chunks.reduce((sum, { length }) => sum + length, 0);
  const bytes = new Uint8Array(Math.max(0, Math.min(count, total - position)));
  let begin = 0;
  for (const chunk of chunks) {
    const part = chunk.subarray(Math.max(0, position - begin), position + bytes.length - begin);
    bytes.set(part, Math.max(0, begin - position));
    begin += chunk.length;
    if (begin >= position + bytes.length) break;
  }
  return bytes;
}
