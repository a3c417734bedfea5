/**
 * The files of the machine, in Deno and in Node. Browsers have none: there, see `core/web_file.ts`.
 *
 * The interfaces have the names and the meaning of Deno's functions, so Deno itself implements them, and
 * `core/node_files.ts` implements them for Node.
 *
 * @module
 */

import { hostModule } from "./host.ts";
import { nodeFiles } from "./node_files.ts";
import { pathKind } from "./options/kinds.ts";
import { checkArgument } from "./options/read.ts";

/** Facts about a file. */
export interface HostFileInfo {
  readonly isFile: boolean;
  readonly isDirectory: boolean;
  readonly isSymlink: boolean;
  /** Its length in bytes. */
  readonly size: number;
  /** The time of the last change, or null if the system does not report it. */
  readonly mtime: Date | null;
  /** The permissions as POSIX bits, or null if the system has none. */
  readonly mode: number | null;
  /** The disk, and the number of the file on it; the number is null if the system has none. */
  readonly dev: number;
  readonly ino: number | null;
}

/** How a file is opened; default: for reading. */
export interface HostOpenOptions {
  readonly read?: boolean;
  readonly write?: boolean;
  readonly append?: boolean;
  readonly truncate?: boolean;
  readonly create?: boolean;
  readonly createNew?: boolean;
  /** The permissions of a new file. */
  readonly mode?: number;
}

/** From where a position is counted: the start or the end of the file, as in `Deno.SeekMode`. */
export const seekFrom = { start: 0, end: 2 } as const;

/** An open file. */
export interface HostFile extends Disposable {
  /** Reads into the first part of `bytes`, and returns the number of bytes read; null at the end of the file. */
  readSync(bytes: Uint8Array): number | null;
  /** Does the same without blocking this thread. */
  read(bytes: Uint8Array): Promise<number | null>;
  /** Writes the first part of `bytes`, and returns the number of bytes written. */
  writeSync(bytes: Uint8Array): number;
  /** Does the same without blocking this thread. */
  write(bytes: Uint8Array): Promise<number>;
  /** Sets the position of the next read or write, and returns it. */
  seekSync(offset: number, from: (typeof seekFrom)[keyof typeof seekFrom]): number;
  /** Facts about the file. */
  statSync(): HostFileInfo;
  /** Cuts the file to a length. */
  truncateSync(length: number): void;
  /** Waits until everything written is on disk. */
  syncSync(): void;
  /** Does the same without blocking this thread. */
  sync(): Promise<void>;
  /** Waits until the content is on disk. */
  syncDataSync(): void;
  /** Waits for the lock of this file, which is released at the latest when the process ends. */
  lockSync(exclusive: boolean): void;
  /** Locks this file, unless another process has; returns whether it did. */
  tryLockSync(exclusive: boolean): boolean;
  /** Releases the lock. */
  unlockSync(): void;
  /** Closes the file. */
  close(): void;
}

/** An entry of a folder. */
export interface HostEntry {
  readonly name: string;
  readonly isFile: boolean;
  readonly isDirectory: boolean;
  readonly isSymlink: boolean;
}

/** The functions of a host for files. */
export interface HostFiles {
  openSync(path: string | URL, options?: HostOpenOptions): HostFile;
  open(path: string | URL, options?: HostOpenOptions): Promise<HostFile>;
  readFileSync(path: string | URL): Uint8Array<ArrayBuffer>;
  readFile(path: string | URL): Promise<Uint8Array<ArrayBuffer>>;
  statSync(path: string | URL): HostFileInfo;
  /** Facts about a link itself. */
  lstatSync(path: string | URL): HostFileInfo;
  /** The entries of a folder, in no order. */
  readDirSync(path: string | URL): Iterable<HostEntry>;
  realPathSync(path: string | URL): string;
  renameSync(from: string | URL, to: string | URL): void;
  rename(from: string | URL, to: string | URL): Promise<void>;
  removeSync(path: string | URL): void;
  remove(path: string | URL): Promise<void>;
  mkdirSync(path: string | URL, options: { recursive: boolean }): void;
  mkdir(path: string | URL, options: { recursive: boolean; mode: number }): Promise<void>;
}

/** What to do about a missing file system, for functions that take files of the web as well. */
const WEB_FILES = "pass a response of fetch, a Blob, or a file of the browser's file system";

/** The error of a task that needs paths, on a host that has none. */
export function noPaths(task: string, remedy: string = WEB_FILES): TypeError {
  return new TypeError(`Cannot ${task}: browsers have no paths; ${remedy}`);
}

/**
 * The files of this host.
 *
 * @param task the task, in the words of a message after `Cannot`
 * @param remedy what to do in a browser
 * @throws {TypeError} in browsers.
 */
export function hostFiles(task: string, remedy?: string): HostFiles {
  if (globalThis.Deno !== undefined) return Deno;
  if (hostModule("node:fs") !== undefined) return nodeFiles;
  throw noPaths(task, remedy);
}

/** Whether this host locks files; Node cannot. */
export function canLock(): boolean {
  return globalThis.Deno !== undefined;
}

/**
 * The path of a path or a `file:` URL, as a string.
 *
 * @param remedy what to do in a browser
 * @throws {TypeError} for the address of a server, and in browsers.
 */
export function pathOf(path: string | URL, remedy?: string): string {
  checkArgument("use a file", path, pathKind);
  const address = String(path);
  if (/^https?:/i.test(address)) {
    throw new TypeError(`Cannot use ${address} as a file: expected a path or a file: URL; pass await fetch(…) instead`);
  }
  const urls = hostModule("node:url");
  if (urls === undefined) throw noPaths(`use ${address} as a file`, remedy);
  return path instanceof URL || path.startsWith("file://") ? urls.fileURLToPath(path) : path;
}

/** Whether an error says that there is no such file or folder. */
export function isNotFound(error: unknown): boolean {
  if (globalThis.Deno !== undefined && error instanceof Deno.errors.NotFound) return true;
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

/** Why a pipe, a socket or a device should not be read. */
const NO_FILE = "it is a pipe or a device; write its content to a file, and give the path of the file";

/**
 * Returns why a path should not be read: it is a pipe, a socket or a device. Reading one may block forever, and a
 * program that is blocked ignores signals. Returns undefined for files and folders.
 *
 * @throws {Deno.errors.NotFound} if there is nothing; in Node, an error with the code `ENOENT`.
 */
export function notAFile(path: string | URL): string | undefined {
  const { isFile, isDirectory } = hostFiles(`look at ${path}`).statSync(path);
  return isFile || isDirectory ? undefined : NO_FILE;
}
