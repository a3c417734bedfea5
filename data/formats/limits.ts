/**
 * The memory that reading a file may take.
 *
 * Readers read the header first. Its promise bounds how much of the file is read and unpacked, so a damaged or hostile
 * file takes at most twice the promised size and {@linkcode SPARE_BYTES}. The promise itself is bounded by an option.
 *
 * @module
 */

import { count } from "../../core/options/numbers.ts";
import type { Declaration } from "../../core/options/option.ts";
import { DataError } from "../errors.ts";

/** How much of a file may be read. */
export interface LimitOptions {
  /** The most bytes that the content may have, unpacked; default: 1 GiB or the size of the file, whichever is larger. */
  readonly limitBytes?: number;
}

/** {@linkcode LimitOptions}, declared. */
export const limitOptions = {
  limitBytes: count({
    otherwise: "1 GiB or the size of the file, whichever is larger",
    help: "most bytes that the content may have, unpacked",
  }),
} satisfies Declaration<LimitOptions>;

/** The default limit. */
export const DEFAULT_LIMIT = 2 ** 30;

/** The bytes that a reader may take in addition to the content: for pieces of the file, and for its header. */
export const SPARE_BYTES = 2 ** 26;

/** The most bytes of a header, or of an archive's directory. */
export const MOST_HEADER_BYTES = 2 ** 20;

/** The most arrays in an archive with the default limit, and the part of a higher limit that may be their number. */
const LEAST_ARRAYS = 2 ** 14;
const ARRAYS_PART = 2 ** -16;

/** The most arrays in an archive: each takes memory that its content does not show. */
export function mostArrays(limit: number): number {
  return Math.max(LEAST_ARRAYS, Math.floor(limit * ARRAYS_PART));
}

/** No deflate stream is longer than this many times its packed form. */
export const GREATEST_RATIO = 1032;

/** The limit for a file whose size may be known. */
export function limitOf(limitBytes: number | undefined, size: number | undefined): number {
  return limitBytes ?? Math.max(DEFAULT_LIMIT, size ?? 0);
}

/**
 * Throws if a header promises more than the limit.
 *
 * @throws {DataError} that names the option.
 */
export function checkLimit(bytes: number, limit: number, name: string): void {
  if (bytes <= limit) return;
  throw new DataError(
    `Cannot read ${name}: expected at most ${limit} bytes, got a header that promises ${bytes}; if you trust the file, ` +
      "raise the option `limitBytes`",
  );
}

/** The most bytes of a packed stream: deflate adds at most 5 bytes to blocks of 16 KiB, and gzip a header. */
export function mostPacked(content: number): number {
  return content + Math.ceil(content / 1000) + MOST_HEADER_BYTES;
}

/**
 * Throws if a packed stream cannot be the content that a header promises.
 *
 * @throws {DataError} that says whether it is too long or too short.
 */
export function checkPacked(packed: number, content: number, name: string): void {
  const least = Math.floor(content / GREATEST_RATIO);
  const most = mostPacked(content);
  if (packed >= least && packed <= most) return;
  throw new DataError(
    `Cannot read ${name}: expected from ${least} to ${most} bytes for a packed content of ${content}, got ${packed}; ` +
      (packed < least ? "it is cut short" : "it has more bytes than its header promises"),
  );
}

/** Memory with zeros. */
const zeros = (bytes: number): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);

/**
 * Memory for content.
 *
 * @param take takes it
 * @throws {DataError} if this machine cannot provide it.
 */
export function allocate(bytes: number, name: string, take = zeros): Uint8Array<ArrayBuffer> {
  try {
    return take(bytes);
  } catch (cause) {
    throw new DataError(
      `Cannot read ${name}: expected memory for ${bytes} bytes, which this machine does not provide; read it in parts`,
      { cause },
    );
  }
}
