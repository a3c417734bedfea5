import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DataError } from "../errors.ts";
import { parseTable } from "../table/read_table.ts";
import type { Table } from "../table/table.ts";
import { tableOf } from "../table/table_of.ts";
import { tableData } from "../table_data.ts";
import { preprocessingFromConf } from "./configuration.ts";
import { fitPreprocessing } from "./fit_preprocessing.ts";
import type { ColumnSteps } from "./registry.ts";

/** Fits steps to the column `c` of a table, and applies them to another. */
function fitted(
  steps: ColumnSteps,
  training: Table,
  other: Table = training,
): { names: readonly string[]; rows: number[][] } {
  const withTarget = tableOf(
    Array.from({ length: training.length }, (_, row) => ({ ...training.row(row), target: 1 })),
  );
  const preprocessing = fitPreprocessing(withTarget, { inputs: { c: steps }, targets: { target: [] } });
  const again = preprocessingFromConf(JSON.parse(JSON.stringify(preprocessing.configuration)));
  const { values, shape: [rows, width] } = preprocessing.inputs(other);
  assertEquals(again.inputs(other).values, values);
  assertEquals(again.features, preprocessing.features);
  return {
    names: preprocessing.features,
    rows: Array.from({ length: rows }, (_, row) => [...values.subarray(row * width, (row + 1) * width)]),
  };
}

const column = (...values: (number | string | boolean | Date | null)[]) => tableOf(values.map((c) => ({ c })));
const close = (actual: number[][], wanted: readonly number[]) => {
  assertEquals(actual.length, wanted.length);
  actual.forEach(([one], i) => assertAlmostEquals(one, wanted[i], 1e-6 * Math.max(1, Math.abs(wanted[i]))));
};

Deno.test("standardize is scikit-learn's StandardScaler", () => {
  // mean 2.5, variance (2.25 + 0.25 + 0.25 + 2.25) / 4 = 1.25
  const deviation = Math.sqrt(1.25);
  close(fitted("standardize", column(1, 2, 3, 4), column(2.5, 10, -1)).rows, [0, 7.5 / deviation, -3.5 / deviation]);
  close(fitted("standardize", column(5, 5), column(5, 7)).rows, [0, 2]);
  close(fitted("standardize", column(-1e200, -3e200)).rows, [1, -1]);
  close(fitted("standardize", column(1e9 + 0.5, 1e9 + 1.5), column(1e9 + 1.5)).rows, [1]);
  close(fitted("standardize", column(0.1, 0.1, 0.1), column(0.1, 1.1)).rows, [0, 1]);
  close(fitted("standardize", column(1e-9, 3e-9), column(3e-9)).rows, [1]);
  close(fitted("standardize", column(true, false, false, false), column(true)).rows, [0.75 / Math.sqrt(3 / 16)]);
});

Deno.test("normalize is scikit-learn's MinMaxScaler", () => {
  close(fitted("normalize", column(-1, 3, 1), column(-1, 1, 3, 7)).rows, [0, 0.5, 1, 2]);
  close(fitted("normalize", column(3, -1, 1), column(-1, 3)).rows, [0, 1]);
  close(fitted("normalize", column(4, 4), column(4, 6)).rows, [0, 2]);
});

Deno.test("log adds its offset first, and refuses what has no logarithm", () => {
  close(fitted("log", column(1, Math.E, 10)).rows, [0, 1, Math.log(10)]);
  close(fitted(["log", { offset: 1 }], column(0, 9)).rows, [0, Math.log(10)]);
  assertThrows(() => fitted("log", column(1, 0)), DataError, "expected numbers above 0, got 0 in row 1");
  assertThrows(() => fitted("log", column(0, 1)), DataError, "expected numbers above 0, got 0 in row 0");
  assertThrows(() => fitted("standardize", column(-Infinity, 1)), DataError, "got -Infinity in row 0");
  assertThrows(() => fitted("log", column(1), column(2, -3)), DataError, "got -3 in row 1");
});

Deno.test("impute is scikit-learn's SimpleImputer", () => {
  const training = column(1, null, 2, 2, 7);
  const filled = (steps: ColumnSteps) => fitted(steps, training, column(null, 5)).rows;
  close(filled("impute"), [3, 5]);
  close(filled(["impute", { with: "mean" }]), [3, 5]);
  close(filled(["impute", { with: "median" }]), [2, 5]);
  close(filled(["impute", { with: "most frequent" }]), [2, 5]);
  close(filled(["impute", { value: -1 }]), [-1, 5]);
  close(fitted(["impute", { with: "median" }], column(4, 1, null, 3, 2), column(null)).rows, [2.5]);
  close(fitted(["impute", { with: "median" }], column(9, 1, null, 2), column(null)).rows, [2]);
  for (const equal of [[9, 4, 4, 9], [4, 9, 9, 4], [9, 4, 9, 4, 7]]) {
    close(fitted(["impute", { with: "most frequent" }], column(...equal), column(null)).rows, [4]);
  }
  assertEquals(fitted([["impute", { indicator: true }], "normalize"], training, column(null, 7)), {
    names: ["c", "c is missing"],
    rows: [[Math.fround(2 / 6), 1], [1, 0]],
  });
  assertThrows(() => fitted("impute", column(null, null)), DataError, "expected some values, got only missing ones");
  assertThrows(() => fitted(["impute", { value: "x" }], column(1)), DataError, "expected a number as value");
});

