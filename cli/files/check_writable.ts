/**
 * Whether files can be written where a command line wants them: found out before any work is done.
 *
 * @module
 */

import { dirname } from "@std/path";
import { FileError } from "../../model/files/errors.ts";

/**
 * Fails where no file could be written into a folder; what is written to find out is removed at once.
 *
 * @throws {FileError} saying why not.
 */
export function checkFolder(folder: string): void {
  const path = folder === "" ? "." : folder;
  try {
    if (!Deno.statSync(path).isDirectory) throw new Error("it is not a folder");
    Deno.removeSync(Deno.makeTempFileSync({ dir: path, prefix: ".yadll-" }));
  } catch (cause) {
    throw new FileError("write", path, `${reasonOf(cause)}; nothing was started; choose another folder`, { cause });
  }
}

/**
 * Fails where a folder could neither be written into nor, being missing, be made.
 *
 * @throws {FileError} saying why not.
 */
export function checkFolderToBe(folder: string): void {
  let existing = folder;
  while (!tryStat(existing) && existing !== dirname(existing)) {
    existing = dirname(existing);
    // Whoever may make a folder need not be permitted to look at those above it.
    if (Deno.permissions.querySync({ name: "read", path: existing }).state !== "granted") return;
  }
  checkFolder(existing);
}

/**
 * Fails where a file could not be written.
 *
 * @throws {FileError} saying why not.
 */
export function checkTarget(file: string): void {
  const facts = tryStat(file);
  if (facts?.isDirectory) throw new FileError("write", file, "it is a folder; nothing was started; name a file");
  checkFolder(dirname(file));
}

/**
 * Makes a folder where there is none.
 *
 * @throws {FileError} saying why it cannot be made.
 */
export function makeFolder(path: string): void {
  try {
    Deno.mkdirSync(path, { recursive: true });
  } catch (cause) {
    throw new FileError("write", path, `the folder cannot be created: ${reasonOf(cause)}; nothing was started`, { cause });
  }
}

/** What is at a path; nothing where nothing is. */
export function tryStat(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return undefined;
    throw error;
  }
}

/** Why something failed, without the call that failed. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/ \(os error \d+\).*$/s, "").replace(/^./, (letter) => letter.toLowerCase());
}
