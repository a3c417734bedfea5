/**
 * A chart of lines as text for a terminal.
 *
 * @module
 */

import type { Point } from "./curve_data.ts";
import type { AsciiChart } from "./drawing_libraries.ts";

/** The size and the colors of a chart. */
export interface ChartSize {
  /** The width of the terminal in characters. */
  readonly columns: number;
  /** The height in lines. */
  readonly rows: number;
  readonly color: boolean;
}

/** Narrower charts cannot be read. */
const LEAST_COLUMNS = 24;
/** Cells for label, space and axis. */
const OFFSET = 3;
const RESET = "\x1b[0m";

/** The control sequences of the colors of lines. */
export const lineColors = { blue: "\x1b[94m", yellow: "\x1b[93m" } as const;

/** A line of a chart, with the control sequence of its color. */
export interface ChartLine {
  readonly name: string;
  readonly points: readonly Point[];
  readonly color: string;
}

/** The content of a chart. */
export interface ChartContent {
  readonly lines: readonly ChartLine[];
  /** The text after the names of the lines, if there is space for it. */
  readonly addition: string;
  /** The texts below the ends of the axis, for its first and last value. */
  readonly ends: (first: number, last: number) => readonly [left: string, right: string];
}

/** Draws a chart; empty if there is nothing to draw. */
export function chart(library: AsciiChart, { lines: given, addition, ends }: ChartContent, size: ChartSize): string {
  const lines = given
    .map((line) => ({ ...line, points: line.points.filter(({ value }) => Number.isFinite(value)) }))
    .filter(({ points }) => points.length > 0);
  if (lines.length === 0) return "";
  const { rows, color } = size;
  const columns = Math.max(LEAST_COLUMNS, size.columns);
  const epochs = lines.flatMap(({ points }) => points.map(({ epoch }) => epoch));
  const values = lines.flatMap(({ points }) => points.map(({ value }) => value));
  const [first, last] = extentOf(epochs);
  const format = labelFormat(values);
  const label = Math.max(...extentOf(values).map((value) => format(value).length));
  const width = Math.max(2, columns - label - 1);
  const text = library.plot(lines.map(({ points }) => stretched(points, [first, last], width)), {
    ...{ height: rows - 1, offset: OFFSET },
    format: (value) => format(value).padStart(label),
    ...color && { colors: lines.map((line) => line.color) },
  });
  const titles = lines.map(({ name, color: sequence }) => color ? `${sequence}${name}${RESET}` : name).join(", ");
  const title = visibleLength(titles + addition) > columns ? titles : titles + addition;
  return [title, text.replaceAll(/ +$/gm, ""), axisLine(ends(first, last), label + 1, width)].join("\n");
}

/** Returns the least and the greatest of values, which may be more than a function takes as arguments. */
function extentOf(values: readonly number[]): [least: number, greatest: number] {
  return [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
}

/** Returns a format for numbers that is as short as their range allows. */
function labelFormat(values: readonly number[]): (value: number) => string {
  const [least, greatest] = extentOf(values);
  const range = greatest - least;
  const size = Math.max(-least, greatest);
  if (size >= 1e5 || (size > 0 && size < 1e-3)) return (value) => value.toExponential(1);
  const digits = Math.min(4, Math.max(0, 2 - Math.floor(Math.log10(range || size || 1))));
  return (value) => value.toFixed(digits);
}

/** Interpolates values linearly at equal distances from the first to the last epoch. The first one is on the axis. */
function stretched(points: readonly Point[], [first, last]: readonly [number, number], width: number): number[] {
  return Array.from({ length: width }, (_, column) => {
    const epoch = first + column / Math.max(1, width - 1) * (last - first);
    const after = points.findIndex((point) => point.epoch >= epoch);
    if (after <= 0) return points.at(after)!.value;
    const [left, right] = [points[after - 1], points[after]];
    const share = (epoch - left.epoch) / (right.epoch - left.epoch);
    return left.value + share * (right.value - left.value);
  });
}

/** Returns the line below the axis; the right text is left out if there is no space for it, or it is the left one. */
function axisLine([left, right]: readonly [string, string], indent: number, width: number): string {
  const gap = width - left.length - right.length;
  if (right === "" || gap < 1) return " ".repeat(indent) + left;
  return " ".repeat(indent) + left + " ".repeat(gap) + right;
}

function visibleLength(text: string): number {
  // deno-lint-ignore no-control-regex
  return text.replaceAll(/\x1b\[\d+m/g, "").length;
}
