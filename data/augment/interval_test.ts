import { assertEquals } from "@std/assert";
import { spread } from "./interval.ts";

Deno.test("numbers are at the middles of equal parts of an interval, and one if it has no length", () => {
  assertEquals(spread([0, 4], 4), [0.5, 1.5, 2.5, 3.5]);
  assertEquals(spread([-1, 1], 1), [0]);
  assertEquals(spread([2, 2], 5), [2]);
});
