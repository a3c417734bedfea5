/**
 * Readable times.
 *
 * @module
 */

import { numberKind } from "../core/options/kinds.ts";
import { checkArguments } from "../core/options/read.ts";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * A time in days, hours, minutes and seconds, from the first unit that is not 0. Times below a minute have three
 * decimals.
 *
 * @param seconds, at least 0
 *
 * @example
 * ```ts
 * import { formatSec } from "@yadll/yadll/model";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(formatSec(149), "02 m 29 s");
 * assertEquals(formatSec(93784), "1 d 02 h 03 m 04 s");
 * assertEquals(formatSec(0.1234), "0.123 s");
 * ```
 */
export function formatSec(seconds: number): string {
  checkArguments("format seconds", { seconds }, numberKind);
  const brief = seconds.toFixed(3);
  if (Number(brief) < MINUTE) return `${brief} s`;
  const whole = Math.round(seconds);
  const parts: readonly (readonly [count: number, unit: string])[] = [
    [Math.floor(whole / DAY), "d"],
    [Math.floor(whole % DAY / HOUR), "h"],
    [Math.floor(whole % HOUR / MINUTE), "m"],
    [whole % MINUTE, "s"],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  return parts.slice(first)
    .map(([count, unit]) => `${unit === "d" ? count : String(count).padStart(2, "0")} ${unit}`)
    .join(" ");
}
