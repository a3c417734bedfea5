/**
 * Steps for dates: days since a date, and parts such as the month.
 *
 * @module
 */

import { finite } from "../../core/options/numbers.ts";
import { custom } from "../../core/options/option.ts";
import { list, oneOf } from "../../core/options/values.ts";
import { showValue } from "../../core/options/show.ts";
import { DataError } from "../errors.ts";
import type { Column } from "../table/column.ts";
import { DAY, timeOf } from "../table/dates.ts";
import { areFeatures, columnOf, type Features, type Stage, titleOf } from "./features.ts";
import { knownOf } from "./number_steps.ts";
import { step } from "./step.ts";

/** The parts of a date, in UTC. */
const parts: Readonly<Record<DatePart, (date: Date) => number>> = {
  year: (date) => date.getUTCFullYear(),
  month: (date) => date.getUTCMonth() + 1,
  day: (date) => date.getUTCDate(),
  /** From 1, Monday, to 7. */
  weekday: (date) => date.getUTCDay() || 7,
  hour: (date) => date.getUTCHours(),
  minute: (date) => date.getUTCMinutes(),
};

/** The name of a part of a date. */
export type DatePart = "year" | "month" | "day" | "weekday" | "hour" | "minute";

const partNames = Object.keys(parts) as DatePart[];

const usualParts: readonly DatePart[] = ["year", "month", "weekday"];

/** The options of the parts of a date. */
export const datePartsOptions = {
  parts: list(oneOf(partNames), { default: usualParts, help: "parts of the date" }),
};

const dateText = custom<string>({
  expected: "a date such as 2024-02-29",
  accepts: (value): value is string => typeof value === "string" && timeOf(value) !== undefined,
  resembles: (value) => typeof value === "string",
});

/** The options of days since a date. */
export const daysSinceOptions = {
  date: { ...dateText, help: "the first day", otherwise: "the first date of the training set" },
};

function datesOf(action: string, stage: Stage): Column {
  if (!areFeatures(stage) && stage.type === "date") return stage;
  const column = columnOf(stage);
  const row = column.numbers.findIndex((one) => !Number.isNaN(one));
  // A column without any value has no type of its own.
  if (!areFeatures(stage) && row < 0) return column;
  const got = areFeatures(stage)
    ? "numbers of the steps before"
    : `${showValue(String(column.at(row)))} in ${column.place(row)}`;
  throw new DataError(
    `Cannot ${action} ${titleOf(column)}: expected dates such as 2024-02-29, got ${got}`,
  );
}

/** Days since a date, with their fractions. */
export const daysSinceStep = step({
  options: daysSinceOptions,
  fitted: { since: finite({ required: true, help: "milliseconds since 1970" }) },
  fit: (stage, { date }) => {
    const column = datesOf("count the days of", stage);
    if (date !== undefined) return { since: timeOf(date)! };
    const known = knownOf(column.numbers);
    if (known.length > 0) return { since: known.reduce((a, b) => Math.min(a, b)) };
    throw new DataError(
      `Cannot count the days of ${titleOf(column)}: expected some dates, got only missing ones; drop the column`,
    );
  },
  apply: (stage, { since }): Features => {
    const column = datesOf("count the days of", stage);
    return { column, names: [column.name], values: [column.numbers.map((time) => (time - since) / DAY)] };
  },
});

/** Parts of dates as numbers: year, month (1 to 12), day, weekday (1, Monday, to 7), hour, minute. */
export const datePartsStep = step({
  options: datePartsOptions,
  fitted: { parts: list(oneOf(partNames), { required: true }) },
  fit: (stage, { parts }) => {
    datesOf("take parts of", stage);
    return { parts };
  },
  apply: (stage, { parts: names }): Features => {
    const column = datesOf("take parts of", stage);
    const values = names.map((name) =>
      column.numbers.map((time) => Number.isNaN(time) ? NaN : parts[name](new Date(time)))
    );
    return { column, names: names.map((name) => `${column.name} ${name}`), values };
  },
});