Deno.test("of texts that are as frequent, the first in the order of their letters is imputed", () => {
  for (const texts of [["b", "a", "a", "b"], ["a", "b", "b", "a"], ["b", "a", "c", "b", "a"]]) {
    const { names, rows } = fitted(["impute", "oneHot"], column(...texts), column(null));
    assertEquals(names[rows[0].indexOf(1)].includes("a"), true, `${texts}: ${names} ${rows}`);
  }
});

Deno.test("the most frequent text is imputed, wherever it stands", () => {
  for (const texts of [["a", "b", "b"], ["b", "b", "a"], ["b", "a", "b", "c"]]) {
    const { names, rows } = fitted(["impute", "oneHot"], column(...texts), column(null));
    assertEquals(names[rows[0].indexOf(1)], "c=b", `${texts}`);
  }
});

Deno.test("missing texts and dates are imputed before they become numbers", () => {
  const texts = column("b", "a", null, "b");
  assertEquals(fitted(["impute", "oneHot"], texts, column(null, "a")).rows, [[0, 1], [1, 0]]);
  assertEquals(fitted([["impute", { value: "none" }], "oneHot"], texts, column(null)), {
    names: ["c=a", "c=b", "c=none"],
    rows: [[0, 0, 1]],
  });
  const days = column(new Date("2024-01-01"), new Date("2024-01-03"), null);
  close(fitted(["impute", "daysSince"], days, days).rows, [0, 2, 1]);
  close(fitted([["impute", { value: "2024-03-11" }], "daysSince"], days, days).rows, [0, 2, 70]);
  for (const value of [2000, "soon"]) {
    const message = 'expected a date such as "2024-02-29" as value, for a column of dates, got ';
    assertThrows(() => fitted(["impute", { value }], days), DataError, message + JSON.stringify(value));
  }
  assertThrows(() => fitted(["impute", { with: "mean" }], texts), DataError, '"most frequent" for a column of texts');
  assertThrows(
    () => fitted(["impute", { indicator: true }], texts),
    DataError,
    "an indicator only for numbers, got texts",
  );
});

Deno.test("oneHot is scikit-learn's OneHotEncoder: the order of categories is fixed", () => {
  const training = column("b", "c", "a", "b");
  assertEquals(fitted("oneHot", training, column("c", "a")), {
    names: ["c=a", "c=b", "c=c"],
    rows: [[0, 0, 1], [1, 0, 0]],
  });
  assertEquals(fitted("oneHot", column(10, 9, 100)).names, ["c=9", "c=10", "c=100"]);
  assertEquals(fitted("oneHot", column(true, false)).names, ["c=false", "c=true"]);
  // A table of few rows may have numbers where the training set has texts.
  assertEquals(fitted("oneHot", column("1", "x"), column(1)).rows, [[1, 0]]);
});

Deno.test("an unknown category is refused with row, column and the known ones, or has no feature or its own", () => {
  const training = parseTable("c,target\nBern,1\nOslo,1\n");
  const other = parseTable("c,target\nOslo,1\n\nBrn,1\n", {}, "new.csv");
  const apply = (
    steps: ColumnSteps,
    table = other,
  ) => [...fitPreprocessing(training, { inputs: { c: steps }, targets: { target: [] } }).inputs(table).values];
  assertThrows(
    () => apply("oneHot"),
    DataError,
    'Cannot encode column "c": expected a category of the training set (Bern, Oslo), got "Brn" in line 4 of new.csv; ' +
      'did you mean Bern?; ["oneHot", { unknown: "ignore" }] takes it',
  );
  assertEquals(apply(["oneHot", { unknown: "ignore" }]), [0, 1, 0, 0]);
  assertEquals(apply(["oneHot", { unknown: "column" }]), [0, 1, 0, 0, 0, 1]);
  const gap = parseTable("c,target\nNA,1\n");
  assertThrows(() => apply("oneHot", gap), DataError, "expected a value in line 2 of CSV text, got none");
  assertEquals(apply(["oneHot", { missing: "ignore" }], gap), [0, 0]);
  assertEquals(apply(["oneHot", { unknown: "column", missing: "column" }], gap), [0, 0, 0, 1]);
  assertEquals(fitted(["oneHot", { unknown: "column", missing: "column" }], column("a")).names, [
    "c=a",
    "c is unknown",
    "c is missing",
  ]);
});

