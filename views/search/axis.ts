/**
 * Axes of a picture: the positions of values, and their labels.
 *
 * @module
 */

import type { HyperparameterValue } from "../../model/hyperparameters.ts";
import { labelOf } from "../../model/search/row.ts";
import { widthOf } from "../compose.ts";
import { boundsOf, linearScale, logScale, type Scale, type Tick } from "../scale.ts";
import { cutMiddle } from "../wrap_text.ts";

/** The positions and labels of the values of an axis. */
export interface Axis<T> {
  readonly place: (value: T) => number;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
  /** The positions of marks without labels. */
  readonly minor: readonly number[];
  /** The angle of the labels in degrees: 0, or negative if they would not fit side by side. */
  readonly angle: number;
}

/** The ends of an axis, in pixels. */
export type Ends = readonly [start: number, end: number];

/** Positive numbers whose largest is at least this many times the smallest have a logarithmic scale. */
const WIDE = 10;
/** The same for whole numbers. */
const WIDE_COUNTS = 20;
/** The space for 0 at the start of a logarithmic axis. */
const ZERO = 28;
/** The least distance of labels, in pixels. */
const APART = 8;
/** The space for the first and the last label beyond the ends of an axis. */
const BEYOND = 26;
/** Longer words are shortened. */
const LONGEST_WORD = 20;
/** Labels that do not fit side by side have this angle if they are at least `SLANTED` apart, or else are vertical. */
const SLANT = 40;
const SLANTED = 20;
/** The space for labels at an angle before the start of an axis. */
const BEFORE = 40;
/** The least distance of vertical labels. */
const VERTICAL = 13;
const MOST_STEPS = 5;

/** Makes an axis for numbers, with round numbers as labels. */
export function valueAxis(values: readonly number[], ends: Ends): Axis<number> {
  return axisOf(linearScale(values), ends);
}

/** Makes an axis for the values of a hyperparameter: to scale if all are numbers, otherwise side by side. */
export function horizontalAxis(values: readonly HyperparameterValue[], ends: Ends): Axis<HyperparameterValue> {
  const numbers = values.filter((value) => typeof value === "number" && Number.isFinite(value)) as number[];
  if (numbers.length < values.length || values.length === 0) return wordAxis(values, ends);
  const axis = numberAxis([...new Set(numbers)].sort((a, b) => a - b), ends);
  return { ...axis, place: (value) => axis.place(Number(value)) };
}

function numberAxis(sorted: readonly number[], ends: Ends): Axis<number> {
  const [start, end] = ends;
  const whole = sorted.every(Number.isInteger);
  if (sorted.length === 1) return linearAxis(sorted, { ends, whole });
  const positive = sorted.filter((value) => value > 0);
  const [low, high] = boundsOf(positive);
  const hasZero = sorted.length === positive.length + 1 && sorted[0] === 0;
  const isWide = positive.length > 1 && high / low >= (whole ? WIDE_COUNTS : WIDE);
  if (!isWide || sorted.length > positive.length && !hasZero) return linearAxis(sorted, { ends, whole });
  const scaled = axisOf(logScale(positive), [hasZero ? start + ZERO : start, end]);
  const axis = areRound(positive) && !positive.every(isPower)
    ? withOwnTicks(scaled, { values: positive, ends })
    : scaled;
  if (!hasZero) return axis;
  // Zero has no logarithm, so it is set apart.
  return {
    ...axis,
    place: (value) => value === 0 ? start : axis.place(value),
    ticks: [{ at: start, label: "0" }, ...axis.ticks],
  };
}

/** Makes a linear axis with as many round numbers as fit side by side, or with the values themselves. */
function linearAxis(
  sorted: readonly number[],
  { ends, whole }: { readonly ends: Ends; readonly whole: boolean },
): Axis<number> {
  const axes = Array.from(
    { length: MOST_STEPS },
    (_, i) => axisOf(linearScale(sorted, { whole, steps: MOST_STEPS - i }), ends),
  );
  const own = withOwnTicks(axes[0], { values: sorted, ends });
  if (own !== axes[0] && (sorted.length === 1 || areRound(sorted))) return own;
  const fitting = axes.find(({ ticks }) => fit(ticks, ends));
  if (fitting) return fitting;
  // Numbers with very many digits: one label, if it does not leave the picture.
  const last = axes[MOST_STEPS - 1];
  const single = last.ticks.find((tick) => fit([tick], ends));
  return { ...last, ticks: single ? [single] : [], minor: last.ticks.map(({ at }) => at) };
}

function axisOf({ type, domain, ticks, minor }: Scale, [start, end]: Ends): Axis<number> {
  const scale = type === "log" ? Math.log10 : (value: number): number => value;
  const [low, high] = domain.map(scale);
  const place = (value: number): number => start + (scale(value) - low) / (high - low) * (end - start);
  return {
    place,
    ticks: ticks.map(({ value, label }: Tick) => ({ at: place(value), label })),
    minor: minor.map(place),
    angle: 0,
  };
}

/** Labels an axis with the values themselves, if there is space. */
function withOwnTicks(
  axis: Axis<number>,
  { values, ends }: { readonly values: readonly number[]; readonly ends: Ends },
): Axis<number> {
  const ticks = values.map((value) => ({ at: axis.place(value), label: String(value) }));
  return fit(ticks, ends) ? { ...axis, ticks } : axis;
}

/** Whether numbers are as round as those that people choose, so that they can be labels: 0.05, 15, 128. */
function areRound(values: readonly number[]): boolean {
  return values.every((value) => /^-?\d(\.5)?e/.test(value.toExponential()) || Number.isInteger(Math.log2(value)));
}

function isPower(value: number): boolean {
  return Number.isInteger(Number(Math.log10(value).toFixed(9)));
}

/** Whether there is space for labels side by side. */
function fit(ticks: Axis<unknown>["ticks"], [start, end]: Ends): boolean {
  return ticks.every(({ at, label }, i) => {
    const half = widthOf(label) / 2;
    const isFree = i === 0 || at - ticks[i - 1].at >= half + widthOf(ticks[i - 1].label) / 2 + APART;
    return isFree && at - half >= start - BEYOND && at + half <= end + BEYOND;
  });
}

/** Makes an axis for words and switches, side by side; numbers among them are the first. */
function wordAxis(values: readonly HyperparameterValue[], [start, end]: Ends): Axis<HyperparameterValue> {
  const labels = [...new Set(values.map(labelOf))];
  const numbers = labels.filter((label) => typeof label === "number").sort((a, b) => a - b);
  const order = [...numbers, ...labels.filter((label) => typeof label !== "number")];
  const distance = (end - start) / Math.max(1, order.length);
  const placeAt = (index: number): number => start + (index + 0.5) * distance;
  const ticks = order.map((label, i) => ({ at: placeAt(i), label: cutMiddle(String(label), LONGEST_WORD) }));
  const every = Math.ceil(VERTICAL / distance);
  return {
    place: (value) => placeAt(order.indexOf(labelOf(value))),
    ticks: ticks.filter((_, i) => i % every === 0),
    minor: [],
    angle: fit(ticks, [start, end]) ? 0 : canSlant(ticks, start, distance) ? -SLANT : -90,
  };
}

function canSlant(ticks: Axis<unknown>["ticks"], start: number, distance: number): boolean {
  const share = Math.cos(SLANT * Math.PI / 180);
  return distance >= SLANTED && ticks.every(({ at, label }) => at - widthOf(label) * share >= start - BEFORE);
}
