/**
 * The names of losses and metrics, and their values as text.
 *
 * @module
 */

import { numberText } from "../number_text.ts";
import type { StartEvent } from "../training/events.ts";
import type { MetricValues } from "../training/set_metrics.ts";
import type { ErrorUnit } from "../training/task.ts";

/** What a training minimizes and measures, in words. */
export interface Measures {
  /** The objective: `categorical crossentropy error`. Empty if it has no name. */
  readonly objective: string;
  /** The metric: `categorical error`; null without one. */
  readonly metric: string | null;
  /** The same, shorter if possible: `error`. */
  readonly shortMetric: string | null;
  readonly unit: ErrorUnit;
  /** Whether the metric is an accuracy. Events have the corresponding error. */
  readonly isAccuracy: boolean;
}

/** The measures of a training that has not started yet. */
export const unknownMeasures: Measures = measuresOf({});

/** The measures of a training. */
export function measuresOf(
  { objective = "", metric = "error", errorUnit = "%" }: Partial<
    Pick<StartEvent, "objective" | "metric" | "errorUnit">
  >,
): Measures {
  const words = metric === null ? null : wordsOf(metric) || "error";
  // Rates are all of the same kind, so the last word says enough.
  const short = errorUnit === "%" ? /(?:error|accuracy)$/.exec(words ?? "")?.[0] : undefined;
  return {
    objective: wordsOf(objective),
    metric: words,
    shortMetric: short ?? words,
    unit: errorUnit,
    isAccuracy: errorUnit === "%" && short === "accuracy",
  };
}

/** The words of a name: `mean squared error` for `meanSquaredError`. */
function wordsOf(name: string): string {
  return name.replaceAll(/(?<=[a-z\d])(?=[A-Z])/g, " ").replaceAll("_", " ").toLowerCase();
}

/** Results of a set, as events and reports have them. */
export interface MeasuredSet {
  /** In the unit of the metric; null without one. */
  readonly error: number | null;
  readonly loss: number | null;
  /** Other metrics by name, if there are any. */
  readonly metrics?: MetricValues | null | undefined;
}

/** How much a text should say. */
export type Wording = "full" | "short";

/**
 * The results of a set: `validation loss 0.08123, categorical error 2.240 %`. Without a metric, the loss is that of the
 * objective, which is named: `validation loss 0.25 (mean squared error)`. Empty if there are none.
 */
export function measuredText(set: string, { error, loss, metrics }: MeasuredSet, measures: Measures): string {
  const named = measures.metric === null && measures.objective ? ` (${measures.objective})` : "";
  const parts = [
    ...(loss === null ? [] : [`loss ${numberText(loss)}${named}`]),
    ...(error === null ? [] : [errorText(error, measures)]),
    ...metricTexts(metrics ?? {}),
  ];
  return parts.length === 0 ? "" : `${set} ${parts.join(", ")}`;
}

/** Metrics with their names. Of metrics with a value per class there would be too many. */
export function metricTexts(metrics: MetricValues): string[] {
  return Object.entries(metrics).filter(([name]) => !/\/\d+$/.test(name)).map(([name, value]) =>
    `${/^[a-z]\w*$/.test(name) ? wordsOf(name) : name} ${numberText(value)}`
  );
}

/**
 * The same in fewer words: `validation loss 0.08123, error 2.240 %`; without a metric only the loss, by the name of the
 * objective: `validation mean squared error 0.25`.
 */
export function shortText(set: string, { error, loss }: MeasuredSet, measures: Measures): string {
  const parts = [
    ...(loss === null ? [] : [lossText(loss, measures)]),
    ...(error === null ? [] : [errorText(error, measures, "short")]),
  ];
  return parts.length === 0 ? "" : `${set} ${parts.join(", ")}`;
}

/** A loss; without a metric it is named after the objective. */
export function lossText(loss: number, { metric, objective }: Measures): string {
  return `${metric === null && objective ? objective : "loss"} ${numberText(loss)}`;
}

/** The value of the metric, with its name; an accuracy if the metric is one. */
export function errorText(
  error: number,
  { metric, shortMetric, unit, isAccuracy }: Measures,
  wording: Wording = "full",
): string {
  const name = (wording === "full" ? metric : shortMetric) ?? "error";
  return `${name} ${numberText(isAccuracy ? 100 - error : error)} ${unit}`.trimEnd();
}
