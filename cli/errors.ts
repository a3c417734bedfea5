/**
 * Exit codes and error messages.
 *
 * @module
 */

import { DeviceError } from "../core/backend.ts";
import { showLine } from "../core/options/show.ts";
import { reasonOf } from "../core/permission.ts";
import { CacheError, DataError, DownloadError } from "../data/errors.ts";
import { LibraryError } from "../data/libraries/load_library.ts";
import { FileError, FileFormatError, ResumeError, TensorMismatchError } from "../model/files/errors.ts";
import { Diverged } from "../model/training/diverged.ts";

/** The exit codes of a program. */
export const exitCodes = {
  ok: 0,
  bug: 1,
  usage: 2,
  data: 3,
  device: 4,
  diverged: 5,
  failedSearch: 6,
  failedOverfit: 7,
  interrupted: 130,
} as const;

/** Why a program ended. */
export type Ending = keyof typeof exitCodes;

/** An invalid command line. */
export class UsageError extends Error {
  /** The name in stack traces. */
  override readonly name = "UsageError";
}

/** A search in which every combination failed, so there is no result. */
export class FailedSearch extends Error {
  /** The name in stack traces. */
  override readonly name = "FailedSearch";
}

type ErrorClass = abstract new (...args: never[]) => Error;

const endings: readonly (readonly [Ending, readonly ErrorClass[]])[] = [
  ["usage", [UsageError]],
  ["data", [
    DataError,
    DownloadError,
    CacheError,
    FileError,
    FileFormatError,
    ResumeError,
    TensorMismatchError,
    LibraryError,
  ]],
  ["data", [
    Deno.errors.NotCapable,
    Deno.errors.PermissionDenied,
    Deno.errors.NotFound,
    Deno.errors.IsADirectory,
    Deno.errors.NotADirectory,
    Deno.errors.FilesystemLoop,
  ]],
  ["device", [DeviceError]],
  ["diverged", [Diverged]],
  ["failedSearch", [FailedSearch]],
];

/** How a program ends if it throws this error. */
export function endingOf(thrown: unknown): Ending {
  return endings.find(([, classes]) => classes.some((one) => thrown instanceof one))?.[0] ?? "bug";
}

/** The longest line of a message, in characters. */
const LONGEST_LINE = 4000;

/** A message whose lines have no control characters; arguments and files may have any. */
function inLines(message: string): string {
  return message.split("\n").map((line) => showLine(line, LONGEST_LINE)).join("\n");
}

/** The message to print, with the stack if the error is a bug of this package. */
export function describeFailure(thrown: unknown): string {
  if (!(thrown instanceof Error)) return `error: ${showLine(String(thrown), LONGEST_LINE)}`;
  // An invalid command line is quoted, and its line ends are not those of the message.
  if (thrown instanceof UsageError) return `error: ${showLine(thrown.message, LONGEST_LINE)}`;
  if (endingOf(thrown) !== "bug") return `error: ${inLines(reasonOf(thrown))}`;
  return `error: ${
    inLines(thrown.stack ?? thrown.message)
  }\nThis is a bug in @yadll/yadll; please report it with the lines above.`;
}
