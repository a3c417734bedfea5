import { assertEquals } from "@std/assert";
import { Column, placeOf } from "./column.ts";

const origin = { file: "a.csv", lines: Int32Array.of(2, 3, 5) };
const text = new Column(
  { name: "t", type: "text", numbers: Float64Array.of(1, NaN, 1), texts: ["a", "b", "c"] },
  origin,
);
const of = (type: "number" | "boolean" | "date", ...numbers: number[]) =>
  new Column({ name: "n", type, numbers: Float64Array.from(numbers), texts: [] });

Deno.test("values are those of the type, and null if they are missing", () => {
  assertEquals(text.values, ["b", null, "b"]);
  assertEquals(of("number", 0, NaN, -1.5).values, [0, null, -1.5]);
  assertEquals(of("boolean", 0, 1, NaN).values, [false, true, null]);
  assertEquals(of("date", 0, NaN).values, [new Date(0), null]);
  assertEquals([text.at(3), text.length, text.missing, of("number", 1, 2).missing], [null, 3, 1, 0]);
  assertEquals([text.categories, of("number", 1).categories], [["b"], []]);
});

Deno.test("rows are known by their lines, if they are those of a file", () => {
  assertEquals([placeOf(origin, 2), placeOf({ file: "a.csv" }, 2), placeOf({ lines: origin.lines }, 0)], [
    ...["line 5 of a.csv", "row 2", "row 0"],
  ]);
  const taken = text.take(Int32Array.of(2, 0));
  assertEquals([taken.values, taken.place(0), taken.place(1), text.place(0)], [
    ...[["b", "b"], "line 5 of a.csv", "line 2 of a.csv", "line 2 of a.csv"],
  ]);
  assertEquals(of("number", 1, 2).take(Int32Array.of(1, 1, 0)).values, [2, 2, 1]);
  const other = text.withNumbers(Float64Array.of(0, 3, NaN), ["x", "y", "z", "w"]);
  assertEquals([other.values, other.place(2), text.withNumbers(Float64Array.of(2)).values], [
    ...[["x", "w", null], "line 5 of a.csv", ["c"]],
  ]);
});

Deno.test("a column becomes one of texts, or of any type if all values are missing", () => {
  assertEquals(text.as("text") === text, true);
  const texts = of("number", 2, NaN, 1, 2).as("text");
  assertEquals([texts.type, texts.texts, texts.values], ["text", ["2", "1"], ["2", null, "1", "2"]]);
  assertEquals(of("boolean", 1, 0).as("text").values, ["true", "false"]);
  const missing = text.take(Int32Array.of(1));
  assertEquals([missing.as("number").type, missing.as("number").values, missing.as("date").texts], [
    ...["number", [null], []],
  ]);
  assertEquals(of("number", NaN).as("text").texts, []);
});
