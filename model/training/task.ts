/**
 * The task of a training: what a network learns, by what it is judged, and how it changes.
 *
 * @module
 */

import type { Objective } from "../../optim/objectives.ts";
import { getObjective } from "../../optim/registry.ts";
import type { UpdateRule } from "../../optim/update_rule.ts";
import type { Metric } from "../../optim/set_metrics/metric.ts";
import type { Augmentation } from "../../data/augment/augmentation.ts";
import type { TensorPair } from "../../data/tensor_set.ts";
import type { Evaluation } from "./evaluation.ts";
import type { MetricForms } from "./set_metrics.ts";
import { wholeMetric } from "./ignored_class.ts";
import { knownName, optionsOf } from "./measure_names.ts";
import type { Measures } from "./outcome.ts";

/** The task of a training. */
export interface Task extends Measures {
  readonly rule: UpdateRule;
  /** Examples per step. */
  readonly batchSize: number;
  /** The names of objective and metric. */
  readonly names?: MeasureNames;
  /** Whether the costs of training are multiplied by weights, whose sums are kept, too. */
  readonly isWeighted?: boolean;
  /** How the examples of each step are changed (default: not at all). */
  readonly augment?: readonly Augmentation<TensorPair>[] | undefined;
  /** Metrics of whole sets (default: none). */
  readonly metrics?: readonly Metric[];
  /** What they judge in training, if there are any. */
  readonly forms?: MetricForms;
  /** The value by which the best weights are chosen (default: the error, or the loss without one). */
  readonly monitor?: "loss" | MonitoredMetric | undefined;
}

/** A value of a metric that is monitored. */
export interface MonitoredMetric {
  readonly name: string;
  readonly direction: "maximize" | "minimize";
}

/** The names of what a training minimizes and measures. */
export interface MeasureNames {
  /** The objective; empty if the function has no name. */
  readonly objective: string;
  /** The metric that was given, which may be an accuracy; null without one. */
  readonly metric: string | null;
}

/** Accuracies, and the corresponding errors. */
const errorsByAccuracy: Readonly<Record<string, string>> = {
  categoricalAccuracy: "categoricalError",
  binaryAccuracy: "binaryError",
};

/** The error of a metric: the metric itself, or the error that corresponds to an accuracy, with the same options. */
export function errorOf(metric: Objective): Objective {
  const error = errorsByAccuracy[knownName(metric) ?? ""];
  return error === undefined ? metric : getObjective(error, optionsOf(metric));
}

/** The unit in which an error is reported: percent for rates, none for others. */
export function unitOf(error: Objective | null): ErrorUnit {
  const name = error && knownName(wholeMetric(error));
  return name && Object.values(errorsByAccuracy).includes(name) ? "%" : "";
}

/** The factor that converts an error to its unit. */
export function scaleOf(error: Objective | null): number {
  return unitOf(error) === "%" ? 100 : 1;
}

/** `%` for rates, nothing for others. */
export type ErrorUnit = "%" | "";

/** The result of a validation by which the best weights are chosen: the lower, the better. */
export type Monitor = "validationError" | "validationLoss";

/** What a task monitors, as events and reports say it. */
export interface MonitorFields {
  readonly monitor?: Monitor;
  readonly monitoredMetric?: string;
}

/** The quantity that a task monitors: by default the error if it has a metric, otherwise the mean of the objective. */
export function monitorOf({ error, monitor }: Pick<Task, "error" | "monitor">): MonitorFields {
  if (typeof monitor === "object") return { monitoredMetric: monitor.name };
  return { monitor: error === null || monitor === "loss" ? "validationLoss" : "validationError" };
}

/** The monitored value of a validation. */
export function monitoredValue({ monitor }: Pick<Task, "monitor">, { cost, error, metrics }: Evaluation): number {
  if (monitor === "loss") return cost;
  return monitor === undefined ? error ?? cost : metrics?.[monitor.name] ?? NaN;
}

/**
 * The number by which validations are compared: the lower, the better. Of metrics that are maximized it is 1 − the value,
 * which for shares is the error.
 */
export function scoreOf({ monitor }: Pick<Task, "monitor">, monitored: number): number {
  return typeof monitor === "object" && monitor.direction === "maximize" ? 1 - monitored : monitored;
}

/** A validation, as events, epochs and reports show it. */
export interface Validated {
  readonly validationError: number | null;
  readonly validationLoss: number | null;
}

/** The value of the monitored quantity: the error, or the loss if there is no error. */
export function monitoredIn({ validationError, validationLoss }: Validated): number | null {
  return validationError ?? validationLoss;
}
