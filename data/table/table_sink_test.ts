import { assertEquals, assertThrows } from "@std/assert";
import { DataError } from "../errors.ts";
import { CsvScanner } from "../formats/csv_rows.ts";
import type { Table } from "./table.ts";
import { type TableSettings, TableSink } from "./table_sink.ts";

function tableFrom(text: string, settings: Partial<TableSettings> = {}): Table {
  const sink = new TableSink({ name: "a.csv", header: undefined, missing: undefined, columns: undefined, ...settings });
  new CsvScanner(",", sink).end(text);
  return sink.toTable();
}

const rowsOf = (table: Table): unknown[][] =>
  Array.from({ length: table.length }, (_, row) => Object.values(table.row(row)));

Deno.test("the first line has the names of columns unless the option says otherwise", () => {
  const named = tableFrom("a,b\n1,x\n2,y\n");
  assertEquals([named.columns, rowsOf(named)], [["a", "b"], [[1, "x"], [2, "y"]]]);
  const plain = tableFrom("1,2\n3,4\n", { header: false });
  assertEquals([plain.columns, rowsOf(plain)], [["column 1", "column 2"], [[1, 2], [3, 4]]]);
  assertEquals(tableFrom(",b\n1,2\n").columns, ["column 1", "b"]);
  assertEquals(tableFrom("1,2\n3,4\n", { header: true }).columns, ["1", "2"]);
  for (const first of ["1,2", "1,NA", "n/a,"]) {
    assertThrows(
      () => tableFrom(`${first}\n3,4\n`),
      DataError,
      "Cannot read line 1 of a.csv: expected the names of columns, got numbers",
    );
  }
  assertEquals(tableFrom("1,b\n3,4\n").columns, ["1", "b"]);
  assertEquals([tableFrom("").columns, tableFrom("").length], [[], 0]);
});

Deno.test("values are missing if their texts are, in any case of letters", () => {
  const text = "a,b\nna,x\nNULL,NaN\n3,\n4,n/A\n";
  assertEquals(rowsOf(tableFrom(text)), [[null, "x"], [null, null], [3, null], [4, null]]);
  assertEquals(rowsOf(tableFrom("a,b\nna,1\n-,2\n", { missing: ["-"] })), [["na", 1], [null, 2]]);
  assertEquals(rowsOf(tableFrom("a,b\nUnknown,1\n2,2\n", { missing: ["UNKNOWN"] })), [[null, 1], [2, 2]]);
});

Deno.test("empty lines are left out, and all others have as many fields as there are columns", () => {
  assertEquals(rowsOf(tableFrom("a\n1\n\n2\n")), [[1], [2]]);
  assertThrows(() => tableFrom("a,b\n1,2\n3\n"), DataError, "Cannot read line 3 of a.csv: expected 2 fields, got 1");
  assertThrows(() => tableFrom("a,b\n1,2,3\n"), DataError, "Cannot read line 2 of a.csv: expected 2 fields, got 3");
  const { message } = assertThrows(() => tableFrom('a,b\n1,"x"y\n'), DataError);
  assertEquals(
    /^Cannot read line 2 of a\.csv: expected a field that starts with a quote .* in column 2$/.test(message),
    true,
  );
});

Deno.test("names differ, and a single one that has another delimiter is refused unless it is quoted", () => {
  assertThrows(() => tableFrom("a,b,a\n"), DataError, 'for each column, got "a" as columns 1 and 3');
  assertThrows(() => tableFrom("a;b\n1;2\n"), DataError, 'expected several columns, got a;b as the only one; pass ";"');
  assertEquals(tableFrom('"a;b"\n1\n').columns, ["a;b"]);
  assertEquals(tableFrom("a;b,c\n1,2\n").columns, ["a;b", "c"]);
});

Deno.test("types are declared only for columns that exist", () => {
  const text = "a,b\n1,2\n";
  assertEquals(rowsOf(tableFrom(text, { columns: { a: "text" } })), [["1", 2]]);
  const columns = { c: "text" } as const;
  assertThrows(() => tableFrom(text, { columns }), DataError, 'names "c", which the file does not have');
  assertEquals(rowsOf(tableFrom(text, { columns, isPartial: true })), [[1, 2]]);
  assertThrows(() => tableFrom("a,b\n1,x\n", { columns: { b: "number" } }), DataError, "line 2");
});

Deno.test("a table has at most 65536 columns, and a long field is named by its column", () => {
  const settings = { name: "a.csv", header: undefined, missing: undefined, columns: undefined };
  const sink = new TableSink(settings);
  for (let i = 0; i < 2 ** 16; i++) sink.field("1", "plain", 7);
  assertThrows(
    () => sink.field("1", "plain", 7),
    DataError,
    "line 7 of a.csv: expected at most 65536 columns, got more",
  );
  const long = new TableSink(settings);
  long.field("1", "plain", 1);
  assertThrows(() => long.refuseLength(4, 10), DataError, "Cannot read line 4 of a.csv: expected fields of at most 10");
  assertThrows(() => long.refuseLength(4, 10), DataError, "got more in column 2");
});
