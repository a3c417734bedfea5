/**
 * The task of a training: what a network learns, by what it is judged, and how it changes.
 *
 * @module
 */

import type { Objective } from "../../optim/objectives.ts";
import { getObjective } from "../../optim/registry.ts";
import type { UpdateRule } from "../../optim/update_rule.ts";
import type { Augmentation } from "../../data/augment/augmentation.ts";
import type { NamedTensors } from "../../data/tensor_set.ts";
import type { Network } from "../network.ts";
import type { Evaluation } from "./evaluation.ts";
import { wholeMetric } from "./ignored_class.ts";
import { knownName, optionsOf } from "./measure_names.ts";
import type { MeasureNames, Output } from "./outputs.ts";

/** The task of a training. */
export interface Task {
  readonly network: Network;
  /** The outputs of the network, at least one. */
  readonly outputs: readonly Output[];
  readonly rule: UpdateRule;
  /** Examples per step. */
  readonly batchSize: number;
  /** Whether the costs of training are multiplied by weights, whose sums are kept, too. */
  readonly isWeighted?: boolean;
  /** How the examples of each step are changed (default: not at all). */
  readonly augment?: readonly Augmentation<NamedTensors>[] | undefined;
  /** The value by which the best weights are chosen (default: the error, or the loss without one). */
  readonly monitor?: "loss" | MonitoredMetric | undefined;
}

/** A value of a metric that is monitored. */
export interface MonitoredMetric {
  readonly name: string;
  readonly direction: "maximize" | "minimize";
}

/** The outputs of a task. */
type OfOutputs = Pick<Task, "outputs">;

/** The error of each example by which a task is judged; null if it has several outputs, or is judged by its costs. */
export function errorIn({ outputs: [first, ...others] }: OfOutputs): Objective | null {
  return others.length > 0 ? null : first.error;
}

/** The names of the objective and the metric of a task; of several outputs, there is no common one. */
export function namesIn({ outputs: [first, ...others] }: OfOutputs): MeasureNames | undefined {
  return others.length > 0 ? { objective: "", metric: null } : first.names;
}

/** Whether a task has results by name: metrics, or the losses of several outputs. */
export function hasNamedResults({ outputs }: OfOutputs): boolean {
  return outputs.length > 1 || outputs.some(({ metrics }) => metrics !== undefined);
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
export function monitorOf(task: Pick<Task, "outputs" | "monitor">): MonitorFields {
  const { monitor } = task;
  if (typeof monitor === "object") return { monitoredMetric: monitor.name };
  return { monitor: errorIn(task) === null || monitor === "loss" ? "validationLoss" : "validationError" };
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
