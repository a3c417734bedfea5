import { assertEquals } from "@std/assert";
import { median, rate } from "./clock.ts";

Deno.test("the median is the value in the middle, or the mean of the two in the middle", () => {
  assertEquals([median([3, 1, 2]), median([4, 1, 2, 3]), median([5])], [2, 2.5, 5]);
});

Deno.test("a rate is in billions per second, and 0 without a time", () => {
  assertEquals([rate(6e9, 2), rate(1e6, 1), rate(1e6, 0)], [3000, 1, 0]);
});
