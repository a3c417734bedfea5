import { assert, assertEquals, assertThrows } from "@std/assert";
import { CsvScanner, type CsvSink, type FieldForm, isDelimiter, tooLong } from "./csv_rows.ts";

/** The rows of a text: the line on which each starts, and its fields, with marks if they had quotes. */
type Row = readonly [line: number, ...fields: string[]];

const marks: Readonly<Record<FieldForm, string>> = { plain: "", quoted: "q:", malformed: "m:" };

/** Takes rows, and checks that the fields of a row have its line. */
function sinkOf(rows: Row[]): CsvSink {
  let fields: string[] = [];
  let lines: number[] = [];
  return {
    field: (text, form, line) => {
      fields.push(marks[form] + text);
      lines.push(line);
    },
    endRow: (line) => {
      assert(lines.every((one) => one === line), `${lines} ${line}`);
      rows.push([line, ...fields]);
      [fields, lines] = [[], []];
    },
    refuseLength: (line, most) => {
      throw new RangeError(`line ${line}, more than ${most}`);
    },
  };
}

function rowsOf(pieces: readonly string[], delimiter = ","): Row[] {
  const rows: Row[] = [];
  const scanner = new CsvScanner(delimiter, sinkOf(rows));
  pieces.forEach((piece) => scanner.add(piece));
  scanner.end();
  return rows;
}

/** The rows of a text, which are the same for pieces of all sizes. */
function rowsInPieces(text: string, delimiter = ","): Row[] {
  const rows: Row[] = [];
  new CsvScanner(delimiter, sinkOf(rows)).end(text);
  for (let size = 1; size <= text.length; size++) {
    const pieces = Array.from(
      { length: Math.ceil(text.length / size) },
      (_, i) => text.slice(i * size, (i + 1) * size),
    );
    assertEquals(rowsOf(pieces, delimiter), rows, `${size}`);
  }
  return rows;
}

Deno.test("a delimiter is one character other than a quote or the end of a line", () => {
  for (const good of [",", ";", "\t", " ", "|", "\u{1f600}"]) assert(isDelimiter(good), good);
  for (const bad of ["", "ab", '"', "\n", "\r", 5, undefined]) assert(!isDelimiter(bad), String(bad));
});

Deno.test("rows end at all ends of lines, and at the end of the text", () => {
  assertEquals(rowsInPieces("1,2\n3\r\n4,5\r6"), [[1, "1", "2"], [2, "3"], [3, "4", "5"], [4, "6"]]);
  assertEquals(rowsInPieces("1\n"), [[1, "1"]]);
  assertEquals(rowsInPieces("\n\r\n\r,"), [[1, ""], [2, ""], [3, ""], [4, "", ""]]);
  assertEquals(rowsInPieces(""), []);
});

Deno.test("quotes hold delimiters, ends of lines and doubled quotes, and lines are counted within", () => {
  assertEquals(rowsInPieces('"a,b","c""d"\r\n"e\nf\r\ng\rh",i\nj'), [
    [1, "q:a,b", 'q:c"d'],
    [2, "q:e\nf\r\ng\rh", "i"],
    [6, "j"],
  ]);
  assertEquals(rowsInPieces('1,""\n"""",2'), [[1, "1", "q:"], [2, 'q:"', "2"]]);
  assertEquals(rowsInPieces('"\n"\n"\n"\n3'), [[1, "q:\n"], [3, "q:\n"], [5, "3"]]);
  assertEquals(rowsInPieces('"1",2\r"3",4\r5,"6"\r'), [[1, "q:1", "2"], [2, "q:3", "4"], [3, "5", "q:6"]]);
});

Deno.test("a field whose quotes end early or never is malformed, and ends where a plain one does", () => {
  assertEquals(rowsInPieces('"a"b,c\n"d"" ,e\nf'), [[1, 'm:"a"b', "c"], [2, 'm:"d""', "e"], [3, "f"]]);
  assertEquals(rowsInPieces('1,"a \n2'), [[1, "1", 'm:"a'], [2, "2"]]);
  assertEquals(rowsInPieces('a"b",c"'), [[1, 'a"b"', 'c"']]);
});

