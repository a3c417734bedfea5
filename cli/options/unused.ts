/**
 * Options that have no effect together with others.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import { dashed } from "./option.ts";

/** Whether an option is given: it has a value, or its switch is on. */
export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0);
}

/**
 * Throws if an option is given that would have no effect.
 *
 * @param given the options of a command line, by their names in camel case
 * @param reasons why each of the options has no effect: `needs --examples`
 * @throws {UsageError} that names the first one.
 */
export function refuseUnused(given: object, reasons: Readonly<Record<string, string>>): void {
  const values = new Map<string, unknown>(Object.entries(given));
  for (const [name, reason] of Object.entries(reasons)) {
    if (isGiven(values.get(name))) throw new UsageError(`option ${dashed(name)} ${reason}`);
  }
}
