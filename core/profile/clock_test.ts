import { assertEquals } from "@std/assert";
import { median } from "./clock.ts";

Deno.test("the median is the value in the middle, or the mean of the two in the middle", () => {
  assertEquals([median([3, 1, 2]), median([4, 1, 2, 3]), median([5])], [2, 2.5, 5]);
});
