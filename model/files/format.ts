/**
 * Format numbers: every kind of file carries one, so that later versions know how to read it.
 *
 * @module
 */

import { version } from "../version.ts";
import { FileFormatError } from "./errors.ts";
import { showJson } from "./json.ts";

/** The format number of a kind of file, and those that can be read. */
export interface FileFormat {
  /** What messages call such a file: `a model`. */
  readonly kind: string;
  /** The number that files are written with. */
  readonly number: number;
  /**
   * The numbers that can be read, from 1 to that which is written. None is ever removed: files of each are kept in
   * `tests/formats`.
   */
  readonly readable: readonly number[];
}

/**
 * The format number that a file carries, as a number or as digits; without one, the file is of the earliest format.
 *
 * @param file What the messages call the file.
 * @throws {FileFormatError} if this version does not read the format; of a greater number, the message says that a newer
 * version wrote the file.
 */
export function readFormat({ kind, number, readable }: FileFormat, given: unknown, file: string): number {
  const found = given === undefined ? readable[0] : numberOf(given);
  const known = readable.find((one) => one === found);
  if (known !== undefined) return known;
  const isNewer = typeof found === "number" && Number.isSafeInteger(found) && found > number;
  throw new FileFormatError(
    file,
    `${kind} of format ${listOf(readable)}, which yadll ${version} reads`,
    `format ${showJson(found)}${isNewer ? ": it was written by a newer version of yadll; update to read it" : ""}`,
  );
}

/** Metadata of safetensors files are texts. */
function numberOf(given: unknown): unknown {
  return typeof given === "string" && /^[1-9]\d*$/.test(given) ? Number(given) : given;
}

/** `1`, `1 or 2`, `1, 2 or 3`. */
function listOf(numbers: readonly number[]): string {
  const last = numbers.slice(-2).join(" or ");
  return [...numbers.slice(0, -2), last].join(", ");
}