Deno.test("dates become days since a date, or their parts", () => {
  const training = column(new Date("2024-02-28T12:00Z"), new Date("2024-03-03"));
  close(fitted("daysSince", training).rows, [0, 3.5]);
  close(fitted("daysSince", column(new Date("2024-03-03"), new Date("2024-02-28T12:00Z"))).rows, [3.5, 0]);
  close(fitted(["daysSince", { date: "2024-02-28" }], training).rows, [0.5, 4]);
  assertEquals(fitted("dateParts", training), {
    names: ["c year", "c month", "c weekday"],
    rows: [[2024, 2, 3], [2024, 3, 7]],
  });
  assertEquals(fitted(["dateParts", { parts: ["day", "hour", "minute"] }], training).rows, [[28, 12, 0], [3, 0, 0]]);
  assertThrows(() => fitted("standardize", training), DataError, 'make numbers of it before, such as with "daysSince"');
  assertThrows(
    () => fitted("daysSince", column("yesterday")),
    DataError,
    'expected dates such as 2024-02-29, got "yesterday"',
  );
  const missing = parseTable("c,target\n,1\n,2\n", { columns: { c: "date" } });
  assertThrows(
    () => fitPreprocessing(missing, { inputs: { c: "daysSince" }, targets: "target" }),
    DataError,
    'Cannot count the days of column "c": expected some dates, got only missing ones; drop the column',
  );
});

Deno.test("a missing value of a target is refused in any row", () => {
  for (const [text, line] of [["a,t\n1,\n2,3\n", 2], ["a,t\n1,2\n2,\n", 3]] as const) {
    const table = parseTable(text);
    const targets = fitPreprocessing(parseTable("a,t\n1,2\n2,3\n"), { targets: "t" });
    assertThrows(
      () => targets.apply(table),
      DataError,
      `Cannot use target "t": expected a value in line ${line} of CSV text`,
    );
  }
});

Deno.test("columns without steps get those that suit their type", () => {
  const table = parseTable(
    "n,t,d,b,y\n1,x,2024-01-01,true,10\n,y,2024-01-03,,20\n3,,2024-01-05,true,30\n2,x,,false,40\n",
  );
  const preprocessing = fitPreprocessing(table, { targets: "y" });
  assertEquals(preprocessing.features, ["n", "t=x", "t=y", "t is missing", "d", "b"]);
  const { x, y } = preprocessing.apply(table);
  assertEquals(x.shape, [4, 6]);
  assertEquals([...x.values.subarray(6, 10)], [0, 0, 1, 0]);
  assertEquals([x.values[18 + 4], x.values[6 + 5]], [0, 1]);
  if (y instanceof Int32Array) throw new Error("expected numbers");
  assertEquals(y.shape, [4, 1]);
  assertAlmostEquals(y.values[0], -15 / Math.sqrt(125), 1e-6);
  assertEquals(preprocessing.predictions(y).column("y").values.map((one) => Math.round(1e4 * Number(one))), [
    1e5,
    2e5,
    3e5,
    4e5,
  ]);
  assertEquals(fitPreprocessing(table, { inputs: ["n"], targets: "y" }).features, ["n"]);
  assertEquals(fitPreprocessing(table, { inputs: { b: "auto" }, targets: "y" }).features, ["b"]);
});

Deno.test("missing texts are refused by default if the training set has none, and true and false are imputed", () => {
  const table = tableOf([["x", true], ["y", true], ["x", false]].map(([t, b], y) => ({ t, b, y })));
  const preprocessing = fitPreprocessing(table, { targets: "y" });
  assertEquals([...preprocessing.inputs(tableOf([{ t: "y", b: null }])).values], [0, 1, 1]);
  assertThrows(
    () => preprocessing.inputs(tableOf([{ t: "x", b: true }, { t: null, b: true }])),
    DataError,
    'Cannot use column "t": expected a value in row 1, got none; the step "impute" replaces missing values',
  );
  const plain = fitPreprocessing(table, { targets: "y", inputs: { b: [] } });
  assertThrows(
    () => plain.inputs(tableOf([{ b: null }])),
    DataError,
    'Cannot use column "b": expected a value in row 0, got none; the step "impute" replaces missing values',
  );
});

