import { assertEquals, assertThrows } from "@std/assert";
import { DataError } from "../errors.ts";
import { tableOf } from "../table/table_of.ts";
import type { Cell, Column } from "../table/column.ts";
import { areFeatures, columnOf, numbersOf } from "./features.ts";

const column = (...cells: Cell[]): Column => tableOf(cells.map((c) => ({ c }))).column("c");

Deno.test("columns of numbers and truth values are one feature, and features stay as they are", () => {
  const given = column(true, null, false);
  const features = numbersOf("test", given);
  assertEquals([features.names, [...features.values[0]]], [["c"], [1, NaN, 0]]);
  assertEquals([...numbersOf("test", column(3, -1)).values[0]], [3, -1]);
  assertEquals([areFeatures(given), areFeatures(features)], [false, true]);
  assertEquals(columnOf(features) === given && columnOf(given) === given, true);
  assertEquals(numbersOf("test", features) === features, true);
});

Deno.test("the first text that is not a number is named, and otherwise the type of the column", () => {
  const message = 'Cannot test column "c": expected numbers, got ';
  const cure = 'correct it if the column has numbers, otherwise use "oneHot"';
  assertThrows(
    () => numbersOf("test", column("1", "2e3", null, "x", "y")),
    DataError,
    `${message}"x" in row 3; ${cure}`,
  );
  assertThrows(() => numbersOf("test", column("", "x")), DataError, `${message}"" in row 0; ${cure}`);
  assertThrows(() => numbersOf("test", column("Infinity")), DataError, `${message}"Infinity" in row 0; ${cure}`);
  assertThrows(() => numbersOf("test", column("1", "2")), DataError, `${message}texts; ${cure}`);
  assertThrows(() => numbersOf("test", column(null, new Date(0))), DataError, "in row 1; make numbers of it before");
  assertThrows(() => numbersOf("test", column(new Date(0))), DataError, "in row 0; make numbers of it before");
});
