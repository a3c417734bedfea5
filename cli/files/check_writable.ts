/**
 * Checks whether files can be written, before any work is done.
 *
 * @module
 */

import { dirname, join } from "@std/path";
import { reasonOf } from "../../core/permission.ts";
import { FileError } from "../../model/files/errors.ts";
import { UsageError } from "../errors.ts";
import { isSamePath } from "./same_path.ts";
import { DANGLING, describeCause, isDanglingLink } from "../../model/files/remedies.ts";

/** What the name of a file begins with that is written for a check. */
const PROBE = ".yadll-";

/** After this many milliseconds, a probe remains from a process that was killed: others remove theirs at once. */
const STALE = 60_000;

/**
 * Throws if no file can be written to a folder. The file that is written for the check is removed at once, with those
 * that remain from processes that were killed.
 *
 * @throws {FileError} that says why not.
 */
export function checkFolder(folder: string): void {
  const path = folder === "" ? "." : folder;
  try {
    if (!Deno.statSync(path).isDirectory) throw new Error("it is not a folder");
    const probe = Deno.makeTempFileSync({ dir: path, prefix: PROBE });
    const now = tryStat(probe)?.mtime?.getTime(); // by the clock of the file system, which may be another machine's
    removeProbe(probe);
    if (now !== undefined) removeStaleProbes(path, now);
  } catch (cause) {
    throw new FileError("write", path, `${reasonHere(cause)}; nothing was started; choose another folder`, { cause });
  }
}

function removeProbe(probe: string): void {
  try {
    Deno.removeSync(probe);
  } catch (error) {
    // If this process was stopped for more than a minute, another has removed it.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Removes the empty probes that are older than a minute. What cannot be listed or removed is left. */
function removeStaleProbes(folder: string, now: number): void {
  try {
    for (const { name, isFile } of Deno.readDirSync(folder)) {
      if (isFile && /^\.yadll-[0-9a-f]{8,16}$/.test(name)) removeIfStale(join(folder, name), now);
    }
  } catch {
    // A folder in which files can be written need not be readable.
  }
}

function removeIfStale(probe: string, now: number): void {
  try {
    const { isFile, size, mtime } = Deno.lstatSync(probe);
    if (isFile && size === 0 && mtime !== null && now - mtime.getTime() > STALE) Deno.removeSync(probe);
  } catch {
    // Another process has removed it, or it belongs to somebody else.
  }
}

/**
 * Throws if a folder is not writable, or does not exist and cannot be created.
 *
 * @throws {FileError} that says why not.
 */
export function checkFolderToBe(folder: string): void {
  let existing = folder;
  while (!tryStat(existing) && existing !== dirname(existing)) {
    refuseDangling(existing);
    existing = dirname(existing);
    // Permission to create a folder does not imply permission to read its parents.
    if (Deno.permissions.querySync({ name: "read", path: existing }).state !== "granted") return;
  }
  checkFolder(existing);
}

/**
 * Throws if a file cannot be written.
 *
 * @throws {FileError} that says why not.
 */
export function checkTarget(file: string): void {
  const facts = tryStat(file);
  if (!facts) refuseDangling(file);
  if (facts?.isDirectory) throw new FileError("write", file, "it is a folder; nothing was started; name a file");
  if (facts && !facts.isFile) {
    throw new FileError("write", file, "it is a pipe or a device; nothing was started; name a file");
  }
  checkFolder(dirname(file));
}

/**
 * Throws if a picture cannot be written. Its name says that it is one, so that it replaces no other file, such as the
 * model of a run.
 *
 * @throws {UsageError} if its name does not end in `.svg`.
 * @throws {FileError} that says why it cannot be written.
 */
export function checkPicture(file: string): void {
  if (!file.endsWith(".svg")) {
    throw new UsageError(`cannot write a picture to ${file}: expected a name that ends in .svg`);
  }
  checkTarget(file);
}

/**
 * Throws if a file of plain data cannot be written. Its name says that it is one, so that it replaces no other file.
 *
 * @throws {UsageError} if its name does not end in `.json`.
 * @throws {FileError} that says why it cannot be written.
 */
export function checkJson(file: string): void {
  if (!file.endsWith(".json")) {
    throw new UsageError(`cannot write a profile to ${file}: expected a name that ends in .json`);
  }
  checkTarget(file);
}

/** Throws for a link whose target does not exist: neither a file nor a folder can be created in its place. */
function refuseDangling(path: string): void {
  if (isDanglingLink(path)) throw new FileError("write", path, `${DANGLING}; nothing was started`);
}

/** A file of a command line. */
export interface NamedFile {
  /** What names it: `option --save`. */
  readonly by: string;
  readonly file: string | undefined;
}

/**
 * Throws if a file that is written is also another file of the command line, which would be lost.
 *
 * @throws {UsageError} that names both.
 */
export function checkDistinct(written: readonly NamedFile[], read: readonly NamedFile[] = []): void {
  for (const [i, { by, file }] of written.entries()) {
    const same = [...read, ...written.slice(0, i)].find((other) =>
      file !== undefined && other.file !== undefined && isSamePath(file, other.file)
    );
    if (same) throw new UsageError(`${by} cannot be ${file}: it is the file of ${same.by}, which would be lost`);
  }
}

/**
 * Creates a folder if it does not exist.
 *
 * @throws {FileError} that says why it cannot be created.
 */
export function makeFolder(path: string): void {
  try {
    Deno.mkdirSync(path, { recursive: true });
  } catch (cause) {
    throw new FileError("write", path, `the folder cannot be created: ${reasonHere(cause)}; nothing was started`, {
      cause,
    });
  }
}

/**
 * The file information for a path; undefined if nothing is there.
 *
 * @throws {FileError} if the path cannot be followed, such as a link to itself.
 */
export function tryStat(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return undefined;
    // No file has a name that is too long.
    if (error instanceof Error && "code" in error && error.code === "ENAMETOOLONG") return undefined;
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw new FileError("read", path, describeCause(error, path), { cause: error });
  }
}

/** Whether something is at a path, even if it cannot be accessed, such as a link to itself. */
export function exists(path: string): boolean {
  try {
    return tryStat(path) !== undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return true;
  }
}

/** The reason of a failure, without the failed call. */
function reasonHere(error: unknown): string {
  return reasonOf(error).replace(/ \(os error \d+\).*$/s, "").replace(/^./, (letter) => letter.toLowerCase());
}
