import { assertEquals, assertThrows } from "@std/assert";
import { DataError } from "../errors.ts";
import { tableOf } from "../table/table_of.ts";
import { type Cell, Column } from "../table/column.ts";
import type { Features, Stage } from "./features.ts";
import { imputeStep } from "./impute.ts";

const columnOf = (...cells: Cell[]): Stage => tableOf(cells.map((c) => ({ c }))).column("c");

/** What replaces missing values after a fit with these options. */
const fitted = (stage: Stage, options: object): unknown => {
  const { values } = imputeStep.fit(stage, { indicator: false, ...options }) as { readonly values: readonly unknown[] };
  return values[0];
};

function imputed(stage: Stage, options: object): unknown[] {
  const made = imputeStep.apply(stage, imputeStep.fit(stage, { indicator: false, ...options }));
  return made instanceof Column ? [...made.values] : [...(made as Features).values[0]];
}

Deno.test("missing numbers become the mean, the median or the most frequent one of those that are known", () => {
  const numbers = columnOf(7, null, 1, 1, 3, 3);
  assertEquals(fitted(numbers, {}), 3);
  assertEquals(fitted(numbers, { with: "median" }), 3);
  assertEquals(fitted(numbers, { with: "most frequent" }), 1);
  assertEquals(fitted(columnOf(null, 5, 2, 4, 10), { with: "median" }), 4.5);
  assertEquals(fitted(columnOf(3, 3, 1), { with: "most frequent" }), 3);
  assertEquals(fitted(columnOf(1, 3, 3), { with: "most frequent" }), 3);
  assertEquals(fitted(columnOf(3, 1, 3, 1), { with: "most frequent" }), 1);
  assertEquals(imputed(numbers, { value: -2 }), [7, -2, 1, 1, 3, 3]);
});

Deno.test("missing texts become the most frequent one, of several the first by its letters, or a given one", () => {
  assertEquals(fitted(columnOf("b", "a", null, "b"), {}), "b");
  assertEquals(fitted(columnOf("a", "b", "b"), {}), "b");
  assertEquals(fitted(columnOf("c", "b", "b", "c", "a"), {}), "b");
  assertEquals(fitted(columnOf("b", "c", "b", "c", "a"), { with: "most frequent" }), "b");
  assertEquals(imputed(columnOf("x", null, "y"), { value: "y" }), ["x", "y", "y"]);
  assertEquals(imputed(columnOf("x", null, "y"), { value: "none" }), ["x", "none", "y"]);
});

Deno.test("missing dates become a date, or a statistic of the others", () => {
  const days = columnOf(new Date("2024-01-01"), null, new Date("2024-01-03"));
  assertEquals(imputed(days, {})[1], new Date("2024-01-02"));
  assertEquals(imputed(days, { value: "2020-02-29" })[1], new Date("2020-02-29"));
  for (const value of [3, "soon"]) {
    assertThrows(
      () => fitted(days, { value }),
      DataError,
      'a date such as "2024-02-29" as value, for a column of dates',
    );
  }
});

Deno.test("an indicator is 1 where a value was missing, beside the feature", () => {
  const numbers = columnOf(2, null, 4);
  const made = imputeStep.apply(numbers, imputeStep.fit(numbers, { indicator: true })) as Features;
  assertEquals(made.names, ["c", "c is missing"]);
  assertEquals(made.values.map((one) => [...one]), [[2, 3, 4], [0, 1, 0]]);
});

Deno.test("what does not fit the type of the column is refused", () => {
  const [texts, numbers, dates] = [columnOf("a"), columnOf(1), columnOf(new Date(0))];
  const refused: readonly (readonly [Stage, object, string])[] = [
    [texts, { value: 3 }, "a text as value, for a column of texts, got 3"],
    [texts, { with: "mean" }, '"most frequent" for a column of texts, got mean'],
    [numbers, { value: "x" }, 'a number as value, for a column of numbers, got "x"'],
    [numbers, { value: 3, with: "mean" }, "either with or value, got both"],
    [texts, { indicator: true }, 'got texts; ["oneHot", { missing: "column" }] has one'],
    [dates, { indicator: true }, 'got dates; impute after "daysSince"'],
  ];
  for (const [stage, options, message] of refused) assertThrows(() => fitted(stage, options), DataError, message);
  const empty = tableOf([{ c: null }], { columns: { c: "text" } }).column("c");
  assertThrows(() => fitted(empty, {}), DataError, "expected some values, got only missing ones; drop the column");
});
