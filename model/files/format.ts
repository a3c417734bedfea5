/**
 * Format numbers: every kind of file has one, so that later versions know how to read it.
 *
 * @module
 */

import { version } from "../version.ts";
import { FileFormatError } from "./errors.ts";
import { showJson } from "./json.ts";

/** The format number of a kind of file, and the numbers that can be read. */
export interface FileFormat {
  /** The name of the kind in messages: `a model`. */
  readonly kind: string;
  /** The number with which files are written. */
  readonly number: number;
  /**
   * The numbers that can be read, from 1 to the one that is written. None is ever removed: `tests/formats` contains
   * files of each.
   */
  readonly readable: readonly number[];
}

/** A file of a later format, which a newer version wrote. */
export class NewerFormatError extends FileFormatError {}

/**
 * The format number of a file, given as a number or as digits; a file without one has the earliest format.
 *
 * @param file The name of the file in messages.
 * @throws {FileFormatError} if this version does not read the format; if the number is greater, the message says that a
 * newer version wrote the file.
 */
export function readFormat({ kind, number, readable }: FileFormat, given: unknown, file: string): number {
  const found = given === undefined ? readable[0] : numberOf(given);
  const known = readable.find((one) => one === found);
  if (known !== undefined) return known;
  const isNewer = typeof found === "number" && Number.isSafeInteger(found) && found > number;
  const ErrorClass = isNewer ? NewerFormatError : FileFormatError;
  throw new ErrorClass(
    file,
    `${kind} of format ${listOf(readable)}, which yadll ${version} reads`,
    `format ${showJson(found)}${isNewer ? ": it was written by a newer version of yadll; update to read it" : ""}`,
  );
}

/** Metadata of safetensors files are strings. */
function numberOf(given: unknown): unknown {
  return typeof given === "string" && /^[1-9]\d*$/.test(given) ? Number(given) : given;
}

/** `1`, `1 or 2`, `1, 2 or 3`. */
function listOf(numbers: readonly number[]): string {
  const last = numbers.slice(-2).join(" or ");
  return [...numbers.slice(0, -2), last].join(", ");
}
