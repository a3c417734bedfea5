/**
 * The learning curves of a training as text.
 *
 * @module
 */

import { refuseSurplus } from "../core/options/surplus.ts";
import { curvesKind } from "./argument_kinds.ts";
import { checkArgument, readOptions } from "../core/options/read.ts";
import { count } from "../core/options/numbers.ts";
import type { Declaration } from "../core/options/option.ts";
import { flag } from "../core/options/values.ts";
import { formatError } from "../model/training/log_lines.ts";
import type { Point } from "./curve_data.ts";
import { bestOf, type CurveReport, errorLabel, hasErrors, lineOf, metricLine } from "./learning_curves.ts";
import { type AsciiChart, loadLibrary } from "./drawing_libraries.ts";

/** Options of {@linkcode terminalCurves}. */
export interface TerminalOptions {
  /** The width of the terminal in characters; default: 80. */
  readonly columns?: number;
  /** The height of each chart in lines; default: 8. */
  readonly rows?: number;
  /** Whether the terminal shows colors; default: false. */
  readonly color?: boolean;
}

/** {@linkcode TerminalOptions}, declared. */
export const terminalOptions = {
  columns: count({ default: 80, help: "width of the terminal in characters" }),
  rows: count({ default: 8, help: "height of each chart in lines" }),
  color: flag({ default: false, help: "whether the terminal shows colors" }),
} satisfies Declaration<TerminalOptions>;

const LEAST_COLUMNS = 24;
/** Cells for label, space and axis. */
const OFFSET = 3;
/** Control sequences: blue, yellow, and reset. */
const BLUE = "\x1b[94m";
const YELLOW = "\x1b[93m";
const RESET = "\x1b[0m";

/** A line of a chart, with the control sequence of its color. */
interface Line {
  readonly name: string;
  readonly points: readonly Point[];
  readonly color: string;
}

/**
 * Draws the learning curves of a training as text for a terminal: validation error and training loss. With colors, it
 * draws both in training and in validation.
 *
 * @throws {LibraryError} if the drawing library cannot be loaded.
 *
 * @example
 * ```ts
 * import { terminalCurves } from "@yadll/yadll/views";
 * import { assert } from "@std/assert";
 *
 * const history = [40, 25, 16, 12].map((validationError, i) => ({
 *   ...{ epoch: i + 1, trainLoss: 0.9 - 0.2 * i, validationLoss: 1, trainError: 10, validationError },
 *   ...{ seconds: 1, samplesPerSecond: 100 },
 * }));
 * const text = await terminalCurves({ history, errorUnit: "%" }, { columns: 60 });
 * assert(text.startsWith("validation error (%), best: 12.000 % in epoch 4\n"));
 * assert(text.split("\n").every((line) => line.length <= 60));
 * ```
 */
export async function terminalCurves(report: CurveReport, options?: TerminalOptions): Promise<string> {
  refuseSurplus("terminalCurves", arguments, 2);
  checkArgument("draw curves as text", report, curvesKind);
  const { columns, rows, color } = readOptions("draw curves as text", terminalOptions, options);
  const library = await loadLibrary("asciichart");
  const { history, errorUnit } = report;
  const best = bestOf(report);
  const metric = typeof best?.of === "object" ? best.of.metric : undefined;
  const found = best
    ? `, best: ${formatError(best.value, best.of === "error" ? errorUnit : "")} in epoch ${Math.ceil(best.epoch)}`
    : "";
  const validation = (name: string, measure: "validationError" | "validationLoss"): Line => ({
    ...{ name, points: lineOf(history, measure), color: YELLOW },
  });
  const training = (name: string, measure: "trainError" | "trainLoss"): Line => ({
    ...{ name, points: lineOf(history, measure), color: BLUE },
  });
  const error = validation(`validation ${errorLabel(errorUnit)}`, "validationError");
  const loss = training("training loss", "trainLoss");
  const others = color
    ? [[error, training("training", "trainError")], [loss, validation("validation", "validationLoss")]]
    : [hasErrors(history) ? [error] : [validation("validation loss", "validationLoss")], [loss]];
  const monitored = {
    name: `validation ${metric}`,
    points: metricLine(history, "validation", metric ?? ""),
    color: YELLOW,
  };
  const charts = metric === undefined ? others : [[monitored], ...others];
  const size = { columns: Math.max(LEAST_COLUMNS, columns), rows, color };
  const shown = charts.filter((lines) => lines.some(({ points }) => points.length > 0));
  return shown.map((lines, i) => chart(library, { lines, addition: i === 0 ? found : "" }, size)).filter(Boolean)
    .join("\n\n");
}

/** The content of a chart. */
interface ChartContent {
  readonly lines: readonly Line[];
  /** The text after the names of the lines, if there is space for it. */
  readonly addition: string;
}

function chart(library: AsciiChart, { lines: given, addition }: ChartContent, size: Required<TerminalOptions>): string {
  const lines = given
    .map((line) => ({ ...line, points: line.points.filter(({ value }) => Number.isFinite(value)) }))
    .filter(({ points }) => points.length > 0);
  if (lines.length === 0) return "";
  const { columns, rows, color } = size;
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
  return [title, text.replaceAll(/ +$/gm, ""), axisLine([first, last], label + 1, width)].join("\n");
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

/** Returns the first and the last epoch, for below the ends of the line. */
function axisLine([first, last]: readonly [number, number], indent: number, width: number): string {
  const [left, right] = [`epoch ${first}`, String(last)];
  const gap = width - left.length - right.length;
  if (first === last || gap < 1) return " ".repeat(indent) + left;
  return " ".repeat(indent) + left + " ".repeat(gap) + right;
}

function visibleLength(text: string): number {
  // deno-lint-ignore no-control-regex
  return text.replaceAll(/\x1b\[\d+m/g, "").length;
}
