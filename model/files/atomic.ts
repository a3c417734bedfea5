/**
 * Writes a file completely or not at all, even if the process or the machine stops.
 *
 * The bytes are written to a temporary file in the same folder, which is synced and then replaces the old file in one
 * step. Finally the folder is synced, so that the replacement itself is on disk. The folder is locked meanwhile, so
 * that several processes may save at once, and files left behind by an earlier save can be recognized.
 *
 * @see {@link https://pubs.opengroup.org/onlinepubs/9799919799/functions/rename.html | rename, in POSIX}
 *
 * @module
 */

import { bytesKind } from "../../core/options/kinds.ts";
import { list } from "../../core/options/values.ts";
import { pathOf } from "../../core/host_files.ts";
import { checkArguments } from "../../core/options/read.ts";
import { FileError } from "./errors.ts";
import { type FileSystem, fileSystemKind, machineFiles, type OpenFile } from "./file_system.ts";
import { basename, dirname, join } from "./paths.ts";
import { hiddenStart } from "./hidden_name.ts";
import { describeCause, isMissingOrRefused } from "./remedies.ts";

const contentKind = list(bytesKind, { items: "byte arrays, each a Uint8Array" });

/** What to do in a browser. */
const READ_WEB_FILES = "get the file from the browser's file system, and await its arrayBuffer()";
const WRITE_WEB_FILES = "get the file from the browser's file system, and write through its createWritable()";

/** If folders cannot be locked, temporary files of this age in milliseconds count as left behind. */
const ABANDONED_AFTER = 3_600_000;

const DEFAULT_MODE = 0o666;

/**
 * Writes a file in one step: afterwards the file has the complete new content, or, if this throws or the process is
 * killed, the complete old content. Files left behind by killed saves of the same file are removed. A symbolic link is
 * followed: the file to which it leads is replaced. Folders, pipes and devices are never replaced.
 *
 * Needs `--allow-read` and `--allow-write` for the folder.
 *
 * @param content The bytes, in consecutive parts.
 * @throws {FileError} if the folder does not exist, writing is not permitted, or the disk is full or damaged.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { writeAtomically } from "@yadll/yadll/model";
 *
 * const folder = await Deno.makeTempDir();
 * writeAtomically(`${folder}/numbers`, [Uint8Array.of(1, 2), Uint8Array.of(3)]);
 * assertEquals(await Deno.readFile(`${folder}/numbers`), Uint8Array.of(1, 2, 3));
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export function writeAtomically(
  path: string | URL,
  content: readonly Uint8Array[],
  files: FileSystem = machineFiles,
): void {
  checkArguments("write a file", { content }, contentKind);
  checkArguments("write a file", { files }, fileSystemKind);
  const given = pathOf(path, WRITE_WEB_FILES);
  let renamed = false;
  try {
    const { target, mode } = destination(given, files);
    const folder = dirname(target);
    using lock = lockFolder(folder, files);
    removeLeftovers(target, lock !== undefined, files);
    const temporary = join(folder, temporaryName(basename(target)));
    try {
      writeSynced(temporary, { content, mode }, files);
      files.renameSync(temporary, target);
      renamed = true;
    } finally {
      if (!renamed) attempt(() => files.removeSync(temporary));
    }
    lock?.syncSync();
  } catch (cause) {
    throw new FileError("write", given, `${describeCause(cause, given)}; ${stateAfter(renamed)}`, { cause });
  }
}

/**
 * Throws if a file cannot be written, to find out before the work is done. Nothing is left behind.
 *
 * @throws {FileError} if the folder does not exist, writing is not permitted, or it is no file.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { checkWritable, FileError } from "@yadll/yadll/model";
 *
 * assertThrows(() => checkWritable("no/such/folder/best.ym"), FileError, "create the folder no/such/folder");
 * ```
 */
export function checkWritable(path: string | URL, files: FileSystem = machineFiles): void {
  checkArguments("write a file", { files }, fileSystemKind);
  const given = pathOf(path, WRITE_WEB_FILES);
  try {
    const { target } = destination(given, files);
    const probe = join(dirname(target), temporaryName(basename(target)));
    files.createSync(probe, DEFAULT_MODE)[Symbol.dispose]();
    files.removeSync(probe);
  } catch (cause) {
    throw new FileError("write", given, describeCause(cause, given), { cause });
  }
}

/**
 * Throws if a file cannot be at a path, as far as that is known without writing anything.
 *
 * @throws {FileError} if its folder does not exist, or it is no file.
 */
