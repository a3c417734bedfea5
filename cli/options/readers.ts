/**
 * Readers of the values of options.
 *
 * @module
 */

import { suggestName } from "../../core/nearest.ts";
import { UsageError } from "../errors.ts";
import type { Reader } from "./option.ts";

function numberWhere(wanted: string, fits: (number: number) => boolean): Reader<number> {
  return (text, option) => {
    const number = text.trim() === "" ? NaN : Number(text);
    if (fits(number)) return number;
    throw new UsageError(`${option} cannot be ${text}: expected ${wanted}`);
  };
}

/** A whole number of at least 1. */
export const count = numberWhere("a whole number of at least 1", (n) => Number.isSafeInteger(n) && n >= 1);

/** A whole number of at least 0. */
export const countOrNone = numberWhere("a whole number of at least 0", (n) => Number.isSafeInteger(n) && n >= 0);

/** A whole number. */
export const whole = numberWhere("a whole number", Number.isSafeInteger);

/** A finite number above 0. */
export const positive = numberWhere("a number above 0", (n) => Number.isFinite(n) && n > 0);

/** A finite number of at least 0. */
export const positiveOrNone = numberWhere("a number of at least 0", (n) => Number.isFinite(n) && n >= 0);

/** A share. */
export const share = numberWhere("a number from 0 to 1", (n) => n >= 0 && n <= 1);

/** A finite number. */
export const finite = numberWhere("a number", Number.isFinite);

/** Any text. */
export const text: Reader<string> = (given) => given;

/** One of some names; case, hyphens and underscores do not matter. */
export function oneOf<T extends string>(names: readonly T[]): Reader<T> {
  const plain = (word: string): string => word.toLowerCase().replaceAll(/[-_]/g, "");
  return (given, option) => {
    const found = names.find((name) => plain(name) === plain(given));
    if (found !== undefined) return found;
    throw new UsageError(`unknown ${option.replace(/^.*--/, "")} ${given}${suggestName(given, names)}`);
  };
}
