import { assertEquals, assertThrows } from "@std/assert";
import { DataError } from "../errors.ts";
import { tableOf } from "../table/table_of.ts";
import type { Cell } from "../table/column.ts";
import { datePartsOptions, datePartsStep, daysSinceOptions, daysSinceStep } from "./date_steps.ts";
import type { Features, Stage } from "./features.ts";

const columnOf = (...cells: Cell[]): Stage => tableOf(cells.map((c) => ({ c }))).column("c");
const date = (text: string): Date => new Date(text);

function valuesOf(stage: Stage): number[][] {
  return (stage as Features).values.map((one) => [...one]);
}

Deno.test("days are counted from the first date, with their fractions, also before it", () => {
  const dates = columnOf(date("2024-03-02"), null, date("2024-02-28T12:00:00Z"), date("2024-03-01"));
  const fitted = daysSinceStep.fit(dates, {});
  assertEquals(fitted, { since: Date.UTC(2024, 1, 28, 12) });
  assertEquals(valuesOf(daysSinceStep.apply(dates, fitted)), [[2.5, NaN, 0, 1.5]]);
  const later = daysSinceStep.fit(dates, { date: "2024-03-01" });
  assertEquals(valuesOf(daysSinceStep.apply(dates, later)), [[1, NaN, -1.5, 0]]);
  assertEquals((daysSinceStep.apply(dates, fitted) as Features).names, ["c"]);
  const one = columnOf(date("1970-01-01"));
  assertEquals(daysSinceStep.fit(one, {}), { since: 0 });
});

Deno.test("parts of dates are those of UTC, with months and weekdays from 1", () => {
  // A Sunday, a Monday and a Saturday.
  const dates = columnOf(date("2024-12-01T23:59:00Z"), date("2024-01-29T00:07:00Z"), date("1969-12-06"), null);
  const parts = ["year", "month", "day", "weekday", "hour", "minute"];
  const stage = datePartsStep.apply(dates, datePartsStep.fit(dates, { parts })) as Features;
  assertEquals(stage.names, parts.map((part) => `c ${part}`));
  assertEquals(valuesOf(stage), [
    [2024, 2024, 1969, NaN],
    [12, 1, 12, NaN],
    [1, 29, 6, NaN],
    [7, 1, 6, NaN],
    [23, 0, 0, NaN],
    [59, 7, 0, NaN],
  ]);
  assertEquals(datePartsOptions.parts.default, ["year", "month", "weekday"]);
});

Deno.test("a column without values may hold dates, but no day is the first", () => {
  const empty = columnOf(null, null);
  assertEquals(valuesOf(daysSinceStep.apply(empty, { since: 0 })), [[NaN, NaN]]);
  assertEquals(valuesOf(datePartsStep.apply(empty, { parts: ["day"] })), [[NaN, NaN]]);
  assertEquals(daysSinceStep.fit(empty, { date: "1970-01-02" }), { since: 86_400_000 });
  assertThrows(() => daysSinceStep.fit(empty, {}), DataError, "expected some dates, got only missing ones");
});

Deno.test("numbers and texts are no dates, and neither are numbers of the steps before", () => {
  const message = 'Cannot take parts of column "c": expected dates such as 2024-02-29, got ';
  assertThrows(() => datePartsStep.fit(columnOf(null, 3), { parts: ["day"] }), DataError, `${message}"3" in row 1`);
  assertThrows(() => datePartsStep.fit(columnOf("soon"), { parts: ["day"] }), DataError, `${message}"soon" in row 0`);
  const days = daysSinceStep.apply(columnOf(date("2024-03-02")), { since: 0 });
  assertThrows(
    () => datePartsStep.apply(days, { parts: ["day"] }),
    DataError,
    `${message}numbers of the steps before`,
  );
  const without = daysSinceStep.apply(columnOf(null), { since: 0 });
  assertThrows(() => daysSinceStep.apply(without, { since: 0 }), DataError, "numbers of the steps before");
});

Deno.test("the first day is given as a date", () => {
  const { accepts, resembles } = daysSinceOptions.date;
  assertEquals(["2024-02-29", "2024-02-30", "soon", 3, null].map((one) => accepts(one)), [
    true,
    false,
    false,
    false,
    false,
  ]);
  assertEquals(["soon", 3].map((one) => resembles(one)), [true, false]);
});
