/**
 * Charts and HTML reports of trainings. The code that draws them is loaded only when it is needed.
 *
 * @module
 */

import type { Model } from "../model/model.ts";
import type { LearningRateRange } from "../model/training/rate_range.ts";
import type { Report } from "../model/training/report.ts";
import type { CurveReport } from "../views/learning_curves.ts";
import type { Output } from "./output.ts";

/** Loads the libraries that are needed, before the work is done whose results they show. */
export async function loadDrawing(
  { plot, report }: { readonly plot: boolean; readonly report: boolean },
): Promise<void> {
  const { loadLibrary } = await import("../views/drawing_libraries.ts");
  if (plot) await loadLibrary("asciichart");
  if (report) await Promise.all([loadLibrary("@observablehq/plot"), loadLibrary("linkedom")]);
}

/** Whether results may have colors: on a terminal, unless the variable NO_COLOR or the option turns them off. */
export function hasColor(output: Output, noColor: boolean): boolean {
  return !noColor && !Deno.noColor && output.resultColumns?.() !== undefined;
}

/** Learning curves as text, as wide as the terminal. */
export async function chartOf(report: CurveReport, output: Output, noColor: boolean): Promise<string> {
  const { terminalCurves } = await import("../views/terminal_curves.ts");
  const columns = output.resultColumns?.() ?? output.columns() ?? 80;
  return await terminalCurves(report, { columns: Math.min(columns, 120), color: hasColor(output, noColor) });
}

/** The losses of a learning-rate range test as text, as wide as the terminal. */
export async function rateChartOf(range: LearningRateRange, output: Output, noColor: boolean): Promise<string> {
  const { terminalRateCurve } = await import("../views/terminal_rate_curve.ts");
  const columns = output.resultColumns?.() ?? output.columns() ?? 80;
  return await terminalRateCurve(range, { columns: Math.min(columns, 120), color: hasColor(output, noColor) });
}

/** Writes the losses of a learning-rate range test as a picture. */
export async function writeRates(file: string, range: LearningRateRange, title: string): Promise<void> {
  const { rateCurve } = await import("../views/rate_curve.ts");
  const picture = await rateCurve(range, { title });
  await picture.save(file);
}

/** Writes the report of a training as HTML. */
export async function writePage(
  file: string,
  report: Report,
  { model, warning }: { readonly model: Model; readonly warning: string | undefined },
): Promise<void> {
  const { htmlReport } = await import("../views/html_report.ts");
  const page = await htmlReport(report, { model, ...(warning !== undefined && { warning }) });
  await page.save(file);
}

/** Writes the learning curves of one training, or of several, as a picture. */
export async function writePicture(file: string, runs: Readonly<Record<string, CurveReport>>): Promise<void> {
  const { compareRuns } = await import("../views/compare_runs.ts");
  const { learningCurves } = await import("../views/learning_curves.ts");
  const entries = Object.entries(runs);
  const [[title, report]] = entries;
  const picture = entries.length === 1 ? await learningCurves(report, { title }) : await compareRuns(runs);
  await picture.save(file);
}
