import { assertEquals, assertThrows } from "@std/assert";
import { ColumnBuilder } from "./part_column.ts";

/** The greatest distance of a date from 1970 in milliseconds, as in JavaScript. */
const GREATEST = 8.64e15;

Deno.test("dates are as far from 1970 as those of JavaScript, and no further", () => {
  const builder = new ColumnBuilder("x", "date", 3);
  assertEquals(builder.add([GREATEST, -GREATEST, 0], 0, 2), 0);
  assertEquals([...builder.column({}).numbers], [GREATEST, -GREATEST, 0]);
  for (const time of [GREATEST + 1, -GREATEST - 1, NaN]) {
    assertThrows(() => builder.add([time], 0, 1), RangeError, `it has a time of ${time} ms, which is no date`);
  }
});

Deno.test("only the chosen values are added, one after the other", () => {
  const builder = new ColumnBuilder("x", "number", 5);
  assertEquals([builder.add([1, 2, 3], 1, 2), builder.add([4, undefined, 6], 0, 2)], [0, 1]);
  assertEquals([...builder.column({}).numbers], [2, 4, NaN, 0, 0]);
});

Deno.test("texts are numbered in the order in which they first occur", () => {
  const builder = new ColumnBuilder("x", "text", 4);
  builder.add(["b", "a", undefined, "b"], 0, 4);
  const { numbers, texts } = builder.column({});
  assertEquals([[...numbers], texts], [[0, 1, NaN, 0], ["b", "a"]]);
});
