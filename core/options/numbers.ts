/**
 * Options whose values are numbers.
 *
 * @module
 */

import { showValue } from "./show.ts";
import { type Declared, type Kind, makeKind, optionOf, type OptionSpec } from "./option.ts";

/** Bounds of a number; those that are not given do not apply. */
export interface Bounds {
  /** The least value. */
  readonly least?: number;
  /** Values are greater than this. */
  readonly above?: number;
  /** The greatest value. */
  readonly most?: number;
  /** Values are less than this. */
  readonly below?: number;
  /** Whether it may be infinite, which means that there is no limit. */
  readonly infinite?: boolean;
}

/** The specification of a number: help text, default and bounds. */
export interface NumberSpec extends OptionSpec<number>, Bounds {}

/** Returns bounds in words: `of at least 1`, `from 0 to 1`, `of at least 0 and below 1`. */
function boundsInWords({ least, above, most, below }: Bounds): string {
  if (least !== undefined && most !== undefined) return ` from ${least} to ${most}`;
  const low = least !== undefined ? `of at least ${least}` : above !== undefined ? `above ${above}` : "";
  const high = most !== undefined ? `of at most ${most}` : below !== undefined ? `below ${below}` : "";
  const words = [low, high].filter((one) => one !== "").join(" and ");
  return words === "" ? "" : ` ${words}`;
}

function numberKind(noun: string, bounds: Bounds, fits: (value: number) => boolean = Number.isFinite): Kind<number> {
  const { above, below } = bounds;
  const low = bounds.least ?? above ?? -Infinity;
  const high = bounds.most ?? below ?? Infinity;
  const kind: Kind<number> = makeKind({
    expected: `a ${noun}${boundsInWords(bounds)}`,
    accepts: (value): value is number =>
      typeof value === "number" && value >= low && value <= high && value !== above && value !== below && fits(value),
    resembles: (value) => typeof value === "number",
    parse: (text) => text.trim() === "" ? undefined : Number(text),
    refuse: (value) => {
      const refusal = { problem: "bounds", path: "", expected: kind.expected, got: showValue(value) } as const;
      if (!kind.resembles(value)) return { ...refusal, problem: "kind" };
      // Beyond this, a number stands for several whole numbers.
      const isUncertain = Number.isInteger(value) && !Number.isSafeInteger(value) && fits === Number.isSafeInteger;
      const most = Number.MAX_SAFE_INTEGER;
      return isUncertain ? { ...refusal, expected: `${kind.expected}, at most ${most} in size` } : refusal;
    },
  });
  return kind;
}

function fitOf({ infinite = false }: Bounds): (value: number) => boolean {
  return infinite ? () => true : Number.isFinite;
}

/**
 * A finite number (default: without bounds).
 *
 * @example
 * ```ts
 * import { option } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const rate = option.finite({ least: 0, default: 0.1 });
 * assertEquals([rate.expected, rate.accepts(0), rate.accepts(NaN)], ["a number of at least 0", true, false]);
 * ```
 */
export function finite<S extends NumberSpec>(spec?: S): Declared<number, S> {
  return optionOf(numberKind("number", spec ?? {}, fitOf(spec ?? {})), spec);
}

/**
 * A finite number above 0.
 *
 * @example
 * ```ts
 * import { option } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([option.positive().accepts(0), option.positive().accepts(0.5)], [false, true]);
 * ```
 */
export function positive<S extends NumberSpec>(spec?: S): Declared<number, S> {
  return optionOf(numberKind("number", { above: 0, ...spec }, fitOf(spec ?? {})), spec);
}

/**
 * A number from 0 to 1; with `below: 1`, less than 1.
 *
 * @example
 * ```ts
 * import { option } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([option.share().accepts(1), option.share({ below: 1 }).accepts(1)], [true, false]);
 * ```
 */
export function share<S extends NumberSpec>(spec?: S): Declared<number, S> {
  const bounds = spec?.below === undefined ? { least: 0, most: 1, ...spec } : { least: 0, ...spec };
  return optionOf(numberKind("number", bounds), spec);
}

/**
 * A whole number (default: without bounds), such as a seed or an axis.
 *
 * @example
 * ```ts
 * import { option } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([option.whole().accepts(-3), option.whole().accepts(0.5)], [true, false]);
 * ```
 */
export function whole<S extends NumberSpec>(spec?: S): Declared<number, S> {
  return optionOf(numberKind("whole number", spec ?? {}, Number.isSafeInteger), spec);
}

/**
 * A whole number of at least 1, or of at least `least`.
 *
 * @example
 * ```ts
 * import { option } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([option.count().accepts(0), option.count({ least: 0 }).accepts(0)], [false, true]);
 * ```
 */
export function count<S extends NumberSpec>(spec?: S): Declared<number, S> {
  return optionOf(numberKind("whole number", { least: 1, ...spec }, Number.isSafeInteger), spec);
}
