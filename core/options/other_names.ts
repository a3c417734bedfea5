/**
 * Entries of records that nothing would read, such as misspelled ones.
 *
 * @module
 */

import { nearestName } from "../nearest.ts";
import { showValue } from "./show.ts";

/** What the entries of a record may be. */
export interface KnownNames {
  /** The record in messages: `set 0`. */
  readonly what: string;
  readonly names: readonly string[];
}

/**
 * Refuses entries of other names in a plain record. Those that are `undefined` count as not given, and objects of classes
 * may have more.
 *
 * @param action the start of messages after "Cannot", such as `make data`
 * @throws {RangeError} with the unknown name and the nearest one.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { refuseOtherNames } from "./other_names.ts";
 *
 * assertThrows(
 *   () => refuseOtherNames("make data", { x: 1, weight: 2 }, { what: "set 0", names: ["x", "weights"] }),
 *   RangeError,
 *   'Cannot make data: expected set 0 to have only x, weights, got "weight"; did you mean weights?',
 * );
 * ```
 */
export function refuseOtherNames(action: string, record: object, { what, names }: KnownNames): void {
  const prototype = Object.getPrototypeOf(record);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) return;
  const odd = Object.entries(record).find(([name, value]) => value !== undefined && !names.includes(name));
  if (odd === undefined) return;
  const [name] = odd;
  const nearest = nearestName(name, names);
  throw new RangeError(
    `Cannot ${action}: expected ${what} to have only ${names.join(", ")}, got ${showValue(name)}` +
      (nearest === undefined ? "" : `; did you mean ${nearest}?`),
  );
}
