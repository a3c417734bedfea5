/**
 * The file operations that saving and loading need.
 *
 * All are synchronous, so that other tasks of the program cannot interrupt a save.
 *
 * @module
 */

import { hostFiles, isNotFound, notAFile } from "../../core/host_files.ts";
import { objectKind } from "../../core/options/kinds.ts";

/** A file that is being written, or a folder that is locked. */
export interface OpenFile extends Disposable {
  /** Writes the first part of `bytes`, and returns the number of bytes written. */
  writeSync(bytes: Uint8Array): number;
  /** Waits until everything written is on disk. */
  syncSync(): void;
  /** Waits for the lock of this file, which is released at the latest when the process ends. */
  lockSync(exclusive: boolean): void;
}

/** Facts about a file that are known without reading it. */
export interface FileFacts {
  /** The kind of the file. */
  readonly kind: "file" | "folder" | "link" | "other";
  /** The time of the last change in milliseconds since 1970, or null if the system does not report it. */
  readonly changed: number | null;
  /** The permissions as POSIX bits, or null if the system has none. */
  readonly mode: number | null;
}

/** A file system: that of the machine, or a model of one in tests. */
export interface FileSystem {
  /** Creates a file that does not exist yet. */
  createSync(path: string, mode: number): OpenFile;
  /** Opens a folder to lock and to sync it. */
  openFolderSync(path: string): OpenFile;
  /** The content of a file. */
  readSync(path: string): Uint8Array<ArrayBuffer>;
  /** The names in a folder. */
  namesSync(path: string): string[];
  /** Facts about a file, or undefined if it does not exist. */
  factsSync(path: string): FileFacts | undefined;
  /** The path to which a symbolic link leads. */
  followSync(path: string): string;
  /** Renames a file, replacing any file of the new name in one step. */
  renameSync(from: string, to: string): void;
  /** Removes a file. */
  removeSync(path: string): void;
  /** Creates a folder and its parents, if they do not exist. */
  makeFolderSync(path: string): void;
}

/** A file system, as an argument. */
export const fileSystemKind = objectKind<FileSystem>(
  "a file system",
  ...["createSync", "openFolderSync", "readSync", "namesSync", "factsSync", "followSync", "renameSync", "removeSync"],
  ...["makeFolderSync"],
);

function factsOf(path: string): FileFacts | undefined {
  const files = hostFiles(`look at ${path}`);
  try {
    const { isFile, isDirectory, isSymlink, mtime, mode } = files.lstatSync(path);
    const kind = isFile ? "file" : isDirectory ? "folder" : isSymlink ? "link" : "other";
    return { kind, changed: mtime?.getTime() ?? null, mode };
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function readFileSync(path: string): Uint8Array<ArrayBuffer> {
  const files = hostFiles(`read ${path}`);
  const problem = notAFile(path);
  if (problem !== undefined) throw new Error(problem);
  return files.readFileSync(path);
}

/**
 * The files of this machine, in Deno and in Node. In Deno they need `--allow-read` and `--allow-write` for the folder,
 * and nothing else.
 */
export const machineFiles: FileSystem = {
  createSync: (path, mode) => hostFiles(`write ${path}`).openSync(path, { write: true, createNew: true, mode }),
  openFolderSync: (path) => hostFiles(`open ${path}`).openSync(path),
  readSync: readFileSync,
  namesSync: (path) => Array.from(hostFiles(`list ${path}`).readDirSync(path), ({ name }) => name),
  factsSync: factsOf,
  followSync: (path) => hostFiles(`look at ${path}`).realPathSync(path),
  renameSync: (from, to) => hostFiles(`rename ${from}`).renameSync(from, to),
  removeSync: (path) => hostFiles(`remove ${path}`).removeSync(path),
  makeFolderSync: (path) => hostFiles(`make ${path}`).mkdirSync(path, { recursive: true }),
};