export function checkPlace(path: string, files: FileSystem = machineFiles): void {
  try {
    const { target } = destination(path, files);
    const folder = dirname(target);
    if (files.factsSync(folder)) return;
    throw new Error(`there is no such folder; create the folder ${folder}, or check the path`);
  } catch (cause) {
    throw new FileError("write", path, describeCause(cause, path), { cause });
  }
}

/**
 * The whole content of a file.
 *
 * @throws {FileError} if it does not exist, cannot be read, or the disk is damaged.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { FileError, readWhole } from "@yadll/yadll/model";
 *
 * assertThrows(() => readWhole("nowhere.ym"), FileError, "Cannot read nowhere.ym: there is no such file");
 * ```
 */
export function readWhole(path: string | URL, files: FileSystem = machineFiles): Uint8Array<ArrayBuffer> {
  checkArguments("read a file", { files }, fileSystemKind);
  const given = pathOf(path, READ_WEB_FILES);
  try {
    return files.readSync(given);
  } catch (cause) {
    throw new FileError("read", given, describeCause(cause, given), { cause });
  }
}

/** The file to replace. */
interface Destination {
  readonly target: string;
  /** The permissions of the new file: those of the old one if it exists. */
  readonly mode: number;
}

/**
 * The file to replace: the path, or the target if it is a link.
 *
 * @throws {Error} if it is a folder, a pipe or a device, which must not be replaced by a file.
 */
function destination(path: string, files: FileSystem): Destination {
  const facts = files.factsSync(path);
  const target = facts?.kind === "link" ? files.followSync(path) : path;
  const { kind = "file", mode = null } = (target === path ? facts : files.factsSync(target)) ?? {};
  if (kind === "folder") throw Object.assign(new Error(target), { code: "EISDIR" });
  if (kind === "other") throw new Error("it is a pipe or a device; give the path of a file");
  return { target, mode: mode ?? DEFAULT_MODE };
}

/** The folder, locked; undefined if the system cannot open or lock folders, such as Windows and some NFS. */
function lockFolder(path: string, files: FileSystem): OpenFile | undefined {
  let folder: OpenFile | undefined;
  try {
    folder = files.openFolderSync(path);
    folder.lockSync(true);
    return folder;
  } catch (error) {
    folder?.[Symbol.dispose]();
    if (isMissingOrRefused(error)) throw error;
    return undefined;
  }
}

const TEMPORARY_END = ".part";
const UUID_LENGTH = 36;

function temporaryStart(name: string): string {
  return hiddenStart(name, UUID_LENGTH + TEMPORARY_END.length);
}

/** A hidden name that no other save uses, recognizable by its prefix and suffix. */
function temporaryName(name: string): string {
  return `${temporaryStart(name)}${crypto.randomUUID()}${TEMPORARY_END}`;
}

/** Matches exactly the names of `temporaryName`, so that no file of the user is ever removed. */
function isTemporaryOf(name: string, candidate: string): boolean {
  const [start, end] = [temporaryStart(name), TEMPORARY_END];
  return candidate.startsWith(start) && candidate.endsWith(end) &&
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(candidate.slice(start.length, -end.length));
}

function removeLeftovers(target: string, locked: boolean, files: FileSystem): void {
  const folder = dirname(target);
  for (const name of files.namesSync(folder)) {
    if (!isTemporaryOf(basename(target), name)) continue;
    const leftover = join(folder, name);
    const age = Date.now() - (files.factsSync(leftover)?.changed ?? Infinity);
    if (locked || age > ABANDONED_AFTER) attempt(() => files.removeSync(leftover));
  }
}

interface NewFile {
  readonly content: readonly Uint8Array[];
  /** The permissions of the file. */
  readonly mode: number;
}

function writeSynced(path: string, { content, mode }: NewFile, files: FileSystem): void {
  using file = files.createSync(path, mode & 0o777);
  for (const part of content) {
    for (let written = 0; written < part.length;) {
      const count = file.writeSync(part.subarray(written));
      if (count === 0) throw new Error("the system wrote none of the bytes it was given");
      written += count;
    }
  }
  file.syncSync();
}

/** Runs an action that may fail without harm, because the next save tries again. */
function attempt(action: () => void): void {
  try {
    action();
  } catch {
    // Another process was first, or the folder can no longer be changed; the error of the save says more.
  }
}

function stateAfter(renamed: boolean): string {
  return renamed
    ? "the new file is in place, but may be lost if the power fails now"
    : "nothing was saved, and the file is unchanged";
}
