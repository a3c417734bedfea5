import { assertEquals, assertThrows } from "@std/assert";
import { parseCsv } from "./csv.ts";
import { DataError } from "../errors.ts";

Deno.test("parseCsv reads numbers with and without a header", () => {
  const numbers = { shape: [2, 2], values: Float32Array.of(1, 2, 3, 4.5) };
  assertEquals(parseCsv("1,2\n3,4.5"), { columns: [], ...numbers });
  assertEquals(parseCsv('a,"b"\r\n1,2\r\n\r\n3, 4.5\r\n'), { columns: ["a", "b"], ...numbers });
  assertEquals(parseCsv("1;2\n1;2\n3;4.5", { delimiter: ";", header: true }), { columns: ["1", "2"], ...numbers });
});

Deno.test("parseCsv reads nan as NaN, and an empty text as no samples", () => {
  assertEquals([...parseCsv("1,NaN\nnan,2").values], [1, NaN, NaN, 2]);
  assertEquals(parseCsv("").shape, [0, 0]);
  assertEquals(parseCsv("a,b\n").shape, [0, 2]);
});

Deno.test("parseCsv names the line and the column of a field that is not a number", () => {
  assertThrows(
    () => parseCsv("a,b\n\n1,x", {}, "t.csv"),
    DataError,
    'Cannot read line 3 of t.csv: expected a number in column 2 (b), got "x"; replace names of classes by numbers from 0',
  );
  assertThrows(
    () => parseCsv('"a\nb",c\n1,2\n"x\ny",4'),
    DataError,
    "line 4 of CSV text: expected a number in column 1 (a\nb)",
  );
  assertThrows(() => parseCsv('1,2\n3,"4'), DataError, 'line 2 of CSV text: expected a number in column 2, got "\\"4"');
  assertThrows(
    () => parseCsv("1,2\n3,", {}),
    DataError,
    'column 2, got ""; the option `missing` takes "nan" or "skip"',
  );
  assertThrows(() => parseCsv("1,2\n3", {}), DataError, "line 2 of CSV text: expected 2 fields, got 1");
});

Deno.test("parseCsv reads delimiters, quotes and ends of lines within quotes", () => {
  const { columns, values } = parseCsv('"width, m","the ""height""","two\r\nlines"\r\n "1" ,"2",3');
  assertEquals(columns, ["width, m", 'the "height"', "two\r\nlines"]);
  assertEquals([...values], [1, 2, 3]);
});

Deno.test("parseCsv splits columns at any one character, including tabs and characters that are special in patterns", () => {
  for (const delimiter of ["\t", ";", "|", "^", ".", " ", "-", "]", "\\"]) {
    assertEquals(parseCsv(`1${delimiter}2\n3${delimiter}4`, { delimiter }).shape, [2, 2], delimiter);
  }
  for (const delimiter of ["", ", ", '"', "\n"]) {
    assertThrows(() => parseCsv("1,2", { delimiter }), RangeError, "expected delimiter to be one character");
  }
});

Deno.test("parseCsv refuses missing values, makes them NaN, or skips their lines, as asked", () => {
  const text = "a,b\n1,\n2,3\nNA,null\n4,5\n";
  assertThrows(() => parseCsv(text), DataError, 'line 2 of CSV text: expected a number in column 2 (b), got ""');
  assertEquals([...parseCsv(text, { missing: "nan" }).values], [1, NaN, 2, 3, NaN, NaN, 4, 5]);
  assertEquals([...parseCsv(text, { missing: "skip" }).values], [2, 3, 4, 5]);
});

Deno.test("a missing value in the first line does not make it a header", () => {
  assertEquals(parseCsv(",1\n2,3", { missing: "nan" }).columns, []);
});

Deno.test("parseCsv reads decimal numbers and infinities, and no other notations", () => {
  assertEquals([...parseCsv("+1.,.5,-2E-1,-inf,Infinity").values], [1, 0.5, Math.fround(-0.2), -Infinity, Infinity]);
  for (const field of ["0x10", "1_000", "1.2.3", "true", "e5", "--1"]) {
    assertThrows(() => parseCsv(`1\n${field}`), DataError, `got ${JSON.stringify(field)}`);
  }
});

Deno.test("fields of any length are read, with quotes and blanks", () => {
  const doubled = `"${'""'.repeat(5_000_000)}"`;
  assertThrows(() => parseCsv(`1\n${doubled}\n`), DataError, "expected a number in column 1");
  assertEquals([...parseCsv(`"1"${" ".repeat(20_000_000)},2\n`).values], [1, 2]);
});
