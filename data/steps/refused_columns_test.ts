import { assertEquals, assertThrows } from "@std/assert";
import { DataError } from "../errors.ts";
import { parseTable } from "../table/read_table.ts";
import { tableOf } from "../table/table_of.ts";
import { withoutMissing } from "../table/without_missing.ts";
import { preprocessingFromConf } from "./configuration.ts";
import { fitPreprocessing } from "./fit_preprocessing.ts";
import type { ColumnSteps } from "./registry.ts";

Deno.test("a column that does not fit its steps is refused with its row", () => {
  const table = parseTable("age,city,price\n30,Bern,1\n4O,Oslo,2\n", {}, "people.csv");
  const refused = (columns: Parameters<typeof fitPreprocessing>[1], message: string) =>
    assertThrows(() => fitPreprocessing(table, columns), Error, message);
  refused(
    { inputs: { age: "standardize" }, targets: "price" },
    'Cannot standardize column "age": expected numbers, got "4O" in line 3 of people.csv; correct it if the column has numbers',
  );
  refused(
    { inputs: { age: "standardiz" as "standardize" }, targets: "price" },
    'by "standardiz": did you mean standardize?',
  );
  refused({ inputs: { aeg: "standardize" }, targets: "price" }, 'there is no column "aeg": did you mean age?');
  refused(
    { inputs: { price: "standardize" }, targets: "price" },
    'expected other inputs than targets, got "price" as both',
  );
  refused({ inputs: { city: "classes" }, targets: "price" }, 'it is an input; use "oneHot"');
  refused({ targets: { city: "oneHot" } }, "expected steps that predictions can revert");
  refused({ targets: ["city", "price"] }, "expected one target of classes, or some of numbers");
  refused(
    { inputs: { city: ["oneHot", { unknwon: "ignore" } as object] }, targets: "price" },
    'unknown option "unknwon"; did you mean unknown?',
  );
  refused(
    { inputs: { city: ["oneHot", "standardize", "oneHot"] }, targets: "price" },
    "got numbers of the steps before",
  );
  refused({ inputs: { city: 3 as unknown as ColumnSteps }, targets: "price" }, 'expected a step such as "standardize"');
  refused({ inputs: [], targets: "price" }, "expected at least one input");
  assertThrows(
    () => fitPreprocessing(parseTable("age,price\n4O,1\nx,2\n"), { inputs: { age: "log" }, targets: "price" }),
    DataError,
    'expected numbers, got "4O" in line 2 of CSV text',
  );
  assertThrows(
    () => fitPreprocessing(parseTable("age,price\n,1\n4O,1\nx,2\n"), { inputs: { age: "log" }, targets: "price" }),
    DataError,
    'expected numbers, got "4O" in line 3 of CSV text',
  );
  assertThrows(
    () => fitPreprocessing(parseTable("age,price\n1,\n3,2\n"), { targets: "price" }),
    DataError,
    "expected a value in line 2 of CSV text, got none; remove such rows",
  );
  const gap = parseTable("age,price\n1,2\n3,\n");
  assertThrows(
    () => fitPreprocessing(gap, { targets: "price" }),
    DataError,
    "expected a value in line 3 of CSV text, got none; remove such rows",
  );
  assertEquals([withoutMissing(gap).length, withoutMissing(gap, ["age"]).length], [1, 2]);
  assertEquals(fitPreprocessing(withoutMissing(gap), { targets: "price" }).features, ["age"]);
  const fit = fitPreprocessing(withoutMissing(gap), { inputs: { age: "standardize" }, targets: "price" });
  assertThrows(
    () => fit.inputs(parseTable("aeg\n1\n")),
    DataError,
    'expected a column "age", as in the training set: did you mean aeg?',
  );
  assertThrows(
    () => fit.inputs(parseTable("age\nold\n")),
    DataError,
    'expected a number, as in the training set, got "old" in line 2 of CSV text; pass numbers, or a table whose column is ' +
      'declared: columns: { age: "number" }',
  );
  const dated = fitPreprocessing(parseTable("d,b\n2011-01-01,1\n2012-01-01,2\n"), { targets: "b" });
  assertThrows(
    () => dated.inputs([{ d: "2011-01-01" }]),
    DataError,
    'expected a date, as in the training set, got "2011-01-01" in row 0; pass dates, such as new Date(0), or a table ' +
      'whose column is declared: columns: { d: "date" }',
  );
  const declared = tableOf([{ d: "2011-01-01" }], { columns: { d: "date" } });
  assertEquals(dated.inputs(declared).values, dated.inputs([{ d: new Date(Date.UTC(2011, 0, 1)) }]).values);
  assertThrows(
    () => fit.inputs(parseTable("age,b\n1,2\n,3\n")),
    DataError,
    'the step "impute" replaces missing values',
  );
  assertThrows(() => fit.inputs(parseTable("age,b\n1,2\ninf,3\n")), DataError, "expected finite numbers in line 3");
});

Deno.test("what a file contains is checked before it is used", () => {
  const table = parseTable("age,city,price\n30,Bern,1\n40,Oslo,2\n");
  const { configuration } = fitPreprocessing(table, { targets: "price" });
  const text = JSON.stringify(configuration);
  const refused = (from: string, to: string, message: string) => {
    assertEquals(text.includes(from), true, from);
    assertThrows(() => preprocessingFromConf(JSON.parse(text.replace(from, to))), Error, message);
  };
  refused('"kind":"table"', '"kind":"tables"', 'expected one of kind "table"');
  refused('["standardize"', '["standard"', "to be a known step and what was fitted");
  refused('"deviation":[5]}]', '"deviation":[5]},1]', "to be a known step and what was fitted");
  refused('["standardize"', '["constructor"', "to be a known step and what was fitted");
  refused('"mean":[35]', '"mean":["35"]', "mean[0] to be");
  refused('"mean":[35]', '"mean":[35,1]', "expected 1 numbers as mean of standardize, got [35, 1]");
  refused('"mean":[35],', "", "expected mean to be");
  refused('"type":"text"', '"type":"date"', "expected categories, got dates");
  refused('"column":"city"', '"column":"age"', "expected each column once");
  refused('"type":"text"', '"typ":"text"', 'unknown option "typ"');
  for (const wrong of [null, 3, [], {}, { kind: "table", inputs: {}, targets: [] }]) {
    assertThrows(() => preprocessingFromConf(wrong as never), TypeError, "Cannot read a preprocessing");
  }
});

Deno.test("a number that is beyond singles after its steps is refused with its row", () => {
  const training = parseTable("a,b\n1,2\n2,3\n");
  const other = parseTable("a,b\n1,2\n1e300,3\n");
  const plain = fitPreprocessing(training, { inputs: { a: [] }, targets: { b: [] } });
  const message =
    "expected numbers up to 3.4e38, the largest single, after the steps of the column, in line 3 of CSV text, got 1e+300;";
  assertThrows(() => plain.inputs(other), DataError, `Cannot use column "a": ${message} correct it, or scale`);
  assertThrows(() => plain.inputs([{ a: -3.5e38 }]), DataError, "in row 0, got -3.5e+38;");
  assertEquals([...plain.inputs([{ a: 3.4e38 }]).values], [Math.fround(3.4e38)]);
  const scaled = fitPreprocessing(training, { inputs: { a: "standardize" }, targets: { b: [] } });
  assertThrows(() => scaled.inputs(other), DataError, "in line 3 of CSV text, got 2e+300 from 1e+300;");
  assertThrows(() => plain.apply(parseTable("a,b\n1,1e39\n")), DataError, 'column "b": expected numbers up to 3.4e38');
});
