import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { DataError } from "../errors.ts";
import { inFolder } from "../../tests/in_folder.ts";
import { kFolds, split } from "../split.ts";
import { timeOf } from "./dates.ts";
import { parseTable, readTable } from "./read_table.ts";
import type { Table } from "./table.ts";
import { tableOf } from "./table_of.ts";

const rowsOf = (table: Table) => Array.from({ length: table.length }, (_, row) => table.row(row));

Deno.test("the type of a column is that of all of its values", () => {
  const types = (...values: string[]) =>
    Object.values(parseTable(`a,b\n${values.map((one) => `${one},1\n`).join("")}`).types)[0];
  assertEquals(types("1", "-2.5e3", "", "NaN", "inf"), "number");
  assertEquals(types("1", "2", "x"), "text");
  assertEquals(types("1", "007"), "text");
  assertEquals(types("9007199254740991", "-9007199254740991", "9007199254740993.5", "1e300"), "number");
  for (const card of ["9007199254740993", "-9007199254740992", "12345678901234567891"]) {
    assertEquals(types("1", card), "text", `${card} would lose digits`);
  }
  assertEquals(types("0", "0.5", "-0.25", "00:1"), "text");
  assertEquals(types("0", "0.5", "-0.25"), "number");
  assertEquals(types("true", "False", "TRUE", ""), "boolean");
  assertEquals(types("true", "1"), "text");
  assertEquals(types("2024-02-29", "2023/1/5", "2023-01-05T12:30:59.5Z"), "date");
  assertEquals(types("2024-02-29", "2023-02-29"), "text");
  assertEquals(types("02/03/2024"), "text");
  assertEquals(types("", "NA", "n/a", "null", "NULL"), "number");
});

Deno.test("missing values stay missing in columns of every type", () => {
  const table = parseTable("n,t,d,b,o\n1,x,2024-01-01,true,1\n,NA,null,N/A,1\n");
  assertEquals(table.types, { n: "number", t: "text", d: "date", b: "boolean", o: "number" });
  assertEquals(rowsOf(table), [
    { n: 1, t: "x", d: new Date("2024-01-01"), b: true, o: 1 },
    { n: null, t: null, d: null, b: null, o: 1 },
  ]);
  assertEquals(table.columns.map((name) => table.column(name).missing), [1, 1, 1, 1, 0]);
  assertEquals(parseTable('a,b\n"",1\n').row(0), { a: null, b: 1 });
});

Deno.test("tables have the rows of every way to write CSV", () => {
  const wanted = [{ "a b": 1, c: 'x, "y"\nz' }, { "a b": 2, c: "é" }];
  const text = 'a b,c\n1,"x, ""y""\nz"\n2,é\n';
  assertEquals(rowsOf(parseTable(text)), wanted);
  assertEquals(rowsOf(parseTable(`\uFEFF${text}`)), wanted);
  assertEquals(rowsOf(parseTable(`\n\n${text.slice(0, -1)}`)), wanted);
  assertEquals(rowsOf(parseTable('"a b";c\r\n1;"x, ""y""\nz"\r\n\r\n 2 ; é \r\n', { delimiter: ";" })), wanted);
});

Deno.test("a file that arrives in pieces gives the table of its text, with a mark of UTF-8 and without", async () => {
  const text = `name,size\n${Array.from({ length: 60_000 }, (_, i) => `"nämé ${i % 1000}\n, ",${i / 4}\n`).join("")}`;
  const wanted = parseTable(text);
  await inFolder(async (folder) => {
    for (const mark of ["", "\uFEFF"]) {
      await Deno.writeTextFile(`${folder}/a.csv`, mark + text);
      const table = await readTable(`${folder}/a.csv`);
      assertEquals([table.length, table.types], [60_000, { name: "text", size: "number" }]);
      assertEquals(table.column("size").numbers, wanted.column("size").numbers);
      assertEquals(table.column("name").at(59_999), wanted.column("name").at(59_999));
    }
    await assertRejects(
      () => readTable(`${folder}/a.csv`, { limitBytes: 100 }),
      DataError,
      "raise the option `limitBytes`",
    );
    await assertRejects(() => readTable(new Response("a,b\n1\n")), DataError, "line 2 of");
  });
});

