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
import { compose, type Panel } from "./compose.ts";
import { type Curves, curves, legendOf, type Point, type Series } from "./curve_data.ts";
import type { Picture } from "./picture.ts";
import { showNumber } from "./scale.ts";

/** The data of learning curves: a report, or these parts of one. */
export type CurveReport =
  & Pick<Report, "history" | "errorUnit">
  & Partial<
    & Pick<Report, "model" | "bestIteration" | "validationError" | "validationLoss" | "batches" | "monitor">
    & Pick<
      Report,
      "monitoredMetric" | "metrics"
    >
  >;

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

/** The names of the metrics of a history, without those that have a value per class. */
export function metricNames(history: readonly EpochRecord[]): string[] {
  return Object.keys(history.at(-1)?.metrics?.training ?? {}).filter((name) => !/\/\d+$/.test(name));
}

/** Returns the line of a metric over the epochs. */
export function metricLine(
  history: readonly EpochRecord[],
  set: "training" | "validation",
  name: string,
): Point[] {
  return history.flatMap(({ epoch, metrics }) => {
    const value = metrics?.[set]?.[name];
    return value === undefined || Number.isNaN(value) ? [] : [{ epoch, value }];
  });
}

/** The best validation. */
export interface Best extends Point {
  /** What was the best: the error, the loss, or the value of a metric. */
  readonly of: "error" | "loss" | { readonly metric: string };
}

/**
 * Returns the best validation and its time, as a fraction of an epoch if the report has it: the best error, without errors
 * the best loss, or what the training monitored.
 */
export function bestOf(report: CurveReport): Best | undefined {
  const { history, bestIteration, validationError, validationLoss, batches, monitor, monitoredMetric: metric } = report;
  const epoch = bestIteration && batches ? bestIteration / batches : undefined;
  if (metric !== undefined) {
    const value = report.metrics?.validation?.[metric];
    return epoch === undefined || value === undefined ? undefined : { epoch, value, of: { metric } };
  }
  const of = hasErrors(history) && monitor !== "validationLoss" ? "error" : "loss";
  const values = lineOf(history, of === "error" ? "validationError" : "validationLoss");
  if (values.length === 0) return undefined;
  const least = values.reduce((best, point) => point.value < best.value ? point : best);
  if (epoch === undefined) return { ...least, of };
  const found = (of === "error" ? validationError : null) ?? validationLoss ?? Infinity;
  return { epoch, value: Math.min(least.value, found), of };
}

/** Returns the best validation as text: `best: 1.360 % in epoch 3`. */
export function bestText({ epoch, value, of }: Best, errorUnit: Report["errorUnit"]): string {
  const name = typeof of === "object" ? ` ${of.metric}` : "";
  return `best${name}: ${showBest(value, of === "error" ? errorUnit : "")} in epoch ${Math.ceil(epoch)}`;
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
 * Draws the learning curves of a training: loss, error and metrics, in training and in validation, over the epochs. The
 * best validation is marked.
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
  const best = bestOf(report);
  const panels = await panelsOf(report, best, { width: layout.width, height, logarithmic });
  const found = best && bestText(best, errorUnit);
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

/** The panels of losses, of errors if there are any, and of metrics. */
function panelsOf(
  { history, errorUnit }: CurveReport,
  best: Best | undefined,
  shared: Pick<Curves, "width" | "height" | "logarithmic">,
): Promise<Panel[]> {
  const pair = (training: Measure, validation: Measure): Series[] => [
    { name: "training", points: lineOf(history, training) },
    { name: "validation", points: lineOf(history, validation) },
  ];
  const markIf = (isBest: boolean): Best | undefined => isBest ? best : undefined;
  const withErrors = hasErrors(history) || history.every(({ validationLoss }) => validationLoss === null);
  const errors = { series: pair("trainError", "validationError"), label: errorLabel(errorUnit) };
  return Promise.all([
    curves({
      ...{ ...shared, series: pair("trainLoss", "validationLoss"), label: "loss" },
      mark: markIf(best?.of === "loss"),
    }),
    ...withErrors ? [curves({ ...shared, ...errors, mark: markIf(best?.of === "error") })] : [],
    ...metricNames(history).map((name) =>
      curves({
        ...{ ...shared, logarithmic: false, label: name, mark: markIf(isBestOf(best, name)) },
        series: (["training", "validation"] as const).map((set) => ({
          name: set,
          points: metricLine(history, set, name),
        })),
      })
    ),
  ]);
}

/** Whether the best validation was that of a metric. */
function isBestOf(best: Best | undefined, name: string): boolean {
  return typeof best?.of === "object" && best.of.metric === name;
}

/** Returns the best error as text: as in logs, or with a power of ten if that would be 0.000. */
function showBest(value: number, unit: Report["errorUnit"]): string {
  return value === 0 || Math.abs(value) >= 0.001 ? formatError(value, unit) : `${showNumber(value)} ${unit}`.trimEnd();
}