Deno.test("statistics and categories are those of the training set only", () => {
  const [training, other] = [column(1, 3), column(100, 200)];
  const target = (table: Table) => tableOf(table.column("c").values.map((c, i) => ({ c, kind: i === 0 ? "a" : "b" })));
  const { training: x, validation } = tableData([target(training), target(other)], { targets: "kind" });
  assertEquals([x.length, validation.length], [2, 2]);
  for (const count of [1, 4]) {
    const tables = Array.from({ length: count }, () => target(training));
    assertThrows(() => tableData(tables, { targets: "kind" }), DataError, `Cannot make data from ${count} tables`);
  }
  const fit = fitPreprocessing(target(training), { targets: "kind" });
  assertEquals(fit.configuration.inputs[0].steps[1], ["standardize", { mean: [2], deviation: [1] }]);
  assertEquals([fit.classes, fit.apply(target(other)).y], [["a", "b"], Int32Array.of(0, 1)]);
  assertEquals(fit.predictions({ values: Int32Array.of(1, 0, -1), shape: [3] }).column("kind").values, [
    "b",
    "a",
    null,
  ]);
  assertThrows(
    () => fit.apply(tableOf([{ c: 1, kind: "z" }])),
    DataError,
    'expected a category of the training set (a, b), got "z" in row 0',
  );
});

Deno.test("targets are reverted by the steps that made them", () => {
  const table = tableOf([{ x: 1, a: 1, b: 10 }, { x: 2, a: 100, b: 30 }]);
  const fit = fitPreprocessing(table, {
    inputs: ["x"],
    targets: { a: ["log", "standardize"], b: [["log", { offset: 5 }], "normalize"] },
  });
  const { y } = fit.apply(table);
  if (y instanceof Int32Array) throw new Error("expected numbers");
  const back = fit.predictions(y);
  for (const row of [0, 1]) {
    assertAlmostEquals(Number(back.row(row).a), [1, 100][row], 1e-4);
    assertAlmostEquals(Number(back.row(row).b), [10, 30][row], 1e-4);
  }
  assertEquals(fit.targets, ["a", "b"]);
  const constant = fitPreprocessing(tableOf([{ x: 1, a: 4 }, { x: 2, a: 4 }]), { targets: { a: "normalize" } });
  assertEquals(constant.predictions({ values: Float32Array.of(0, 0.5), shape: [2, 1] }).column("a").values, [4, 4.5]);
  assertThrows(
    () => fit.predictions({ values: new Float32Array(3), shape: [3, 1] }),
    TypeError,
    "expected outputs of [row, 2]",
  );
});

Deno.test("a message shows up to ten categories, and says how many others there are", () => {
  const letters = (count: number) => column(...Array.from("abcdefghijklmn".slice(0, count)));
  const refused = (count: number) =>
    assertThrows(() => fitted("oneHot", letters(count), column("?")), DataError).message.match(/\((.*?)\)/)?.[1];
  assertEquals(refused(10), "a, b, c, d, e, f, g, h, i, j");
  assertEquals(refused(11), "a, b, c, d, e, f, g, h, i, j and 1 others");
});

Deno.test("a column has at most 1000 categories", () => {
  const many = (count: number): Table =>
    column(...Array.from({ length: count }, (_, i) => `c${i % 1000}${i < 1000 ? "" : "x"}`));
  assertEquals(fitted(["oneHot"], many(1000)).names.length, 1000);
  assertThrows(() => fitted(["oneHot"], many(1001)), DataError, "expected at most 1000 categories, got more");
});

Deno.test("equal numbers are standardized to 0, also if they are all 0", () => {
  for (const value of [0, -0, 7, 1e-30]) {
    close(fitted(["standardize"], column(value, value, value)).rows, [0, 0, 0]);
  }
});

Deno.test("numbers whose squares or sums are infinite are scaled by the same formulas", () => {
  const large = [1, 2, 1e300, 3];
  // Next to 1e300, the others are 0: the mean is a quarter of it, and the deviation √3 / 4 of it.
  const standardized = [-1, -1, 3, -1].map((one) => one / Math.sqrt(3));
  close(fitted("standardize", column(...large)).rows, standardized);
  close(fitted(["impute", "standardize"], column(...large, null)).rows, [
    ...standardized.map((one) => one * Math.sqrt(1.25)),
    0,
  ]);
  const both = column(-1.5e308, 1.5e308, 0, null);
  close(fitted([["impute", { with: "mean" }], "normalize"], both).rows, [0, 1, 0.5, 0.5]);
  const halves = column(1.5e308, 1.5e308, null);
  for (const statistic of ["mean", "median"] as const) {
    close(fitted([["impute", { with: statistic }], "normalize"], halves).rows, [0, 0, 0]);
  }
  const target = tableOf([-1.5e308, 1.5e308].map((y) => ({ x: 1, y })));
  const preprocessing = fitPreprocessing(target, { inputs: { x: [] }, targets: { y: "normalize" } });
  const { numbers } = preprocessing.predictions({ values: Float32Array.of(0, 0.75, 1), shape: [3, 1] }).column("y");
  assertEquals([...numbers], [-1.5e308, 0.75e308, 1.5e308]);
});
