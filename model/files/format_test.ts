import { assertEquals, assertThrows } from "@std/assert";
import { version } from "../version.ts";
import { FileFormatError } from "./errors.ts";
import { type FileFormat, readFormat } from "./format.ts";

const format: FileFormat = { kind: "a model", number: 3, readable: [1, 2, 3] };

Deno.test("a format number is read from a number and from digits; a file without one has the earliest format", () => {
  assertEquals([2, "3", undefined].map((given) => readFormat(format, given, "a.ym")), [2, 3, 1]);
});

Deno.test("a greater number is refused: a newer version wrote the file", () => {
  for (const given of [4, "4"]) {
    const { message } = assertThrows(() => readFormat(format, given, "a.ym"), FileFormatError);
    assertEquals(
      message,
      `Cannot read a.ym: expected a model of format 1, 2 or 3, which yadll ${version} reads, got format 4: ` +
        "it was written by a newer version of yadll; update to read it",
    );
  }
});

Deno.test("an invalid format number is refused, without blaming a newer version", () => {
  for (const given of [0, -1, 1.5, 4.5, NaN, null, "", "01", "1.0", "four", [1], {}]) {
    const { message, got } = assertThrows(() => readFormat(format, given, "a.ym"), FileFormatError);
    assertEquals([got.startsWith("format "), message.includes("newer")], [true, false], message);
  }
});

Deno.test("the numbers that can be read are listed like in a sentence", () => {
  const expected = (...readable: number[]) =>
    assertThrows(() => readFormat({ ...format, readable }, 9, "a.ym"), FileFormatError).expected;
  assertEquals(expected(1), `a model of format 1, which yadll ${version} reads`);
  assertEquals(expected(1, 2), `a model of format 1 or 2, which yadll ${version} reads`);
});
