import { assertEquals, assertThrows } from "@std/assert";
import { DataError } from "../errors.ts";
import { tableOf } from "../table/table_of.ts";
import type { Cell } from "../table/column.ts";
import { classesStep, oneHotStep } from "./category_steps.ts";
import type { Features, Stage } from "./features.ts";

const columnOf = (...cells: Cell[]): Stage => tableOf(cells.map((c) => ({ c }))).column("c");

/** The names of the features, and the rows of their values. */
function rowsOf(stage: Stage): [readonly string[], number[][]] {
  const { names, values } = stage as Features;
  return [names, Array.from(values[0] ?? [], (_, row) => values.map((one) => one[row]))];
}

const usual = { unknown: "refuse", missing: "refuse" };

Deno.test("one-hot columns are in the order of letters or numbers, and named after their categories", () => {
  const texts = columnOf("b", "a", "c", "a");
  const fitted = oneHotStep.fit(texts, usual);
  assertEquals(fitted, { categories: ["a", "b", "c"], ...usual });
  assertEquals(rowsOf(oneHotStep.apply(texts, fitted)), [
    ["c=a", "c=b", "c=c"],
    [[0, 1, 0], [1, 0, 0], [0, 0, 1], [1, 0, 0]],
  ]);
  const numbers = columnOf(10, 9, -2, 10);
  assertEquals(oneHotStep.fit(numbers, usual), { categories: ["-2", "9", "10"], ...usual });
  const flags = columnOf(true, false);
  assertEquals(rowsOf(oneHotStep.apply(flags, oneHotStep.fit(flags, usual))), [["c=false", "c=true"], [[0, 1], [
    1,
    0,
  ]]]);
});

Deno.test("unknown and missing values have columns of their own, are ignored, or are refused", () => {
  const fitted = { categories: ["a", "b"], ...usual };
  const given = columnOf("b", null, "other");
  const both = oneHotStep.apply(given, { ...fitted, unknown: "column", missing: "column" });
  assertEquals(rowsOf(both), [
    ["c=a", "c=b", "c is unknown", "c is missing"],
    [[0, 1, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]],
  ]);
  const one = oneHotStep.apply(given, { ...fitted, unknown: "column", missing: "ignore" });
  assertEquals(rowsOf(one), [["c=a", "c=b", "c is unknown"], [[0, 1, 0], [0, 0, 0], [0, 0, 1]]]);
  const ignored = oneHotStep.apply(given, { ...fitted, unknown: "ignore", missing: "column" });
  assertEquals(rowsOf(ignored), [["c=a", "c=b", "c is missing"], [[0, 1, 0], [0, 0, 1], [0, 0, 0]]]);
  // A missing value stays missing in all columns, and is refused where they are used.
  assertEquals(rowsOf(oneHotStep.apply(columnOf("a", null), fitted)), [["c=a", "c=b"], [[1, 0], [NaN, NaN]]]);
  assertThrows(
    () => oneHotStep.apply(given, fitted),
    DataError,
    'Cannot encode column "c": expected a category of the training set (a, b), got "other" in row 2; ["oneHot", { unknown: ' +
      '"ignore" }] takes it',
  );
});

Deno.test("class numbers are the places of the categories, and missing ones stay missing", () => {
  const targets = columnOf("dog", "cat", null, "emu");
  const fitted = classesStep.fit(targets, {});
  assertEquals(fitted, { categories: ["cat", "dog", "emu"] });
  assertEquals(rowsOf(classesStep.apply(targets, fitted)), [["c"], [[1], [0], [NaN], [2]]]);
  assertThrows(
    () => classesStep.apply(columnOf("cat", "dgo"), fitted),
    DataError,
    'Cannot make classes of column "c": expected a category of the training set (cat, dog, emu), got "dgo" in row 1; did ' +
      "you mean dog?",
  );
});

Deno.test("messages show ten categories and the number of the others, and there may be a thousand", () => {
  const categories = (count: number) => Array.from({ length: count }, (_, i) => `k${1000 + i}`);
  const message = (count: number): string => {
    const { message } = assertThrows(
      () => classesStep.apply(columnOf("x"), { categories: categories(count) }),
      DataError,
    );
    return /\((.*)\)/.exec(message)![1];
  };
  assertEquals(message(10), categories(10).join(", "));
  assertEquals(message(11), `${categories(10).join(", ")} and 1 others`);
  classesStep.fit(columnOf(...categories(1000)), {});
  assertThrows(
    () => classesStep.fit(columnOf(...categories(1001)), {}),
    DataError,
    'Cannot make classes of column "c": expected at most 1000 categories, got more; drop the column',
  );
});

Deno.test("dates, and numbers of other steps, are no categories", () => {
  const dates = columnOf(new Date(0));
  assertThrows(() => oneHotStep.fit(dates, usual), DataError, 'expected categories, got dates; use "dateParts"');
  const features = oneHotStep.apply(columnOf("a"), { categories: ["a"], ...usual });
  assertThrows(() => oneHotStep.fit(features, usual), DataError, "got numbers of the steps before");
});
