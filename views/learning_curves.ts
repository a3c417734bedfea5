/**
 * How a training went.
 *
 * @module
 */

import { formatError } from "../model/training/log_lines.ts";
import type { EpochRecord, Report } from "../model/training/report.ts";
import { compose } from "./compose.ts";
import { curves, legendOf, type Point, type Series } from "./curves.ts";
import type { Picture } from "./picture.ts";

/** What learning curves are drawn from: a report, or these parts of one. */
export type CurveReport =
  & Pick<Report, "history" | "errorUnit">
  & Partial<Pick<Report, "model" | "bestIteration" | "validationError" | "batches">>;

/** The numbers of an epoch that can be drawn. */
export type Measure = "trainLoss" | "validationLoss" | "trainError" | "validationError";

/** How curves are drawn. */
export interface CurveOptions {
  /** The title; the name of the model where not given. */
  readonly title?: string;
  /** The width in pixels; 720 where not given. */
  readonly width?: number;
  /** The height of a panel in pixels; 260 where not given. */
  readonly height?: number;
  /** Whether losses and errors are drawn by their logarithms; false where not given. */
  readonly logarithmic?: boolean;
}

/** Narrower pictures have their panels one below the other. */
const TWO_COLUMNS = 560;
const GAP = 8;

/** Two panels side by side, or one below the other where there is no room. */
export function panelsIn(width: number): { readonly columns: number; readonly width: number } {
  return width < TWO_COLUMNS ? { columns: 1, width } : { columns: 2, width: Math.floor((width - GAP) / 2) };
}

/** The line of a measure over the epochs. */
export function lineOf(history: readonly EpochRecord[], measure: Measure): Point[] {
  return history.flatMap((record) => {
    const value = record[measure];
    return value === null || value === undefined ? [] : [{ epoch: record.epoch, value }];
  });
}

/** The least validation error and when it was found: within an epoch, where the report tells. */
export function bestOf({ history, bestIteration, validationError, batches }: CurveReport): Point | undefined {
  const errors = lineOf(history, "validationError");
  if (errors.length === 0) return undefined;
  const least = errors.reduce((best, point) => point.value < best.value ? point : best);
  if (!bestIteration || !batches) return least;
  return { epoch: bestIteration / batches, value: Math.min(least.value, validationError ?? Infinity) };
}

/** `error (%)`. */
export function errorLabel(unit: Report["errorUnit"]): string {
  return unit === "" ? "error" : `error (${unit})`;
}

/**
 * The learning curves of a training: loss and error, in training and in validation, over the epochs. The least validation
 * error is marked.
 *
 * @throws {LibraryError} if the library that draws cannot be loaded.
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
export async function learningCurves(report: CurveReport, options: CurveOptions = {}): Promise<Picture> {
  const { title = report.model ?? "Learning curves", width = 720, height = 260, logarithmic = false } = options;
  const { history, errorUnit } = report;
  const layout = panelsIn(width);
  const shared = { width: layout.width, height, logarithmic };
  const pair = (training: Measure, validation: Measure): Series[] => [
    { name: "training", points: lineOf(history, training) },
    { name: "validation", points: lineOf(history, validation) },
  ];
  const best = bestOf(report);
  const panels = await Promise.all([
    curves({ ...shared, series: pair("trainLoss", "validationLoss"), label: "loss" }),
    curves({ ...shared, series: pair("trainError", "validationError"), label: errorLabel(errorUnit), mark: best }),
  ]);
  const found = best && `best: ${formatError(best.value, errorUnit)} in epoch ${Math.ceil(best.epoch)}`;
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
