/**
 * What can go wrong with data, in the classes where callers may want to act differently.
 *
 * @module
 */

import { reasonOf } from "../core/permission.ts";

/** A file or an array does not hold what it should: damaged, cut short, or of another kind. */
export class DataError extends Error {
  /** What stack traces call it. */
  override readonly name = "DataError";
}

/** A file could not be fetched from any mirror; another time, or another network, may help. */
export class DownloadError extends Error {
  /** What stack traces call it. */
  override readonly name = "DownloadError";
}

/** The cache directory cannot be found, read or written. */
export class CacheError extends Error {
  /** What stack traces call it. */
  override readonly name = "CacheError";
}

/** The message of whatever was thrown, with that of its cause: `fetch failed (connection refused)`. */
export function messageOf(thrown: unknown): string {
  const reason = reasonOf(thrown);
  return thrown instanceof Error && thrown.cause instanceof Error ? `${reason} (${thrown.cause.message})` : reason;
}
