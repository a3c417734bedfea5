/**
 * Rows of a search: a combination of hyperparameters, and its results.
 *
 * @module
 */

import type { HyperparameterValue, HyperparameterValues } from "../hyperparameters.ts";
import type { ErrorUnit } from "../training/task.ts";

/** How a combination ended: trained, given up because others did better, or failed with an error. */
export type Outcome = "trained" | "gaveUp" | "failed";

/** The results of a combination. */
export interface Trial {
  /** How it ended. */
  readonly outcome: Outcome;
  /** The validation error of the weights that were kept; null if there was no validation, or no metric. */
  readonly validationError: number | null;
  /** The test error of the weights that were kept; null without a test set or metric, or if training was stopped. */
  readonly testError: number | null;
  /** Their mean cost in validation, by which they were chosen without a metric; earlier journals do not have it. */
  readonly validationLoss?: number | null;
  /** Their mean cost on the test set; earlier journals do not have it. */
  readonly testLoss?: number | null;
  /** The unit of all errors. */
  readonly errorUnit: ErrorUnit;
  /** The iteration, counted from 1, with the best validation error. */
  readonly bestIteration: number | null;
  /** Epochs started. */
  readonly epochs: number;
  /** The validation error after each epoch, or without a metric the loss; null before the first validation. */
  readonly errors: readonly (number | null)[];
  /** The seconds that it took, including building and compiling. */
  readonly seconds: number;
  /** The device. */
  readonly device: string;
  /** The error of a failed combination; otherwise null. */
  readonly failure: { readonly name: string; readonly message: string } | null;
}

/** A combination and its results. */
export interface SearchRow<V extends HyperparameterValues = HyperparameterValues> extends Trial {
  /** The number of the combination within the whole search, counted from 0. */
  readonly number: number;
  /** Its hyperparameters, frozen. */
  readonly hyperparameters: V;
}

/** A hyperparameter value in text or JSON; functions are replaced by their name. */
export type Label = Exclude<HyperparameterValue, (...args: never[]) => unknown>;

/** A hyperparameter value in journals and tables. */
export function labelOf(value: HyperparameterValue): Label {
  return typeof value === "function" ? value.name || "(function)" : value;
}

/** The same for all values of a combination. */
export function labelsOf(values: HyperparameterValues): Readonly<Record<string, Label>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, labelOf(value)]));
}

/** The result by which rows are compared: the validation error, or without a metric the validation loss. */
export function scoreOf(
  { validationError, validationLoss }: Pick<Trial, "validationError" | "validationLoss">,
): number | null {
  return validationError ?? validationLoss ?? null;
}

/** Sorts rows: the best validation error (or loss) first, rows without one last, equal ones by number. */
export function compareRows(a: SearchRow, b: SearchRow): number {
  const [left, right] = [scoreOf(a) ?? Infinity, scoreOf(b) ?? Infinity];
  return left === right ? a.number - b.number : left - right;
}
