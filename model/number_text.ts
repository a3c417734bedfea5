/**
 * Numbers as readable text, with enough digits to compare them.
 *
 * @module
 */

import { formatSec } from "./format_seconds.ts";

/** Significant digits. */
const DIGITS = 4;

/**
 * A number with four significant digits: `0.3762`, `80.50`, `0.0001234`, `1.03e-7`. Whole digits are not rounded up to a
 * million.
 */
export function numberText(value: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value) || value === 0) return String(value);
  if (size < 1e-4 || size >= 1e6) return Number(value.toPrecision(DIGITS)).toExponential();
  return size >= 10 ** DIGITS - 0.5 ? value.toFixed(0) : value.toPrecision(DIGITS);
}

/** A number with this many decimals, or with four significant digits if the decimals have fewer and would round it. */
export function decimalsText(value: number, decimals: number): string {
  const size = Math.abs(value);
  if (value === 0 || size >= 1e6) return numberText(value);
  const fixed = value.toFixed(decimals);
  const isWhole = size >= 10 ** (DIGITS - 1 - decimals) || Number(fixed) === Number(value.toPrecision(DIGITS));
  return isWhole ? fixed : numberText(value);
}

/** A time with three significant digits; from a minute on in minutes and seconds. */
export function secondsText(seconds: number): string {
  return seconds === 0 || seconds >= 59.95 ? wholeSecondsText(seconds) : `${seconds.toPrecision(3)} s`;
}

/** A time in whole seconds: more digits of an estimate would only flicker. */
export function wholeSecondsText(seconds: number): string {
  return formatSec(Math.round(Math.max(0, seconds))).replace(".000", "");
}

/** `4,616 samples/s`. */
export function speedText(samplesPerSecond: number): string {
  return `${Math.round(samplesPerSecond).toLocaleString("en-US")} samples/s`;
}
