/**
 * Files of the web: responses, files that a user chose, and files of the browser's private file system.
 *
 * @module
 */

import { FileError } from "./errors.ts";
import { writeAtomically } from "./atomic.ts";

/** A file that is being written through a {@linkcode FileHandle}. */
export interface WebFileWriter {
  /** Adds bytes at the end. */
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Replaces the old content by the new one. */
  close(): Promise<void>;
  /** Drops the new content. */
  abort?(): Promise<void>;
}

/**
 * A file of the browser's private file system or one that a user chose: a `FileSystemFileHandle`, as
 * `(await navigator.storage.getDirectory()).getFileHandle("model.ym", { create: true })` returns it.
 */
export interface FileHandle {
  /** Its name in its folder. */
  readonly name: string;
  /** The current content. */
  getFile(): Promise<Blob>;
  /** Begins a new content, which replaces the old one when it is complete. */
  createWritable(): Promise<WebFileWriter>;
}

/** A file to load: a response of `fetch`, a `File` or another `Blob`, or a file of the browser's file system. */
export type WebFile = Response | Blob | FileHandle;

/** A file to write: a path, a `file:` URL, or a file of the browser's file system. */
export type WritableFile = string | URL | FileHandle;

/** The content of a file, and its name for messages. */
export interface NamedBytes {
  readonly file: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const isHandle = (value: unknown): value is FileHandle =>
  typeof value === "object" && value !== null && "getFile" in value && typeof value.getFile === "function";

/** Whether this is a file of the web, not a path. */
export function isWebFile(value: unknown): value is WebFile {
  return value instanceof Response || value instanceof Blob || isHandle(value);
}

function nameOf(file: WebFile): string {
  if (file instanceof Response) return file.url || "the response";
  return "name" in file && typeof file.name === "string" ? file.name : "the blob";
}

async function bytesOf(file: WebFile): Promise<ArrayBuffer> {
  if (!(file instanceof Response)) return await (isHandle(file) ? await file.getFile() : file).arrayBuffer();
  if (!file.ok) throw new Error(`the server answered ${file.status} ${file.statusText}`.trimEnd());
  return await file.arrayBuffer();
}

/**
 * Reads a file of the web.
 *
 * @throws {FileError} if the server refuses, the connection ends, or the browser cannot read the file.
 */
export async function readWebFile(file: WebFile): Promise<NamedBytes> {
  const name = nameOf(file);
  try {
    return { file: name, bytes: new Uint8Array(await bytesOf(file)) };
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
  writeAtomically(file, content);
}
