/**
 * The step that replaces missing values.
 *
 * @module
 */

import { finite } from "../../core/options/numbers.ts";
import { custom } from "../../core/options/option.ts";
import { either, flag, list, oneOf } from "../../core/options/values.ts";
import { DataError } from "../errors.ts";
import type { Column } from "../table/column.ts";
import { timeOf } from "../table/dates.ts";
import { areFeatures, columnOf, type Features, numbersOf, type Stage, titleOf } from "./features.ts";
import { meanOf, trainingNumbers } from "./number_steps.ts";
import { step } from "./step.ts";

const anyText = custom<string>({
  expected: "a text",
  accepts: (value): value is string => typeof value === "string",
});

/** What missing values are replaced by. */
export const imputeOptions = {
  with: oneOf(["mean", "median", "most frequent"], {
    otherwise: "mean, and for texts most frequent",
    help: "statistic of the training set that replaces missing values",
  }),
  value: either([finite(), anyText], {
    help: 'number, text, or date such as "2024-02-29", that replaces missing values',
  }),
  indicator: flag({ default: false, help: "add a feature that is 1 where a value was missing" }),
};

type Statistic = "mean" | "median" | "most frequent";

const statisticsByName: Readonly<Record<Statistic, (known: Float64Array) => number>> = {
  mean: meanOf,
  median: (known) => {
    const sorted = known.slice().sort();
    const middle = sorted.length / 2;
    return meanOf(sorted.subarray(Math.ceil(middle) - 1, Math.floor(middle) + 1));
  },
  "most frequent": (known) => {
    const counts = new Map<number, number>();
    for (const one of known) counts.set(one, (counts.get(one) ?? 0) + 1);
    // The least of several, as in scikit-learn.
    return [...counts].reduce((best, one) =>
      one[1] > best[1] || one[1] === best[1] && one[0] < best[0] ? one : best
    )[0];
  },
};

/** Whether a stage is a column whose values are not numbers yet. */
function isOfTexts(stage: Stage): stage is Column {
  return !areFeatures(stage) && stage.type === "text";
}

function isOfDates(stage: Stage): stage is Column {
  return !areFeatures(stage) && stage.type === "date";
}

/** The most frequent text; of several the first in the order of their letters. */
function mostFrequent(column: Column): string {
  const counts = new Map<string, number>();
  column.values.forEach((text) => {
    if (typeof text === "string") counts.set(text, (counts.get(text) ?? 0) + 1);
  });
  if (counts.size === 0) {
    throw new DataError(
      `Cannot impute ${titleOf(column)}: expected some values, got only missing ones; drop the column`,
    );
  }
  return [...counts].reduce((best, one) => one[1] > best[1] || one[1] === best[1] && one[0] < best[0] ? one : best)[0];
}

function refuse(stage: Stage, expected: string, got: string): DataError {
  return new DataError(`Cannot impute ${titleOf(columnOf(stage))}: expected ${expected}, got ${got}`);
}

interface ImputeOptions {
  readonly with: Statistic | undefined;
  readonly value: number | string | undefined;
}

/** The text that replaces missing ones. */
function textFor(stage: Column, { with: statistic = "most frequent", value }: ImputeOptions): string {
  if (typeof value === "number") throw refuse(stage, "a text as value, for a column of texts", String(value));
  if (value === undefined && statistic !== "most frequent") {
    throw refuse(stage, '"most frequent" for a column of texts', statistic);
  }
  return value ?? mostFrequent(stage);
}

/** The numbers that replace missing ones, one for each feature. */
function numbersFor(stage: Stage, { with: statistic = "mean", value }: ImputeOptions): number[] {
  if (value !== undefined && isOfDates(stage)) return [dateFor(stage, value)];
  if (typeof value === "string") {
    throw refuse(stage, "a number as value, for a column of numbers", JSON.stringify(value));
  }
  const features = plainNumbers(stage);
  if (value !== undefined) return features.values.map(() => value);
  return trainingNumbers("impute", features).map((known) => statisticsByName[statistic](known));
}

/** The date that replaces missing ones, in milliseconds. */
function dateFor(stage: Column, value: number | string): number {
  const time = typeof value === "string" ? timeOf(value) : undefined;
  if (time !== undefined) return time;
  throw refuse(stage, 'a date such as "2024-02-29" as value, for a column of dates', JSON.stringify(value));
}

/** The numbers of a column, also of dates. */
function plainNumbers(stage: Stage): Features {
  if (!isOfDates(stage)) return numbersOf("impute", stage);
  return { column: stage, names: [stage.name], values: [stage.numbers] };
}

/** Replaces missing values by a statistic of the training set, or by a value. Source: scikit-learn, SimpleImputer. */
export const imputeStep = step({
  options: imputeOptions,
  fitted: {
    values: list(either([finite(), anyText]), { required: true, items: "numbers or texts" }),
    indicator: flag({ required: true }),
  },
  fit: (stage, { with: statistic, value, indicator }) => {
    if (statistic !== undefined && value !== undefined) throw refuse(stage, "either with or value", "both");
    const given = { with: statistic, value };
    if (indicator && (isOfTexts(stage) || isOfDates(stage))) {
      throw refuse(
        stage,
        "an indicator only for numbers",
        `${stage.type}s; ${
          isOfTexts(stage) ? '["oneHot", { missing: "column" }] has one' : 'impute after "daysSince"'
        }`,
      );
    }
    return { values: isOfTexts(stage) ? [textFor(stage, given)] : numbersFor(stage, given), indicator };
  },
  apply: (stage, { values, indicator }) => {
    if (isOfTexts(stage)) return withText(stage, String(values[0]));
    const features = plainNumbers(stage);
    const filled = features.values.map((one, i) => one.map((value) => Number.isNaN(value) ? Number(values[i]) : value));
    if (isOfDates(stage)) return stage.withNumbers(filled[0]);
    if (!indicator) return { ...features, values: filled };
    return {
      column: features.column,
      names: [...features.names, ...features.names.map((name) => `${name} is missing`)],
      values: [...filled, ...features.values.map((one) => one.map((value) => Number.isNaN(value) ? 1 : 0))],
    };
  },
});

function withText(column: Column, text: string): Column {
  const known = column.texts.indexOf(text);
  const code = known === -1 ? column.texts.length : known;
  const numbers = column.numbers.map((one) => Number.isNaN(one) ? code : one);
  return column.withNumbers(numbers, known === -1 ? [...column.texts, text] : column.texts);
}