Deno.test("what is no table is refused with its line", () => {
  const refused = (text: string, message: string, options = {}) =>
    assertThrows(() => parseTable(text, options, "t.csv"), DataError, message);
  refused("a,b\n1,2\n\n3\n", "Cannot read line 4 of t.csv: expected 2 fields, got 1");
  refused("a,b\n1,2,3\n", "line 2 of t.csv: expected 2 fields, got 3");
  refused('a,b\n1,"2\n', "expected a field that starts with a quote to end with one");
  refused("a,a\n1,2\n", 'expected a name of its own for each column, got "a" as columns 1 and 2');
  refused("a;b\n1;2\n", 'expected several columns, got a;b as the only one; pass ";" as the option `delimiter`');
  for (const name of ["n;0", "n|0", "n\t0"]) {
    assertEquals(parseTable(`"${name}"\r\ntrue\r\n`).columns, [name]);
    assertEquals(parseTable(` "${name}" \n"a"\n`).columns, [name]);
    refused(`${name}\n1\n`, "expected several columns");
  }
  refused("1,2\n3,4\n", "line 1 of t.csv: expected the names of columns, got numbers");
  refused(
    "age,b\n31,x\n\n?,y\n",
    'Cannot read line 4 of t.csv: expected a number such as 1.5 in column 1 (age), got "?"; correct it, declare the column',
    { columns: { age: "number" } },
  );
  refused("a,b\n2024-13-01,1\n", "expected a date such as 2024-02-29", { columns: { a: "date" } });
  refused("a,b\nyes,1\n", "expected a boolean such as true or false", { columns: { a: "boolean" } });
  refused("age,b\n1,2\n", 'names "aeg", which the file does not have: did you mean age?', {
    columns: { aeg: "number" },
  });
  assertThrows(
    () => parseTable("a,b\n1,2\n", { columns: { a: "numbre" as "number" } }),
    RangeError,
    "expected columns.a to be one of number, text, date, boolean",
  );
});

Deno.test("names of columns that every object has are names like others", () => {
  const table = parseTable("constructor,__proto__,toString\n1,x,true\n");
  assertEquals(table.types.constructor as unknown, "number");
  assertEquals([table.column("__proto__").at(0), table.column("toString").at(0)], ["x", true]);
  assertEquals(table.length, 1);
});

Deno.test("tables without rows or columns", () => {
  const empty = parseTable("a,b\n");
  assertEquals([empty.length, empty.types], [0, { a: "number", b: "number" }]);
  assertEquals(parseTable("").columns, []);
  assertEquals(tableOf([]).length, 0);
  assertEquals(tableOf([{ a: 1 }], { columns: { a: "number" } }).column("a").values, [1]);
  assertEquals(tableOf([{ a: "x" }, {}, { a: null }, { a: NaN }]).column("a").values, ["x", null, null, null]);
  assertEquals(parseTable("a,b\nNone,1\n2,none\n", { missing: ["None"] }).column("a").values, [null, 2]);
  // Rows that do not exist may not have a column.
  assertEquals(tableOf([], { columns: { a: "number" } }).length, 0);
  assertEquals(parseTable("a,,b\n1,2,3\n").columns, ["a", "column 2", "b"]);
});

Deno.test("tables select, drop and take without changing", () => {
  const table = parseTable("a,b,c\n1,x,true\n2,y,false\n3,x,true\n");
  assertEquals(table.select(["c", "a"]).columns, ["c", "a"]);
  assertEquals(table.drop(["b"]).columns, ["a", "c"]);
  assertEquals(rowsOf(table.take([2, 0, 2])).map(({ a }) => a), [3, 1, 3]);
  assertEquals(table.take([1]).column("b").categories, ["y"]);
  assertEquals(table.take([2]).column("b").place(0), "line 4 of CSV text");
  assertEquals([table.columns.length, table.length], [3, 3]);
  assertThrows(() => table.column("d"), RangeError, 'Cannot take column "d": the table does not have it');
  assertThrows(() => table.select(["a", "bb"]), RangeError, "did you mean b?");
  assertThrows(() => table.take([3]), RangeError, "Cannot take row 3: the table has 3 rows");
  assertThrows(() => table.row(3), RangeError, "Cannot take row 3: the table has 3 rows");
  assertThrows(() => table.take([-1]), TypeError, "expected rows to be a list of row numbers");
});

Deno.test("tableOf takes rows of JSON, in which values may be missing", () => {
  const table = tableOf([{ a: 1, b: "x" }, { b: null, c: true }, { a: NaN, c: undefined }]);
  assertEquals(table.types, { a: "number", b: "text", c: "boolean" });
  assertEquals(rowsOf(table), [{ a: 1, b: "x", c: null }, { a: null, b: null, c: true }, {
    a: null,
    b: null,
    c: null,
  }]);
  const day = new Date("2024-05-01");
  assertEquals(tableOf([{ day }]).column("day").at(0), day);
  assertThrows(
    () => tableOf([{ a: 1 }, { a: "x" }]),
    DataError,
    'expected a number in row 1 of column a, as in the rows before, got "x"',
  );
  assertThrows(
    () => tableOf([{ a: {} as number }]),
    DataError,
    "expected numbers, texts, dates, or true and false in column a",
  );
  assertThrows(() => tableOf([3 as unknown as Record<string, number>]), TypeError, "expected row 0 to be a record");
  assertThrows(() => tableOf([{ age: 1 }], { columns: { aeg: "text" } }), RangeError, "did you mean age?");
  assertThrows(
    () => tableOf([{ y: 1 }, { y: 2, "": 3 }]),
    DataError,
    'Cannot make a table: expected columns with names, got "" in row 1; name the column',
  );
  assertEquals(tableOf([{ a: 1 }, { a: null }], { columns: { a: "text" } }).column("a").values, ["1", null]);
});

