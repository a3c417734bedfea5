/**
 * What the framework, or this runner, cannot do: such a case is skipped, not failed.
 *
 * @module
 */

/** Thrown where a case asks for something that is not supported; the message names it. */
export class Unsupported extends Error {
  override readonly name = "Unsupported";
}
