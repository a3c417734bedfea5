/**
 * The few operations on files that saving and loading are made of.
 *
 * All are synchronous: a save must not be cut in two by whatever else the program waits for.
 *
 * @module
 */

import { denoFor } from "../../core/host.ts";

/** A file that is being written, or a folder that is locked. */
export interface OpenFile extends Disposable {
  /** Writes the beginning of `bytes`, and tells how many it wrote. */
  writeSync(bytes: Uint8Array): number;
  /** Waits until all that was written is on the disk. */
  syncSync(): void;
  /** Waits for the lock of this file, which ends with the process at the latest. */
  lockSync(exclusive: boolean): void;
}

/** What is known of a file without reading it. */
export interface FileFacts {
  /** The kind of the file. */
  readonly kind: "file" | "link" | "other";
  /** Milliseconds since 1970 at the last change, or null where the system does not tell. */
  readonly changed: number | null;
  /** The permissions in POSIX's bits, or null where the system has none. */
  readonly mode: number | null;
}

/** Where files are: the machine's disks, or a model of one in tests. */
export interface FileSystem {
  /** Makes a file that is not there yet. */
  createSync(path: string, mode: number): OpenFile;
  /** Opens a folder to lock and to sync it. */
  openFolderSync(path: string): OpenFile;
  /** The content of a file. */
  readSync(path: string): Uint8Array<ArrayBuffer>;
  /** The names in a folder. */
  namesSync(path: string): string[];
  /** What is known of a file, or undefined where there is none. */
  factsSync(path: string): FileFacts | undefined;
  /** The path that a symbolic link leads to in the end. */
  followSync(path: string): string;
  /** Gives a file another name, whose file it replaces in one step. */
  renameSync(from: string, to: string): void;
  /** Removes a file. */
  removeSync(path: string): void;
  /** Makes a folder and those it lies in, where they are not there yet. */
  makeFolderSync(path: string): void;
}

function factsOf(path: string): FileFacts | undefined {
  const { lstatSync, errors } = denoFor(`look at ${path}`);
  try {
    const { isFile, isSymlink, mtime, mode } = lstatSync(path);
    return { kind: isFile ? "file" : isSymlink ? "link" : "other", changed: mtime?.getTime() ?? null, mode };
  } catch (error) {
    if (error instanceof errors.NotFound) return undefined;
    throw error;
  }
}

/** The files of this machine. Needs `--allow-read` and `--allow-write` for the folder, and nothing else. */
export const machineFiles: FileSystem = {
  createSync: (path, mode) => denoFor(`write ${path}`).openSync(path, { write: true, createNew: true, mode }),
  openFolderSync: (path) => denoFor(`open ${path}`).openSync(path),
  readSync: (path) => denoFor(`read ${path}`).readFileSync(path),
  namesSync: (path) => Array.from(denoFor(`list ${path}`).readDirSync(path), ({ name }) => name),
  factsSync: factsOf,
  followSync: (path) => denoFor(`look at ${path}`).realPathSync(path),
  renameSync: (from, to) => denoFor(`rename ${from}`).renameSync(from, to),
  removeSync: (path) => denoFor(`remove ${path}`).removeSync(path),
  makeFolderSync: (path) => denoFor(`make ${path}`).mkdirSync(path, { recursive: true }),
};
