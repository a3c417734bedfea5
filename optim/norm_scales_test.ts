import { assertEquals } from "@std/assert";
import { exponentOf, scalesOf } from "./norm_scales.ts";

Deno.test("the exponent of a limit is that of the nearest power of two whose multiples are numbers", () => {
  const limits = [1, 1.4, 1.5, 5, 6, 2 ** -3, 2 ** 127, Infinity, 2 ** -140, 1e-300];
  assertEquals(limits.map(exponentOf), [0, 0, 1, 2, 3, -3, 127, 127, -140, -140]);
});

Deno.test("numbers are scaled so that squares of the limit neither overflow nor underflow", () => {
  assertEquals(scalesOf(1), [2 ** -40, 2 ** -100]);
  assertEquals(scalesOf(2 ** 39), [2 ** -79, 2 ** -100]);
  assertEquals(scalesOf(2 ** 40), [2 ** -80]);
  assertEquals(scalesOf(2 ** 60), [2 ** -100]);
  assertEquals(scalesOf(Infinity), [2 ** -100]);
  assertEquals(scalesOf(2 ** -40), [1, 2 ** -100]);
  assertEquals(scalesOf(2 ** -140), [2 ** 100, 1, 2 ** -100]);
});
