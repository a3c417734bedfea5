import { assertEquals } from "@std/assert";
import { type Division, partition } from "./partition.ts";

const partsOf = (division: Partial<Division>): number[][] =>
  partition({ count: 12, shares: [0.5, 0.25, 0.25], seed: undefined, ...division }).map((part) => [...part]);

const classes = Int32Array.of(1, 0, 1, 0, 1, 0, 1, 0, 2, 2, 2, 2);
const groups = ["a", "b", "a", "c", "c", "c", "d", "e", "e", "f", "f", "f"];

Deno.test("without a seed, parts are runs whose sizes are rounded", () => {
  assertEquals(partsOf({ count: 10, shares: [0.5, 0.3, 0.2] }), [[0, 1, 2, 3, 4], [5, 6, 7], [8, 9]]);
  assertEquals(partsOf({ count: 7, shares: [0.5, 0.5] }), [[0, 1, 2, 3], [4, 5, 6]]);
  assertEquals(partsOf({ count: 0, shares: [0.5, 0.5] }), [[], []]);
});

Deno.test("with a seed, the order is the recorded one", () => {
  assertEquals(partsOf({ count: 10, shares: [0.5, 0.3, 0.2], seed: 1 }), [[8, 1, 5, 4, 6], [3, 2, 7], [0, 9]]);
});

Deno.test("examples go class by class to the part that lacks most, the first of several", () => {
  assertEquals(partsOf({ classes }), [[1, 7, 0, 6, 8, 11], [3, 2, 9], [5, 4, 10]]);
  assertEquals(partsOf({ classes, seed: 3 }), [[3, 1, 6, 0, 9, 10], [7, 2, 11], [5, 4, 8]]);
});

Deno.test("groups go to the part that lacks most, the largest first", () => {
  assertEquals(partsOf({ groups, shares: [0.5, 0.5] }), [[3, 4, 5, 0, 2, 1], [9, 10, 11, 7, 8, 6]]);
});

Deno.test("groups go where they bring all classes nearest to their shares", () => {
  assertEquals(partsOf({ groups, classes }), [[3, 4, 5, 9, 10, 11], [0, 2, 1], [7, 8, 6]]);
  assertEquals(partsOf({ groups, classes, shares: [0.6, 0.4], seed: 2 }), [[4, 3, 5, 9, 10, 11, 6], [7, 8, 0, 2, 1]]);
  // Of two groups of one class each, every part gets one.
  const pairs = { count: 4, shares: [0.5, 0.5], groups: [0, 1, 2, 3], classes: Int32Array.of(0, 0, 1, 1) };
  assertEquals(partsOf(pairs), [[0, 2], [1, 3]]);
});
