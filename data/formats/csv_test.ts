import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { type CsvOptions, parseCsv, readCsv } from "./csv.ts";
import { DataError } from "../errors.ts";
import { readTable } from "../table/read_table.ts";
import { cpuTime } from "../../tests/cpu_time.ts";

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
    () => parseCsv("a;b\n1;2\n"),
    DataError,
    'got "1;2"; if ";" separates the columns, pass it as the option `delimiter`',
  );
  assertThrows(
    () => parseCsv("a,b\n\n1,x", {}, "t.csv"),
    DataError,
    'Cannot read line 3 of t.csv: expected a number in column 2 (b), got "x"; replace names of classes by numbers from 0',
  );
  assertThrows(
    () => parseCsv('"a\nb",c\n1,2\n"x\ny",4'),
    DataError,
    "line 4 of CSV text: expected a number in column 1 (a\\nb)",
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

Deno.test("blanks around fields are left out, and all other characters belong to them", () => {
  for (const blank of [" ", "  ", "\t", "\u00a0", "\u2003", " \u3000\t"]) {
    const { columns, values } = parseCsv(
      `${blank}a${blank},${blank}"b"${blank}\n${blank}1${blank},${blank}"2"${blank}`,
    );
    assertEquals([columns, [...values]], [["a", "b"], [1, 2]], JSON.stringify(blank));
  }
  for (const letter of ["é", "\u00a1", "中", "\u0001", "_", "~"]) {
    assertEquals(parseCsv(`${letter}a${letter},"${letter}"\n1,2`).columns, [`${letter}a${letter}`, letter]);
  }
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

Deno.test("a first line that may be numbers or names is refused unless the option says what it is", () => {
  for (
    const line of ["1.2.3,4", "0x10,2", "1_000,2", "1;2", "5.1,3.5,setosa", "setosa,5.1", "1,2,x", "x,1e3", "-1,x"]
  ) {
    const text = `${line}\n`;
    assertThrows(() => parseCsv(text, {}, "t.csv"), DataError, "Cannot read line 1 of t.csv: expected numbers, or the");
    assertThrows(() => parseCsv(text), DataError, "set the option `header` to true or false");
    assertEquals(parseCsv(text, { header: true }).columns, line.split(","));
    assertThrows(() => parseCsv(text, { header: false }), DataError, "expected a number in column");
  }
  for (const line of ["label,1x1,1x2", "species,2019,2020", ",a,b", "a,"]) {
    assertEquals(parseCsv(`${line}\n`).columns, line.split(","));
  }
});

Deno.test("a field whose closing quote is missing is refused, also in the first line", () => {
  for (const header of [undefined, true, false]) {
    const options: CsvOptions = header === undefined ? {} : { header };
    for (const text of ['"a,b\n1,2\n', '"1,2\n3,4\n', '"a"x,b\n1,2\n', 'a,"b\n1,2']) {
      assertThrows(() => parseCsv(text, options), DataError, "a field that starts with a quote ends with one");
    }
  }
});

Deno.test("of several malformed fields the first is named", () => {
  const message = 'Cannot read line 2 of CSV text: expected a number in column 2, got "\\"a\\"b"';
  assertThrows(() => parseCsv('1,2,3\n4,"a"b,"c"d'), DataError, message);
});

Deno.test("a delimiter of several code units is told from characters that begin like it", () => {
  assertEquals(parseCsv('"a"😀b😁\n1😀2', { delimiter: "😀" }).columns, ["a", "b😁"]);
});

Deno.test("blanks around fields are left out in lines of any length", () => {
  assertEquals(parseCsv(`${" 1 ,".repeat(2 ** 18 + 1)}2`).shape, [1, 2 ** 18 + 2]);
});

Deno.test("a text that arrives in pieces has the rows of the whole text", async () => {
  const texts = [
    '\uFEFFa,"b ""x"" é"\r\n1,2\r\n\r\n"3" , 4.5\r\n,NA\n',
    '"two\r\nlines",b\r1,2\r"3",4',
    `${"1,".repeat(30)}2\n${"3,".repeat(30)}4`,
  ];
  for (const text of texts) {
    const bytes = new TextEncoder().encode(text);
    const wanted = parseCsv(text, { missing: "nan" });
    for (let size = 1; size < bytes.length; size++) {
      const pieces = Array.from(
        { length: Math.ceil(bytes.length / size) },
        (_, i) => bytes.slice(i * size, (i + 1) * size),
      );
      const response = new Response(ReadableStream.from(pieces));
      assertEquals(await readCsv(response, { missing: "nan" }), wanted, `${size}`);
    }
  }
  for (const texts of [["1,2\n", '3,"x\ny"\n', "5,6,7\n"], ['1,"2"\r', '\n3,"x\ny"\n']]) {
    const parts = texts.map((text) => new TextEncoder().encode(text));
    const message = 'Cannot read line 2 of the response: expected a number in column 2, got "x\\ny"';
    await assertRejects(() => readCsv(new Response(ReadableStream.from(parts))), DataError, message);
  }
});

Deno.test("a file may have as many bytes as the limit, and no more", async () => {
  assertEquals((await readCsv(new Response("1,2\n"), { limitBytes: 4 })).shape, [1, 2]);
  await assertRejects(() => readCsv(new Response("1,2\n"), { limitBytes: 3 }), DataError, "expected at most 3 bytes");
});

Deno.test("the message about a field that is too long names its line and its column", async () => {
  const long = "7".repeat(2 ** 22 + 1);
  const from = (text: string): Response =>
    new Response(ReadableStream.from([text, long].map((piece) => new TextEncoder().encode(piece))));
  for (const read of [readCsv, readTable]) {
    for (const [before, place] of [["", [1, 1]], ["a,", [1, 2]], ["a,b\n", [2, 1]], ["a,b\n3,", [2, 2]]] as const) {
      const message = `Cannot read line ${place[0]} of the response: expected fields of at most 4194304 characters, ` +
        `got more in column ${place[1]}; close quotes, and check the delimiter`;
      await assertRejects(() => read(from(before)), DataError, message);
    }
  }
});

Deno.test("lines, fields and names of any length take memory for their numbers only", async () => {
  const endless = (text: string): Response => {
    const piece = new TextEncoder().encode(text.repeat(2 ** 20 / text.length));
    return new Response(new ReadableStream({ pull: (controller) => controller.enqueue(piece) }));
  };
  const cases: [string, CsvOptions & { limitBytes?: number }, string][] = [
    ["a".repeat(16), {}, "expected fields of at most 4194304 characters"],
    [" ".repeat(16), {}, "expected fields of at most 4194304 characters"],
    ['""""""""', {}, "expected fields of at most 4194304 characters"],
    ['"a\n', {}, "a field that starts with a quote ends with one"],
    ["1\n", {}, "expected at most 20000000 bytes, got more; if you trust the file, raise the option `limitBytes`"],
    ["1,", {}, "expected at most 20000000 bytes"],
    ["name,abc", {}, "expected at most 262144 names of columns"],
  ];
  for (const [text, options, message] of cases) {
    await assertRejects(() => readCsv(endless(text), { limitBytes: 20_000_000, ...options }), DataError, message);
  }
  const wide = `${"1,".repeat(2 ** 18)}1`;
  assertEquals(parseCsv(`,${wide}\n2,${wide}`, { missing: "skip" }).shape, [1, 2 ** 18 + 2]);
  const line = "1,".repeat(2 ** 22);
  const begin = cpuTime();
  assertEquals(parseCsv(`${line}1\n${line}2`).shape, [2, 2 ** 22 + 1]);
  assert(cpuTime() - begin < 5000);
  assertThrows(() => parseCsv(`${"x,".repeat(2 ** 20)}y`), DataError, "expected at most 262144 names of columns");
});
