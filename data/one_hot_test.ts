import { assertEquals, assertThrows } from "@std/assert";
import { oneHotDecoding, oneHotEncoding } from "./one_hot.ts";
import { samples } from "./samples.ts";

Deno.test("oneHotEncoding has a column for each class up to the highest", () => {
  assertEquals(oneHotEncoding([1, 0, 3]), samples([[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1]]));
  assertEquals(oneHotEncoding(Int32Array.of(2), 5), samples([[0, 0, 1, 0, 0, 0]]));
});

Deno.test("oneHotDecoding undoes oneHotEncoding", () => {
  const classes = Int32Array.of(4, 0, 2, 2, 1);
  assertEquals(oneHotDecoding(oneHotEncoding(classes, 9)), classes);
});

Deno.test("oneHotDecoding takes the greatest of probabilities, the first of equals", () => {
  assertEquals([...oneHotDecoding(samples([[0.2, 0.5, 0.3], [0.4, 0.2, 0.4]]))], [1, 0]);
});

Deno.test("no classes give no rows", () => {
  assertEquals(oneHotEncoding([]).shape, [0, 0]);
  assertEquals(oneHotEncoding([], 3).shape, [0, 4]);
});

Deno.test("oneHotEncoding refuses numbers that are not classes", () => {
  assertThrows(
    () => oneHotEncoding([1, 4], 3),
    RangeError,
    "Cannot encode class 4 at 1: expected a whole number from 0 to 3",
  );
  assertThrows(() => oneHotEncoding([-1]), RangeError, "class -1 at 0");
  assertThrows(() => oneHotEncoding([1, 0.5], 3), RangeError, "class 0.5 at 1");
  assertThrows(
    () => oneHotEncoding([0.5]),
    RangeError,
    "expected highest to be a whole number of at least -1, got 0.5",
  );
  assertThrows(
    () => oneHotEncoding([1], 2.5),
    RangeError,
    "expected highest to be a whole number of at least -1, got 2.5",
  );
});

Deno.test("the class of a row does not depend on the other rows, and is the first of equal ones", () => {
  assertEquals([...oneHotDecoding(samples([[0.2, 0.1], [0.9, 0], [0.5, 0.5]]))], [0, 0, 0]);
  assertEquals([...oneHotDecoding(samples([[0.1, 0.2], [0, 0.9], [-1, -2]]))], [1, 1, 0]);
});
