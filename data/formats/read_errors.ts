/**
 * The errors of files of the machine that cannot be read: each names the file and says what to do.
 *
 * @module
 */

import { type HostFiles, hostFiles, notAFile, pathOf } from "../../core/host_files.ts";
import { pathKind } from "../../core/options/kinds.ts";
import { checkArguments } from "../../core/options/read.ts";
import { reasonOf } from "../../core/permission.ts";
import { DataError } from "../errors.ts";

/** What to do about the errors of the operating system, which only name the error. Node's have codes. */
const remedies = [
  ["NotFound", "ENOENT", "there is no such file; check the path"],
  ["IsADirectory", "EISDIR", "it is a folder; give the path of a file"],
  ["NotADirectory", "ENOTDIR", "a part of the path is a file, not a folder; check the path"],
  ["PermissionDenied", "EACCES", "the file's permissions do not allow it; change them, or read it as another user"],
] as const;

/** Makes the error of a failed read, of the same class or code, that says which file it was and what to do. */
export function failureOf(path: string | URL, cause: unknown): unknown {
  if (!(cause instanceof Error) || cause.message.startsWith("Cannot ")) return cause;
  const classes = globalThis.Deno?.errors;
  if (classes && cause instanceof classes.NotCapable) {
    return new classes.NotCapable(`Cannot read ${path}: ${reasonOf(cause)}`, { cause });
  }
  const found = remedies.find(([kind, code]) =>
    classes ? cause instanceof classes[kind] : "code" in cause && cause.code === code
  );
  if (!found) return new DataError(`Cannot read ${path}: ${reasonOf(cause)}`, { cause });
  const [kind, code, remedy] = found;
  const message = `Cannot read ${path}: ${remedy}`;
  return classes ? new classes[kind](message, { cause }) : Object.assign(new Error(message, { cause }), { code });
}

/** What to do in a browser about a file that is read in parts. */
const READ_WHOLE = "read all of it with readNpy, or pass a SampleSource of your own";

/** Opens or reads a file of the machine. */
export function fromFile<T>(path: string | URL, read: (files: HostFiles, path: string) => T): T {
  checkArguments("read a file", { path }, pathKind);
  const file = pathOf(path, READ_WHOLE);
  try {
    checkIsFile(file);
    return read(hostFiles(`read ${path}`), file);
  } catch (cause) {
    throw failureOf(path, cause);
  }
}

/**
 * Throws if a path is that of a pipe or a device, from which reading may block forever.
 *
 * @throws {DataError} that says so.
 * @throws {Deno.errors.NotFound} if there is no such file.
 */
export function checkIsFile(path: string): void {
  const problem = notAFile(path);
  if (problem !== undefined) throw new DataError(`Cannot read ${path}: ${problem}`);
}
