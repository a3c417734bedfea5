import { assertEquals } from "@std/assert";
import { ExpressionTable } from "../../nest/expression_table.ts";
import { haloOf, oddLines } from "./scattered_tile.ts";

Deno.test("distances are odd numbers of cache lines of 16 elements", () => {
  assertEquals([1, 16, 17, 32, 33, 48, 49].map(oddLines), [16, 16, 48, 48, 48, 48, 80]);
});

Deno.test("taps need the points from the first to the last one", () => {
  const table = new ExpressionTable();
  const tap = (extent: number, step: number) => ({ variable: table.variable("tap", extent), step });
  assertEquals(haloOf([]), 0);
  assertEquals(haloOf([tap(1, 3)]), 0);
  assertEquals(haloOf([tap(3, 1)]), 2);
  assertEquals(haloOf([tap(3, 2), tap(5, 1)]), 8);
});
