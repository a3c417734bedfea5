/**
 * The error of files that are valid, but have something that is not read.
 *
 * @module
 */

/** Thrown if a file has something that is not read; the message says what, and what to do. */
export class UnsupportedError extends Error {
  /** The name in stack traces. */
  override readonly name = "UnsupportedError";
}
