import { assertEquals, assertThrows } from "@std/assert";
import { parseTable } from "./read_table.ts";
import { tableOf } from "./table_of.ts";

const people = parseTable(
  "age,city,born,wide\n31,Bern,1994-05-01,true\n,Oslo,1990-12-24,false\n7,,2020-01-02T03:04,\n",
);

Deno.test("rows are taken in any order, and rows that do not exist are refused", () => {
  const taken = people.take([2, 0, 2]);
  assertEquals([taken.length, taken.column("age").values, taken.column("city").values], [
    ...[3, [7, 31, 7], [null, "Bern", null]],
  ]);
  assertEquals(people.take(Int32Array.of(1)).row(0).city, "Oslo");
  assertEquals(people.row(2).age, 7);
  assertThrows(() => people.take([0, 3]), RangeError, "Cannot take row 3: the table has 3 rows");
  assertThrows(() => people.row(3), RangeError, "Cannot take row 3: the table has 3 rows");
  for (const rows of [[-1], [0.5], ["0"], 1, "0", { length: 1, 0: 0 }, new DataView(new ArrayBuffer(8)), [NaN]]) {
    assertThrows(() => people.take(rows as never), Error, "Cannot take rows");
  }
  assertThrows(() => people.row(-1), Error, "Cannot take a row");
  assertThrows(() => Reflect.apply(people.take, people, [[0], 1]), TypeError);
});

Deno.test("columns are selected and dropped by their names", () => {
  const selected = people.select(["born", "age", "born"]);
  assertEquals([selected.columns, selected.types, selected.length], [
    ...[["born", "age"], { born: "date", age: "number" }, 3],
  ]);
  const dropped = people.drop(["born", "age"]);
  assertEquals([dropped.columns, dropped.length], [["city", "wide"], 3]);
  assertThrows(() => people.column("agee"), RangeError, 'Cannot take column "agee": the table does not have it');
  assertThrows(() => people.drop(["towns"]), RangeError, 'Cannot take column "towns"');
  assertThrows(() => people.select("age" as never), TypeError, "Cannot select columns");
  assertThrows(() => people.drop("age" as never), TypeError, "Cannot drop columns");
  for (const method of [people.select, people.drop]) {
    assertThrows(() => Reflect.apply(method, people, [["age"], 1]), TypeError);
  }
});

Deno.test("a summary has the types, the missing values, and the range or some of the texts", () => {
  assertEquals(people.summary().split("\n"), [
    "3 rows",
    "column  type     missing  values",
    "age     number   1        7 … 31",
    "city    text     1        Bern, Oslo",
    "born    date              1990-12-24 … 2020-01-02T03:04:00.000Z",
    "wide    boolean  1        true, false",
  ]);
  const texts = (...words: string[]) => tableOf(words.map((t) => ({ t }))).summary().split("\n")[2];
  assertEquals(texts("a", "b", "c", "d", "e"), "t       text           a, b, c, d, e");
  assertEquals(texts("a", "b", "c", "d", "e", "f"), "t       text           a, b, c, d, e, … (6)");
  assertEquals(texts("a,b", "c"), 't       text           "a,b", c');
  const none = parseTable("a,b\n,1\n", { columns: { a: "number" } }).summary().split("\n")[2];
  assertEquals(none, "a       number  1");
});
