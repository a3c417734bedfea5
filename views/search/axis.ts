/**
 * Axes of a picture: the positions of values, and their labels.
 *
 * @module
 */

import type { HyperparameterValue } from "../../model/hyperparameters.ts";
import { labelOf } from "../../model/search/row.ts";
import { cut } from "../compose.ts";

/** The positions and labels of the values of an axis. */
export interface Axis<T> {
  readonly place: (value: T) => number;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

/** More different numbers than this are drawn to scale; fewer are drawn side by side, each with its label. */
const MOST_LABELS = 8;
/** Positive numbers whose largest is at least this many times the smallest have a logarithmic scale. */
const WIDE = 20;
const TICKS = 4;
/** The longest label that fits below a panel. */
const LONGEST_LABEL = 12;

/** Returns a number as text, to three digits. */
export function showNumber(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** Makes an axis for numbers, from `start` to `end`, with round numbers as labels. */
export function valueAxis(values: readonly number[], start: number, end: number): Axis<number> {
  const [low, high] = boundsOf(values);
  const step = roundStep((high - low) / TICKS);
  const bottom = Math.floor(low / step) * step;
  const count = Math.max(1, Math.ceil((high - bottom) / step - 1e-9));
  const place = (value: number): number => start + (value - bottom) / (count * step) * (end - start);
  const ticks = Array.from({ length: count + 1 }, (_, i) => bottom + i * step)
    .map((value) => ({ at: place(value), label: showNumber(value) }));
  return { place, ticks };
}

/** Makes an axis for the values of a hyperparameter. */
export function horizontalAxis(
  values: readonly HyperparameterValue[],
  start: number,
  end: number,
): Axis<HyperparameterValue> {
  const labels = [...new Set(values.map(labelOf))];
  const numbers = labels.filter((label) => typeof label === "number").sort((a, b) => a - b);
  if (numbers.length === labels.length && numbers.length > MOST_LABELS) return scaledAxis(numbers, start, end);
  const others = labels.filter((label) => typeof label !== "number");
  const order = [...numbers, ...others];
  const placeAt = (index: number): number => start + (index + 0.5) / order.length * (end - start);
  const ticks = order.map((label, i) => ({ at: placeAt(i), label: cut(String(label), LONGEST_LABEL) }));
  return { place: (value) => placeAt(order.indexOf(labelOf(value))), ticks: thinned(ticks) };
}

function scaledAxis(sorted: readonly number[], start: number, end: number): Axis<HyperparameterValue> {
  const [low, high] = [sorted[0], sorted[sorted.length - 1]];
  const isWide = low > 0 && high / low >= WIDE;
  const scale = (value: number): number => isWide ? Math.log(value) : value;
  const inverse = (value: number): number => isWide ? Math.exp(value) : value;
  const share = (value: number): number => (scale(value) - scale(low)) / (scale(high) - scale(low));
  const ticks = [0, 0.5, 1].map((at) => ({
    at: start + at * (end - start),
    label: showNumber(inverse(scale(low) + at * (scale(high) - scale(low)))),
  }));
  return { place: (value) => start + share(Number(value)) * (end - start), ticks };
}

/** Returns every n-th label, so that there is space for each. */
function thinned<T>(ticks: readonly T[]): T[] {
  const every = Math.ceil(ticks.length / (2 * MOST_LABELS));
  return ticks.filter((_, i) => i % every === 0);
}

/** Returns the smallest and the largest of some numbers, at least a little apart. */
function boundsOf(values: readonly number[]): readonly [number, number] {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return [0, 1];
  const low = finite.reduce((least, value) => Math.min(least, value));
  const high = finite.reduce((greatest, value) => Math.max(greatest, value));
  return high > low ? [low, high] : [low, low + (Math.abs(low) || 1)];
}

/** Returns the smallest of …, 0.1, 0.2, 0.5, 1, 2, 5, 10, … that is not below a number. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((digit) => digit * power).find((step) => step >= least) ?? 10 * power;
}
