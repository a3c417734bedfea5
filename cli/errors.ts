/**
 * How a program ends when it fails.
 *
 * @module
 */

import { DeviceError } from "../core/backend.ts";
import { reasonOf } from "../core/permission.ts";
import { CacheError, DataError, DownloadError } from "../data/errors.ts";
import { FileError, FileFormatError, ResumeError, TensorMismatchError } from "../model/files/errors.ts";
import { Diverged } from "../model/training/diverged.ts";
import { LibraryError } from "../views/library.ts";

/** What a program exits with. */
export const exitCodes = { ok: 0, bug: 1, usage: 2, data: 3, device: 4, diverged: 5, interrupted: 130 } as const;

/** Why a program ended. */
export type Ending = keyof typeof exitCodes;

/** The command line asks for something that does not exist. */
export class UsageError extends Error {
  /** What stack traces call it. */
  override readonly name = "UsageError";
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
  ["data", [Deno.errors.NotCapable, Deno.errors.PermissionDenied, Deno.errors.NotFound]],
  ["device", [DeviceError]],
  ["diverged", [Diverged]],
];

/** How a program ends that threw this. */
export function endingOf(thrown: unknown): Ending {
  return endings.find(([, classes]) => classes.some((one) => thrown instanceof one))?.[0] ?? "bug";
}

/** The message for people; with the stack where it is our own fault. */
export function describeFailure(thrown: unknown): string {
  if (!(thrown instanceof Error)) return `error: ${String(thrown)}`;
  if (endingOf(thrown) !== "bug") return `error: ${reasonOf(thrown)}`;
  return `error: ${
    thrown.stack ?? thrown.message
  }\nThis is a bug of @yadll/yadll; please report it with the lines above.`;
}
