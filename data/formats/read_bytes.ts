/**
 * Whole files as bytes.
 *
 * @module
 */

import { denoFor, notAFile } from "../../core/host.ts";
import { pathKind } from "../../core/options/kinds.ts";
import { checkArguments } from "../../core/options/read.ts";
import { reasonOf } from "../../core/permission.ts";
import { DataError } from "../errors.ts";

/** What to do about the errors of the operating system, which only name the error. */
function remedies(): readonly (readonly [new (message: string, options?: ErrorOptions) => Error, string])[] {
  const { NotFound, IsADirectory, PermissionDenied } = denoFor("read files").errors;
  return [
    [NotFound, "there is no such file; check the path"],
    [IsADirectory, "it is a folder; give the path of a file"],
    [PermissionDenied, "the file's permissions do not allow it; change them, or read it as another user"],
  ];
}

/** Makes the error of a failed read, of the same class, that says which file it was and what to do. */
function failureOf(path: string | URL, cause: unknown): unknown {
  if (!(cause instanceof Error) || cause.message.startsWith("Cannot ")) return cause;
  const { NotCapable } = denoFor("read files").errors;
  if (cause instanceof NotCapable) return new NotCapable(`Cannot read ${path}: ${reasonOf(cause)}`, { cause });
  const [Failure, remedy] = remedies().find(([Kind]) => cause instanceof Kind) ?? [DataError, reasonOf(cause)];
  return new Failure(`Cannot read ${path}: ${remedy}`, { cause });
}

/** Opens or reads a file. */
export function fromFile<T>(path: string | URL, read: (deno: typeof Deno) => T): T {
  checkArguments("read a file", { path }, pathKind);
  const deno = denoFor(`read ${path}`);
  try {
    checkIsFile(path);
    return read(deno);
  } catch (cause) {
    throw failureOf(path, cause);
  }
}

/** Does the same with a read that takes time. */
export async function fromFileLater<T>(path: string | URL, read: (deno: typeof Deno) => Promise<T>): Promise<T> {
  try {
    return await fromFile(path, read);
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
function checkIsFile(path: string | URL): void {
  const problem = notAFile(path);
  if (problem !== undefined) throw new DataError(`Cannot read ${path}: ${problem}`);
}

/**
 * The content of a file. Another thread reads its bytes directly to where they stay, starting now: `Deno.readFile`
 * copies them once more, and starts when this thread is idle.
 *
 * @throws {DataError} if it is a pipe or a device.
 * @throws {Deno.errors.NotFound} if there is no such file.
 */
export function readFile(path: string | URL): Promise<Uint8Array<ArrayBuffer>> {
  return fromFileLater(path, (deno) => readWhole(deno, path));
}

async function readWhole(deno: typeof Deno, path: string | URL): Promise<Uint8Array<ArrayBuffer>> {
  using file = deno.openSync(path);
  const { isFile, size } = file.statSync();
  // Only a regular file reports its length.
  if (!isFile || size === 0) return await deno.readFile(path);
  const bytes = new Uint8Array(size);
  let length = 0;
  while (length < size) {
    const read = await file.read(bytes.subarray(length));
    if (read === null) break;
    length += read;
  }
  return bytes.subarray(0, length);
}
