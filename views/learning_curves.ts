/**
 * The learning curves of a training.
 *
 * @module
 */

import { refuseSurplus } from "../core/options/surplus.ts";
import { curvesKind } from "./argument_kinds.ts";
import { checkArgument, readOptions } from "../core/options/read.ts";
import { anyText } from "../core/options/kinds.ts";
import { positive } from "../core/options/numbers.ts";
import type { Declaration } from "../core/options/option.ts";
import { flag } from "../core/options/values.ts";
import { formatError } from "../model/training/log_lines.ts";
import type { EpochRecord, Report } from "../model/training/report.ts";
import { compose } from "./compose.ts";
import { curves, legendOf, type Point, type Series } from "./curve_data.ts";
import type { Picture } from "./picture.ts";
import { showNumber } from "./scale.ts";

/** The data of learning curves: a report, or these parts of one. */
export type CurveReport =
  & Pick<Report, "history" | "errorUnit">
  & Partial<Pick<Report, "model" | "bestIteration" | "validationError" | "validationLoss" | "batches">>;

/** The numbers of an epoch that can be drawn. */
export type Measure = "trainLoss" | "validationLoss" | "trainError" | "validationError";

/** Options of {@linkcode learningCurves}. */
export interface CurveOptions {
  /** The title; default: the name of the model, or `Trainings` for several. */
  readonly title?: string;
  /** The width in pixels; default: 720. */
  readonly width?: number;
  /** The height of a panel in pixels; default: 260. */
  readonly height?: number;
  /** Whether losses and errors have logarithmic scales; default: false. */
  readonly logarithmic?: boolean;
}

/** {@linkcode CurveOptions}, declared. */
export const curveOptions = {
  title: anyText({ otherwise: "the name of the model", help: "title" }),
  width: positive({ default: 720, help: "width in pixels" }),
  height: positive({ default: 260, help: "height of a panel in pixels" }),
  logarithmic: flag({ default: false, help: "whether losses and errors have logarithmic scales" }),
} satisfies Declaration<CurveOptions>;

/** Narrower pictures have one column of panels. */
const TWO_COLUMNS = 560;
const GAP = 8;

/** Returns the size of two panels side by side, or one below the other if the picture is narrow. */
export function panelsIn(width: number): { readonly columns: number; readonly width: number } {
  return width < TWO_COLUMNS ? { columns: 1, width } : { columns: 2, width: Math.floor((width - GAP) / 2) };
}

/** Returns the line of a measure over the epochs. */
export function lineOf(history: readonly EpochRecord[], measure: Measure): Point[] {
  return history.flatMap((record) => {
    const value = record[measure];
    return value === null || value === undefined || Number.isNaN(value) ? [] : [{ epoch: record.epoch, value }];
  });
}

/** Returns the best validation error, or without errors the best loss, and its time, as a fraction of an epoch if the report has it. */
export function bestOf(
  { history, bestIteration, validationError, validationLoss, batches }: CurveReport,
): Point | undefined {
  const errors = lineOf(history, hasErrors(history) ? "validationError" : "validationLoss");
  if (errors.length === 0) return undefined;
  const least = errors.reduce((best, point) => point.value < best.value ? point : best);
  if (!bestIteration || !batches) return least;
  return {
    epoch: bestIteration / batches,
    value: Math.min(least.value, validationError ?? validationLoss ?? Infinity),
  };
}

/** Whether validations have errors; without a metric they have only losses. */
export function hasErrors(history: readonly EpochRecord[]): boolean {
  return lineOf(history, "validationError").length > 0;
}

/** Returns a label such as `error (%)`. */
export function errorLabel(unit: Report["errorUnit"]): string {
  return unit === "" ? "error" : `error (${unit})`;
}

/**
 * Draws the learning curves of a training: loss and error, in training and in validation, over the epochs. The best
 * validation error is marked.
 *
 * @throws {LibraryError} if the drawing library cannot be loaded.
 *
 * @example
 * ```ts
 * import { learningCurves } from "@yadll/yadll/views";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const epoch = { seconds: 1, samplesPerSecond: 100 };
 * const history = [
 *   { ...epoch, epoch: 1, trainLoss: 0.9, validationLoss: 0.8, trainError: 30, validationError: 25 },
 *   { ...epoch, epoch: 2, trainLoss: 0.5, validationLoss: 0.6, trainError: 12, validationError: 16 },
 * ];
 * const picture = await learningCurves({ history, errorUnit: "%" }, { title: "mlp" });
 * assertStringIncludes(picture.svg, "best: 16.000 % in epoch 2");
 * ```
 */
export async function learningCurves(report: CurveReport, options?: CurveOptions): Promise<Picture> {
  refuseSurplus("learningCurves", arguments, 2);
  checkArgument("draw learning curves", report, curvesKind);
  const given = readOptions("draw learning curves", curveOptions, options);
  const { title = report.model ?? "Learning curves", width, height, logarithmic } = given;
  const { history, errorUnit } = report;
  const layout = panelsIn(width);
  const shared = { width: layout.width, height, logarithmic };
  const pair = (training: Measure, validation: Measure): Series[] => [
    { name: "training", points: lineOf(history, training) },
    { name: "validation", points: lineOf(history, validation) },
  ];
  const best = bestOf(report);
  const withErrors = hasErrors(history) || history.every(({ validationLoss }) => validationLoss === null);
  const panels = await Promise.all([
    curves({
      ...{ ...shared, series: pair("trainLoss", "validationLoss"), label: "loss" },
      mark: withErrors ? undefined : best,
    }),
    ...withErrors
      ? [curves({
        ...{ ...shared, series: pair("trainError", "validationError"), label: errorLabel(errorUnit), mark: best },
      })]
      : [],
  ]);
  const found = best && `best: ${showBest(best.value, errorUnit)} in epoch ${Math.ceil(best.epoch)}`;
  return compose({
    title,
    legend: [
      ...legendOf(["training", "validation"]),
      ...found ? [{ label: found, mark: "ring" as const, color: "currentColor", dash: "none" }] : [],
    ],
    panels,
    columns: layout.columns,
    description: `Learning curves of ${title} over ${history.length} epochs${found ? `; ${found}` : ""}`,
  });
}

/** Returns the best error as text: as in logs, or with a power of ten if that would be 0.000. */
function showBest(value: number, unit: Report["errorUnit"]): string {
  return value === 0 || Math.abs(value) >= 0.001 ? formatError(value, unit) : `${showNumber(value)} ${unit}`.trimEnd();
}
