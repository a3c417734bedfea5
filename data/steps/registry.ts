/**
 * The steps of preprocessings by their names.
 *
 * @module
 */

import { classesStep, oneHotStep } from "./category_steps.ts";
import { type DatePart, datePartsStep, daysSinceStep } from "./date_steps.ts";
import { imputeStep } from "./impute.ts";
import { logStep, normalizeStep, standardizeStep } from "./number_steps.ts";
import type { AnyStep } from "./step.ts";

/** How values are treated: they are refused, they have no feature, or they have a feature of their own. */
export type Treatment = "refuse" | "ignore" | "column";

/** The options of each step. */
export interface OptionsByStep {
  /** Mean 0 and standard deviation 1 in the training set: (x − mean) / deviation. */
  readonly standardize: Readonly<Record<never, never>>;
  /** 0 … 1 in the training set: (x − least) / (greatest − least). */
  readonly normalize: Readonly<Record<never, never>>;
  /** log(x + offset); `offset` is 0 by default. */
  readonly log: { readonly offset?: number };
  /**
   * Replaces missing values by a statistic of the training set (default: the mean, of texts the most frequent one), or by
   * a `value`; `indicator` adds a feature that is 1 where a value was missing.
   */
  readonly impute: {
    readonly with?: "mean" | "median" | "most frequent";
    readonly value?: number | string;
    readonly indicator?: boolean;
  };
  /**
   * A feature for each category of the training set. Categories that it does not have, and missing values, are refused by
   * default; `"ignore"` leaves all features 0, and `"column"` adds one.
   */
  readonly oneHot: { readonly unknown?: Treatment; readonly missing?: Treatment };
  /** Days since a date (default: the first one of the training set), with their fractions. */
  readonly daysSince: { readonly date?: string };
  /** Parts of a date in UTC (default: year, month and weekday); weekdays are counted from 1, Monday, to 7. */
  readonly dateParts: { readonly parts?: readonly DatePart[] };
  /** Only for targets: class numbers, by the order of the categories of the training set. */
  readonly classes: Readonly<Record<never, never>>;
}

/** The name of a step. */
export type StepName = keyof OptionsByStep;

/** A step: its name, or its name and its options. */
export type ColumnStep = StepName | { [N in StepName]: readonly [name: N, options: OptionsByStep[N]] }[StepName];

/** The steps for a column: one, several in their order, or those that suit its type. An empty list keeps the numbers. */
export type ColumnSteps = "auto" | ColumnStep | readonly ColumnStep[];

/** All steps. */
export const steps: Readonly<Record<StepName, AnyStep>> = {
  standardize: standardizeStep,
  normalize: normalizeStep,
  log: logStep,
  impute: imputeStep,
  oneHot: oneHotStep,
  daysSince: daysSinceStep,
  dateParts: datePartsStep,
  classes: classesStep,
};
