import { assertEquals, assertThrows } from "@std/assert";
import { DataError } from "../errors.ts";
import { tableOf } from "./table_of.ts";

const cells = (table: ReturnType<typeof tableOf>, name: string) =>
  Array.from({ length: table.length }, (_, row) => table.column(name).at(row));

Deno.test("a table has the columns of all rows, and a field that a row lacks is missing", () => {
  const table = tableOf([{ a: 1 }, { b: "x", a: undefined }, { a: NaN, b: null }, { a: 4, b: "y" }]);
  assertEquals(table.types, { a: "number", b: "text" });
  assertEquals(cells(table, "a"), [1, null, null, 4]);
  assertEquals(cells(table, "b"), [null, "x", null, "y"]);
});

Deno.test("a column that is declared as text keeps numbers, dates and truth values as text", () => {
  const table = tableOf([{ a: 12, b: true }, { a: null, b: false }, { a: NaN }], { columns: { a: "text", b: "text" } });
  assertEquals(table.types, { a: "text", b: "text" });
  assertEquals(cells(table, "a"), ["12", null, null]);
  assertEquals(cells(table, "b"), ["true", "false", null]);
});

Deno.test("a column without values has the declared type, and otherwise that of numbers", () => {
  const table = tableOf([{ a: null, b: null }], { columns: { b: "boolean" } });
  assertEquals(table.types, { a: "number", b: "boolean" });
  assertEquals(cells(table, "b"), [null]);
});

Deno.test("a table without rows has no columns, whatever is declared", () => {
  const table = tableOf([], { columns: { born: "date" } });
  assertEquals([table.length, table.types], [0, {}]);
  assertThrows(
    () => tableOf([{ bron: 3 }], { columns: { born: "date" } }),
    RangeError,
    'the option columns names "born", which no row has: did you mean bron?',
  );
});

Deno.test("a value of another type than those before, or than declared, is named with its place", () => {
  assertThrows(
    () => tableOf([{ a: null }, { a: 1 }, { a: "x" }]),
    DataError,
    'Cannot make a table: expected a number in row 2 of column a, as in the rows before, got "x"',
  );
  assertThrows(
    () => tableOf([{ a: null }, { a: 7 }], { columns: { a: "boolean" } }),
    DataError,
    "Cannot make a table: expected a boolean in column a, as declared, got 7",
  );
  assertThrows(() => tableOf([{ a: 1 }, { "": 2 }]), DataError, 'expected columns with names, got "" in row 1');
  assertThrows(() => tableOf([{ a: 1n as never }]), DataError, "true and false in column a, got 1n");
});

Deno.test("the message about an unknown type of a column names the column and all types", () => {
  assertThrows(
    () => tableOf([{ a: 1 }], { columns: { a: "nummber" as never } }),
    RangeError,
    "Cannot make a table: expected columns.a to be one of number, text, date, boolean",
  );
  assertThrows(
    () => tableOf([{ a: 1 }], { columns: [] as never }),
    TypeError,
    "expected columns to be a record of the types of columns",
  );
});