Deno.test("blanks around fields are left out, with quotes and without", () => {
  assertEquals(rowsInPieces(' 1 ,\u00a02\u2003, \n "a" ,\u3000" b "\t,c d'), [
    [1, "1", "2", ""],
    [2, "q:a", "q: b ", "c d"],
  ]);
  assertEquals(rowsInPieces('\u00a0"a"\u00a0,\u2003"b"'), [[1, "q:a", "q:b"]]);
  // A tab that separates columns is no blank, and characters that look like none are not.
  assertEquals(rowsInPieces('"a"\t \t"b" \u001f\tc', "\t"), [[1, "q:a", "", 'm:"b" \u001f', "c"]]);
  assertEquals(rowsInPieces('\u000b"a"\f,\u0085"b"', ","), [[1, "q:a", '\u0085"b"']]);
});

Deno.test("a delimiter of two code units separates as a whole only", () => {
  assertEquals(rowsInPieces('1\u{1f600}"2"\u{1f600}3\u{1f601}4\n5', "\u{1f600}"), [[1, "1", "q:2", "3\u{1f601}4"], [
    2,
    "5",
  ]]);
});

/** A line that is longer than those that are read at once. */
const fields = Array.from({ length: 180_000 }, (_, i) => `${i}`);
const longLine = fields.join(",");

Deno.test("long lines are read in parts, whatever is in and behind them", () => {
  assert(longLine.length > 2 ** 20);
  const rest = ', x ,"a,""b\nc", 7\n8,9\r\n';
  const rests: Row[] = [[3, "8", "9"]];
  for (const size of [longLine.length + rest.length, 700_001]) {
    const text = longLine + rest;
    const pieces = Array.from(
      { length: Math.ceil(text.length / size) },
      (_, i) => text.slice(i * size, (i + 1) * size),
    );
    const [[line, ...found], ...others] = rowsOf(pieces);
    assertEquals([line, found.length], [1, 180_003]);
    assert(found.slice(0, 180_000).join() === longLine);
    assertEquals(found.slice(180_000), ["x", 'q:a,"b\nc', "7"]);
    assertEquals(others, rests);
  }
  // The first field is longer than what is read at once, the last one ends with the text.
  const wide = `${"a".repeat(20_000)}, b ${",c".repeat(2 ** 19)}`;
  const [[, first, second, ...others]] = rowsOf([wide]);
  assertEquals([first.length, second, others.length, others.at(-1)], [20_000, "b", 2 ** 19, "c"]);
  assert(others.every((one) => one === "c"));
});

Deno.test("a field of a text in pieces has at most four million characters", () => {
  const most = 2 ** 22;
  const scanner = new CsvScanner(",", sinkOf([]));
  scanner.add("1,2\n3\n");
  scanner.add(`4,${"a".repeat(most - 2)}`);
  assertThrows(() => scanner.add("aaa"), RangeError, "line 3, more than 4194304");
});

Deno.test("a scanner knows the line to which the pieces lead", () => {
  const scanner = new CsvScanner(",", sinkOf([]));
  const lines = ["1,2", "\n3", '\n4,"a\n', 'b\n"', ",5\n", "6,7\n8"].map((piece) => {
    scanner.add(piece);
    return scanner.line;
  });
  assertEquals(lines, [1, 2, 4, 5, 6, 7]);
});

Deno.test("the error about a long field names its line and its column", () => {
  assertEquals(
    tooLong("a.csv", { line: 3, column: 2, most: 10 }).message,
    "Cannot read line 3 of a.csv: expected fields of at most 10 characters, got more in column 2; close quotes, and " +
      "check the delimiter",
  );
});
