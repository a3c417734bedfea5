import { assertEquals } from "@std/assert";
import { unitsIn } from "./unit_count.ts";

Deno.test("the last axis of a shape has the units", () => {
  assertEquals([[null, 3], [null, 2, 5], [4, 1], [null, 4, 7, 6]].map(unitsIn), [3, 5, 1, 6]);
  assertEquals([[], [null], [3, null], [0]].map(unitsIn), [1, 1, 1, 0]);
});
