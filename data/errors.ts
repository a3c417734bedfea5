/**
 * Errors about data, in classes that callers may want to distinguish.
 *
 * @module
 */

import { showLine } from "../core/options/show.ts";
import { reasonOf } from "../core/permission.ts";

/** The longest message, in characters; it may name a path twice. */
const LONGEST = 2500;

/** The content of a file or an array is not valid: it is damaged, cut short, or of another kind. */
export class DataError extends Error {
  /** The name in stack traces. */
  override readonly name = "DataError";

  /** The error with a message, which gets one line without control characters: paths and files may have any. */
  constructor(message: string, options?: ErrorOptions) {
    super(showLine(message, LONGEST), options);
  }
}

/** Files could not be downloaded from any source; it may work later, or on another network. */
export class DownloadError extends Error {
  /** The name in stack traces. */
  override readonly name = "DownloadError";

  /** The error with a message, which gets one line without control characters: paths and files may have any. */
  constructor(message: string, options?: ErrorOptions) {
    super(showLine(message, LONGEST), options);
  }
}

/** The cache directory cannot be found, read or written. */
export class CacheError extends Error {
  /** The name in stack traces. */
  override readonly name = "CacheError";

  /** The error with a message, which gets one line without control characters: paths and files may have any. */
  constructor(message: string, options?: ErrorOptions) {
    super(showLine(message, LONGEST), options);
  }
}

/** The message of a thrown value, with that of its cause: `fetch failed (connection refused)`. */
export function messageOf(thrown: unknown): string {
  const reason = reasonOf(thrown);
  return thrown instanceof Error && thrown.cause instanceof Error ? `${reason} (${thrown.cause.message})` : reason;
}
