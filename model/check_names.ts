/**
 * Whether the names of inputs or outputs are those of a network.
 *
 * @module
 */

import { suggestName } from "../core/nearest.ts";
import { showValue } from "../core/options/show.ts";

/** Names that must be the same, in any order. */
export interface ComparedNames {
  readonly expected: readonly string[];
  readonly got: readonly string[];
}

/**
 * Throws unless names are those that are expected, in any order.
 *
 * @param action what is tried, for the message: `train "mlp" on digits`
 * @param what the named things: `inputs`
 * @throws {RangeError} with an unknown name and the nearest one, or with a missing name.
 */
export function checkNames(action: string, what: string, { expected, got }: ComparedNames): void {
  const all = expected.map((name) => showValue(name)).join(", ");
  const unknown = got.find((name) => !expected.includes(name));
  if (unknown !== undefined) {
    throw new RangeError(
      `Cannot ${action}: expected the ${what} ${all}, got ${showValue(unknown)}${suggestName(unknown, expected)}`,
    );
  }
  const missing = expected.find((name) => !got.includes(name));
  if (missing === undefined) return;
  throw new RangeError(`Cannot ${action}: expected the ${what} ${all}, but ${showValue(missing)} is missing`);
}
