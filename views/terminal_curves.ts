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
import { bestOf, type CurveReport, errorLabel, hasErrors, lineOf, metricLine } from "./learning_curves.ts";
import { loadLibrary } from "./drawing_libraries.ts";
import { chart, type ChartLine, lineColors } from "./terminal_chart.ts";

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
  const validation = (name: string, measure: "validationError" | "validationLoss"): ChartLine => ({
    ...{ name, points: lineOf(history, measure), color: lineColors.yellow },
  });
  const training = (name: string, measure: "trainError" | "trainLoss"): ChartLine => ({
    ...{ name, points: lineOf(history, measure), color: lineColors.blue },
  });
  const error = validation(`validation ${errorLabel(errorUnit)}`, "validationError");
  const loss = training("training loss", "trainLoss");
  const others = color
    ? [[error, training("training", "trainError")], [loss, validation("validation", "validationLoss")]]
    : [hasErrors(history) ? [error] : [validation("validation loss", "validationLoss")], [loss]];
  const monitored = {
    name: `validation ${metric}`,
    points: metricLine(history, "validation", metric ?? ""),
    color: lineColors.yellow,
  };
  const charts = metric === undefined ? others : [[monitored], ...others];
  const size = { columns, rows, color };
  const shown = charts.filter((lines) => lines.some(({ points }) => points.length > 0));
  return shown.map((lines, i) => chart(library, { lines, addition: i === 0 ? found : "", ends: epochs }, size)).filter(
    Boolean,
  )
    .join("\n\n");
}

/** The first and the last epoch, for below the ends of the line. */
function epochs(first: number, last: number): readonly [string, string] {
  return [`epoch ${first}`, first === last ? "" : String(last)];
}
