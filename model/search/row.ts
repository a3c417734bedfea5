/**
 * Rows of a search: one combination of hyperparameters, and what came of it.
 *
 * @module
 */

import type { HyperparameterValue, HyperparameterValues } from "../hyperparameters.ts";
import type { ErrorUnit } from "../training/task.ts";

/** How a combination ended: trained to its end, stopped since others did better, or with an error. */
export type Outcome = "trained" | "gaveUp" | "failed";

/** What came of one combination. */
export interface Trial {
  /** How it ended. */
  readonly outcome: Outcome;
  /** That of the weights that were kept; null where there was none. */
  readonly validationError: number | null;
  /** That of the weights that were kept; null without a test set, or where training did not end by itself. */
  readonly testError: number | null;
  /** The unit of all errors. */
  readonly errorUnit: ErrorUnit;
  /** The iteration, counted from 1, with the least validation error. */
  readonly bestIteration: number | null;
  /** Epochs begun. */
  readonly epochs: number;
  /** The validation error after each epoch; null before the first validation. */
  readonly errors: readonly (number | null)[];
  /** Seconds that it took, building and compiling included. */
  readonly seconds: number;
  /** What computed it. */
  readonly device: string;
  /** The error it ended with; null where there was none. */
  readonly failure: { readonly name: string; readonly message: string } | null;
}

/** One combination, and what came of it. */
export interface SearchRow<V extends HyperparameterValues = HyperparameterValues> extends Trial {
  /** Which combination of the whole search, counted from 0. */
  readonly number: number;
  /** Its hyperparameters, frozen. */
  readonly hyperparameters: V;
}

/** A value of a hyperparameter as text or JSON shows it: functions by their name. */
export type Label = Exclude<HyperparameterValue, (...args: never[]) => unknown>;

/** A value of a hyperparameter as journals and tables show it. */
export function labelOf(value: HyperparameterValue): Label {
  return typeof value === "function" ? value.name || "(function)" : value;
}

/** The same for all values of a combination. */
export function labelsOf(values: HyperparameterValues): Readonly<Record<string, Label>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, labelOf(value)]));
}

/** Sorts rows: the least validation error first, those without one last, equal ones by their number. */
export function compareRows(a: SearchRow, b: SearchRow): number {
  const [left, right] = [a.validationError ?? Infinity, b.validationError ?? Infinity];
  return left === right ? a.number - b.number : left - right;
}
