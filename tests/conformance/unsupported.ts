/**
 * Cases that the framework or this runner does not support. They are skipped, not failed.
 *
 * @module
 */

/** Thrown if a case needs something that is not supported; the message names it. */
export class Unsupported extends Error {
  override readonly name = "Unsupported";
}
