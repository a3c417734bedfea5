/**
 * Files of the web: responses, files that a user chose, and files of the browser's private file system.
 *
 * @module
 */

import { showText } from "./options/show.ts";

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

/** Whether this is a file of the browser's file system. */
export function isHandle(value: unknown): value is FileHandle {
  return typeof value === "object" && value !== null && "getFile" in value && typeof value.getFile === "function";
}

/** Whether this is a file of the web, not a path. Paths are recognized first: Deno loads `Response` when it is named. */
export function isWebFile(value: unknown): value is WebFile {
  if (typeof value === "string" || value instanceof URL) return false;
  return value instanceof Response || value instanceof Blob || isHandle(value);
}

/** The name of a file in messages and events. */
export function fileName(file: string | URL | WebFile): string {
  if (typeof file === "string" || file instanceof URL) return String(file);
  if (file instanceof Response) return file.url || "the response";
  return "name" in file && typeof file.name === "string" ? file.name : "the blob";
}

/** What the server answered instead of sending a file; undefined if it sends one. */
export function refusalOf({ ok, status, statusText }: Response): string | undefined {
  return ok ? undefined : `the server answered ${status} ${showText(statusText)}`.trimEnd();
}

/**
 * The content of a file.
 *
 * @throws {Error} if the server refuses, the connection ends, or the browser cannot read the file.
 */
export async function webFileBytes(file: WebFile): Promise<Uint8Array<ArrayBuffer>> {
  if (!(file instanceof Response)) {
    return new Uint8Array(await (isHandle(file) ? await file.getFile() : file).arrayBuffer());
  }
  const refusal = refusalOf(file);
  if (refusal !== undefined) throw new Error(refusal);
  return new Uint8Array(await file.arrayBuffer());
}
