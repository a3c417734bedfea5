import { assertEquals, assertThrows } from "@std/assert";
import { flatNumbers, type NestedNumbers } from "./nested_numbers.ts";

const flat = (nested: unknown): [string, number[], readonly number[]] => {
  const { values, shape } = flatNumbers("make samples", nested as NestedNumbers);
  return [values.constructor.name, [...values], shape];
};

Deno.test("nested lists become one array and its shape", () => {
  assertEquals(flat([1, 2.5, true, false]), ["Float32Array", [1, 2.5, 1, 0], [4]]);
  assertEquals(flat([[1, 2], [3, 4], [5, 6]]), ["Float32Array", [1, 2, 3, 4, 5, 6], [3, 2]]);
  assertEquals(flat([[[1], [2]], [[3], [4]]]), ["Float32Array", [1, 2, 3, 4], [2, 2, 1]]);
  assertEquals(flat([]), ["Float32Array", [], [0]]);
  assertEquals(flat([[], []]), ["Float32Array", [], [2, 0]]);
});

Deno.test("numbers stay whole if all innermost lists are arrays of whole numbers", () => {
  assertEquals(flat([Int32Array.of(1, 2), Uint8Array.of(3, 4)]), ["Int32Array", [1, 2, 3, 4], [2, 2]]);
  assertEquals(flat([[Int32Array.of(2 ** 30 + 1)], [Int32Array.of(5)]]), ["Int32Array", [2 ** 30 + 1, 5], [2, 1, 1]]);
  assertEquals(flat([Int32Array.of(1, 2), Float32Array.of(3, 4)]), ["Float32Array", [1, 2, 3, 4], [2, 2]]);
  assertEquals(flat([Float32Array.of(1, 2), Int32Array.of(3, 4)]), ["Float32Array", [1, 2, 3, 4], [2, 2]]);
  assertEquals(flat([Int32Array.of(1, 2), [3, 4]]), ["Float32Array", [1, 2, 3, 4], [2, 2]]);
  assertEquals(flat([[3, 4], Int32Array.of(1, 2)]), ["Float32Array", [3, 4, 1, 2], [2, 2]]);
});

Deno.test("lists of one depth have one length, and the message says which two differ", () => {
  const cases: [unknown, string][] = [
    [[[1, 2], [3]], "of lists of different lengths: row 0 has 2 numbers, row 1 has 1"],
    [[[[1], [2]], [[3]]], "of lists of different lengths: row 0 has 2 entries, row 1 has 1"],
    [[[[1], [2]], [[3], [4, 5]]], "of lists of different lengths: row 0[0] has 1 numbers, row 1[1] has 2"],
    [[Int32Array.of(1), Int32Array.of(1, 2)], "row 0 has 1 numbers, row 1 has 2"],
  ];
  for (const [nested, message] of cases) assertThrows(() => flat(nested), TypeError, message);
});

Deno.test("anything but numbers is refused, with its place", () => {
  const cases: [unknown, string][] = [
    [[1, "2"], 'Cannot make samples: expected row 1 to be a number, got "2"'],
    [[[1, 2], [3, null]], "expected row 1[1] to be a number, got null"],
    [[[1, 2], 3], "expected row 1 to be a list of numbers, got 3"],
    [[1, [2]], "expected row 1 to be a number, got"],
    [[[[1]], Int32Array.of(2)], "expected row 1 to be a list of lists, got"],
    // A hole, which methods of arrays would leave out.
    [[1, , 3], "expected row 1 to be a number, got undefined"], // deno-lint-ignore no-sparse-arrays
    [[1n], "Cannot make samples"],
  ];
  for (const [nested, message] of cases) assertThrows(() => flat(nested), TypeError, message);
  assertThrows(() => flat([[1, 2], [3, 1e39]]), RangeError, "as row 1[1]");
  assertThrows(() => flat([Float64Array.of(1, 1e39)]), RangeError, "as row 0[1]");
});

Deno.test("lists have at most 32 levels, so that one which contains itself ends", () => {
  let nested: unknown = 1;
  for (let i = 0; i < 32; i++) nested = [nested];
  assertEquals(flat(nested)[2], new Array(32).fill(1));
  assertThrows(() => flat([nested]), TypeError, "expected lists of at most 32 levels, got a deeper one");
  const own: unknown[] = [];
  own.push(own);
  assertThrows(() => flat(own), TypeError, "got a deeper one");
});
