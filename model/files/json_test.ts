import { assertEquals, assertThrows } from "@std/assert";
import { FileFormatError } from "./errors.ts";
import { checkStructure, DEEPEST } from "./json_structure.ts";
import { decodeJsonText } from "./json_text.ts";
import { type Json, parseJson, readJson, writeJson } from "./json.ts";

function roundTrip(value: Json): Json {
  return readJson(writeJson(value), "state");
}

Deno.test("every double keeps all bits", () => {
  const numbers = [0, -0, 1 / 3, 5e-324, Number.MAX_VALUE, -1e21, 2 ** 53, 0.1 + 0.2, Infinity, -Infinity, NaN];
  const bits = (values: Json) => new BigUint64Array(Float64Array.from(values as number[]).buffer);
  assertEquals(bits(roundTrip(numbers)), bits(numbers));
});

Deno.test("records, arrays, strings, booleans and null keep their order", () => {
  const value = { z: [null, true, 'ÿ\u0000"\\'], a: { "": [], b: {} }, 'key": {': 1 };
  assertEquals(roundTrip(value), value);
  assertEquals(Object.keys(roundTrip(value) as object), Object.keys(value));
});

Deno.test("a key named __proto__ is a key like any other", () => {
  const value = parseJson('{"__proto__": 1}', "state");
  assertEquals(Object.entries(readJson(JSON.stringify(value), "state") as object), [["__proto__", 1]]);
});

Deno.test("values that JSON would drop are refused, and their place is named", () => {
  const cases: [unknown, string][] = [
    [{ a: [1, undefined] }, "Cannot write the value.a[1] as JSON: expected numbers, strings"],
    [{ at: new Date(0) }, "the value.at as JSON"],
    [{ f: () => 1 }, "got function"],
    [[Float32Array.of(1)], "the value[0] as JSON"],
    [[1n], "got bigint"],
    [{ $number: "NaN" }, "the key $number is reserved"],
  ];
  for (const [value, message] of cases) assertThrows(() => writeJson(value as Json), TypeError, message);
});

Deno.test("invalid texts are FileFormatErrors", () => {
  const cases: [string, string][] = [
    ["{", "expected JSON, got invalid JSON"],
    ["", "expected JSON"],
    ['{"a": 1, "b": {"a": 2, "\\u0061": 3}}', 'expected every key once, got the key "a" twice'],
    ['{"$number": "nan"}', "expected one of the numbers Infinity, -Infinity, NaN, -0 under $number"],
    ['{"$number": "NaN", "b": 1}', "under $number"],
    ["[".repeat(100_000) + "]".repeat(100_000), "at most 200 levels of brackets"],
  ];
  for (const [text, message] of cases) assertThrows(() => readJson(text, "config.yc"), FileFormatError, message);
});

Deno.test("equal keys in different records, and keys inside strings, are not repetitions", () => {
  const text = '[{"a": "{\\"a\\": 1, \\"a\\": 2}"}, {"a": {"a": [{"a": 1}]}}, "a", "a"]';
  assertEquals(readJson(text, "state"), JSON.parse(text));
});

Deno.test("texts of any length are read, in linear time and without the stack", () => {
  const epochs = Array.from({ length: 50_000 }, (_, epoch) => ({ epoch, trainLoss: 1 / 3, validationError: null }));
  const strings = ["x".repeat(20_000_000), '"'.repeat(5_000_000), "\\".repeat(5_000_000), '\\"'.repeat(3_000_000)];
  for (const value of [{ epochs }, { state: JSON.stringify(epochs) }, { strings }]) {
    assertEquals(JSON.stringify(roundTrip(value)) === JSON.stringify(value), true);
  }
});

Deno.test("names of any text are read again", () => {
  const names = [
    "",
    "\ud800",
    "\u2028",
    "\0",
    '"',
    "\\",
    '\\"',
    ":",
    '":',
    "{",
    "__proto__",
    "constructor",
    "\u{1f600}",
  ];
  const value = Object.fromEntries(names.map((name) => [name, name]));
  assertEquals(Object.entries(roundTrip(value) as object), Object.entries(value));
});

Deno.test("what is nested too deeply to be read again is not written", () => {
  const nested = (depth: number): Json => depth === 0 ? 1 : [nested(depth - 1)];
  assertEquals(roundTrip(nested(200)), nested(200));
  assertThrows(() => writeJson(nested(201)), TypeError, "expected at most 200 levels, got more");
});

Deno.test("values may take as much memory and be as deep as the limits, and no more", () => {
  for (const text of ["[]", '{"a": 1, "b": ["c", 2]}']) {
    const bytes = checkStructure(text, "state");
    assertEquals(checkStructure(text, "state", bytes), bytes);
    assertThrows(() => checkStructure(text, "state", bytes - 1), FileFormatError, `at most ${bytes - 1} bytes`);
  }
  const nested = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);
  assertEquals(readJson(nested(DEEPEST), "state"), JSON.parse(nested(DEEPEST)));
  assertThrows(() => readJson(nested(DEEPEST + 1), "state"), FileFormatError, `at most ${DEEPEST} levels`);
});

Deno.test("texts of characters that engines keep in two bytes count these, twice", () => {
  // Both end in the first and in the last byte that a character may continue with.
  for (const text of ["\u0100".repeat(10), "\u013f".repeat(10)]) {
    const bytes = new TextEncoder().encode(text);
    assertEquals(decodeJsonText(bytes, "state", { most: 2 * 2 * 10 }), text);
    assertThrows(() => decodeJsonText(bytes, "state", { most: 2 * 2 * 10 - 1 }), FileFormatError);
  }
  const narrow = "\u00ff".repeat(10);
  assertEquals(decodeJsonText(new TextEncoder().encode(narrow), "state", { most: 1 }), narrow);
});
