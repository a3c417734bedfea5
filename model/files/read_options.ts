/**
 * How long files may be, so that they take little memory.
 *
 * @module
 */

import { count } from "../../core/options/numbers.ts";
import type { Declaration } from "../../core/options/option.ts";

/** Options of functions that read files. */
export interface ReadOptions {
  /**
   * The longest file that is read, in bytes; default: 8 GiB for models and parameters, 16 MiB for configurations. Raise it
   * for longer files that you trust.
   *
   * The JSON in a file, such as the header of a file with tensors, may have 16 MiB, or 1/512 of this limit if that is
   * more. Its values may take two and a half times as much memory.
   */
  readonly limitBytes?: number;
}

/** {@linkcode ReadOptions} of files with tensors. */
export const tensorFileOptions = {
  limitBytes: count({ default: 2 ** 33, help: "longest file that is read, in bytes" }),
} satisfies Declaration<ReadOptions>;

/** {@linkcode ReadOptions} of configurations. */
export const textFileOptions = {
  limitBytes: count({ default: 2 ** 24, help: "longest file that is read, in bytes" }),
} satisfies Declaration<ReadOptions>;

/** The bytes of JSON that a file of any limit may have. */
const LEAST_JSON_BYTES = 2 ** 24;

/** The part of the longest file that may be JSON. */
const JSON_PART = 2 ** -9;

/** The most bytes of JSON, such as a header, in a file with this limit. */
export function jsonLimit(limitBytes: number): number {
  return Math.max(LEAST_JSON_BYTES, Math.floor(limitBytes * JSON_PART));
}

/** The most bytes that the values of the JSON in a file may take in memory. */
export function jsonMemory(limitBytes: number): number {
  return 2.5 * jsonLimit(limitBytes);
}
