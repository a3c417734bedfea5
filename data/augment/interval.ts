/**
 * Intervals of numbers, as options.
 *
 * @module
 */

import {
  custom,
  type DefaultOption,
  type Option,
  type OptionSpec,
  type WithDefault,
} from "../../core/options/option.ts";

/** The least and greatest number of a random choice. */
export type Interval = readonly [least: number, greatest: number];

/** Two numbers that an option takes, the lower one first. */
export function interval(
  number: Option<number>,
  spec: OptionSpec<Interval> & WithDefault<Interval>,
): DefaultOption<Interval> {
  return custom<Interval>({
    expected: `two numbers, the lower one first, each ${number.expected}`,
    accepts: (value): value is Interval =>
      Array.isArray(value) && value.length === 2 && number.accepts(value[0]) && number.accepts(value[1]) &&
      value[0] <= value[1],
    resembles: (value) => Array.isArray(value) && value.every((one) => typeof one === "number"),
    parse: (text) => text.split(",").map((one) => number.parse(one)),
  }, spec);
}

/** Numbers that are spread evenly over an interval, at the middles of equal parts; only one if the interval has no length. */
export function spread([least, greatest]: Interval, levels: number): number[] {
  if (least === greatest) return [least];
  return Array.from({ length: levels }, (_, i) => least + (greatest - least) * (i + 0.5) / levels);
}