Deno.test("dates are times of UTC, with zones and without", () => {
  for (const text of ["1970-01-01", "2024-02-29", "0099-12-31", "1994-11-05T13:15:30Z", "1994-11-05T08:15:30-05:00"]) {
    assertEquals(timeOf(text), new Date(text).getTime(), text);
  }
  assertEquals(timeOf("2024-05-01T12:30"), Date.UTC(2024, 4, 1, 12, 30));
  assertEquals(timeOf("2024-05-01 12:30:01.2345+0530"), Date.UTC(2024, 4, 1, 7, 0, 1, 234));
  for (
    const text of [
      "2024-13-01",
      "2024-00-01",
      "2024-02-30",
      "2024-01-00",
      "2024-01-01T24:00",
      "2024-1",
      "24-01-01",
      "2024-01/01",
    ]
  ) {
    assertEquals(timeOf(text), undefined, text);
  }
});

Deno.test("splits and folds of a table have each row once, by classes and by groups", () => {
  const table = tableOf(
    Array.from({ length: 12 }, (_, i) => ({ i, kind: i % 3 === 0 ? null : "x", owner: `${i % 4}` })),
  );
  const parts = split(table, [0.5, 0.25, 0.25], { stratify: "kind" });
  assertEquals(parts.flatMap((part) => part.column("i").values).sort((a, b) => Number(a) - Number(b)), [
    ...Array(12).keys(),
  ]);
  assertEquals(parts.map((part) => part.column("kind").missing), [2, 1, 1]);
  for (const { training, validation } of kFolds(table, 2, { groups: "owner" })) {
    const owners = new Set(training.column("owner").values);
    assert(validation.column("owner").values.every((one) => !owners.has(one)));
  }
  assertThrows(() => split(table, [0.5, 0.5], { stratify: "kidn" }), RangeError, "did you mean kind?");
  assertThrows(() => kFolds(table, 13), RangeError, "Cannot make 13 folds of 12 examples");
});

Deno.test("the summary shows each column in a line", () => {
  const table = parseTable("size,kind,born,ok\n1.5,a,2024-01-01,true\n,b,2023-05-06,false\n");
  assertEquals(table.summary().split("\n"), [
    "2 rows",
    "column  type     missing  values",
    "size    number   1        1.5 … 1.5",
    "kind    text              a, b",
    "born    date              2023-05-06 … 2024-01-01",
    "ok      boolean           true, false",
  ]);
});

Deno.test("messages show names of columns in one line, and cut", () => {
  const long = "n".repeat(5000);
  const table = parseTable(`"a\n\u001b[2J",${long}\n1,2\n`);
  for (const name of ["a\n\u001b[2K", long + "m", "x"]) {
    const { message } = assertThrows(() => table.column(name), RangeError);
    assert(message.length < 1000 && !message.includes("\n") && !message.includes("\u001b"), message);
  }
  const other = parseTable(`"a\n\u001b[2J",b\n1,"x\ny"\n`);
  const { message } = assertThrows(() => other.column("b").categories.forEach((one) => other.column(one)), RangeError);
  assert(!message.includes("\n"), message);
});

Deno.test("a table has at most 65536 columns", () => {
  const head = Array.from({ length: 2 ** 16 }, (_, i) => `c${i}`).join();
  assertEquals(Object.keys(parseTable(`${head}\n`).types).length, 2 ** 16);
  assertThrows(
    () => parseTable(`${head},more\n`),
    DataError,
    "Cannot read line 1 of CSV text: expected at most 65536 columns, got more",
  );
});

Deno.test("the last hour, minute and second of a day exist, and none after them", () => {
  const time = Date.UTC(2024, 1, 29, 23, 59, 59);
  for (const text of ["2024-02-29T23:59:59Z", "2024-02-29T23:59:59", "2024-02-29 23:59:59"]) {
    assertEquals(timeOf(text), time, text);
  }
  const wrong = ["2024-02-29T24:00:00", "2024-02-29T23:60:00", "2024-02-29T23:59:60", "2024-02-30", "2024-13-01"];
  for (const text of [...wrong, "2024-00-10", "2024-01-00"]) {
    assertEquals(Number.isNaN(timeOf(text) ?? NaN), true, text);
  }
});

Deno.test("a summary shows five texts of a column, or says how many there are", () => {
  const lineOf = (...texts: string[]): string | undefined =>
    tableOf(texts.map((a) => ({ a }))).summary().split("\n").at(-1);
  assertEquals(lineOf("v", "w", "x", "y", "z"), "a       text           v, w, x, y, z");
  assertEquals(lineOf("u", "v", "w", "x", "y", "z"), "a       text           u, v, w, x, y, … (6)");
  assertEquals(lineOf("Rome, Italy", "Oslo"), 'a       text           "Rome, Italy", Oslo');
});
