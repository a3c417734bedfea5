import { assertEquals, assertThrows } from "@std/assert";
import { parseCsv } from "./csv.ts";
import { DataError } from "./errors.ts";

Deno.test("parseCsv reads numbers with and without a header", () => {
  const numbers = { shape: [2, 2], values: Float32Array.of(1, 2, 3, 4.5) };
  assertEquals(parseCsv("1,2\n3,4.5"), { columns: [], ...numbers });
  assertEquals(parseCsv('a,"b"\r\n1,2\r\n\r\n3, 4.5\r\n'), { columns: ["a", "b"], ...numbers });
  assertEquals(parseCsv("1;2\n1;2\n3;4.5", { delimiter: ";", header: true }), { columns: ["1", "2"], ...numbers });
});

Deno.test("parseCsv reads nan where it is written, and no text as no samples", () => {
  assertEquals([...parseCsv("1,NaN\nnan,2").values], [1, NaN, NaN, 2]);
  assertEquals(parseCsv("").shape, [0, 0]);
  assertEquals(parseCsv("a,b\n").shape, [0, 2]);
});

Deno.test("parseCsv names the line and the column of what is no number", () => {
  assertThrows(
    () => parseCsv("a,b\n\n1,x", {}, "t.csv"),
    DataError,
    'Cannot read line 3 of t.csv: expected a number in column 2, got "x"',
  );
  assertThrows(() => parseCsv("1,2\n3,", {}), DataError, 'column 2, got ""');
  assertThrows(() => parseCsv("1,2\n3", {}), DataError, "line 2 of CSV text: expected 2 fields, got 1");
});
