import { assertEquals } from "@std/assert";
import { horizontalAxis, valueAxis } from "./axis.ts";

Deno.test("many numbers are drawn to scale, and wide ranges have a logarithmic scale", () => {
  const powers = Array.from({ length: 9 }, (_, i) => 10 ** (i - 8));
  const axis = horizontalAxis(powers, 0, 80);
  assertEquals(powers.map((value) => Math.round(axis.place(value))), [0, 10, 20, 30, 40, 50, 60, 70, 80]);
  assertEquals(axis.ticks.map(({ label }) => label), ["1e-8", "0.0001", "1"]);
  const even = horizontalAxis(Array.from({ length: 9 }, (_, i) => i + 1), 0, 80);
  assertEquals(Math.round(even.place(5)), 40);
  assertEquals(horizontalAxis([10, 9, "x"], 0, 30).ticks.map(({ label }) => label), ["9", "10", "x"]);
});

Deno.test("the ticks of an axis of numbers are round and include all of them", () => {
  const { ticks, place } = valueAxis([3.1, 17.4], 100, 0);
  assertEquals(ticks.map(({ label }) => label), ["0", "5", "10", "15", "20"]);
  assertEquals([place(0), place(20)], [100, 0]);
});
