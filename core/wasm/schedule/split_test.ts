import { assertEquals } from "@std/assert";
import { ExpressionTable } from "../../nest/expression_table.ts";
import type { Nest } from "../../nest/nest.ts";
import { nestOf, phaseOf, rowMajorOf, slotOf } from "../../nest/test_nests.ts";
import { splitReduction } from "./split.ts";

/** The sums of rows, over loops with these extents. */
function rowSums(rows: number, extents: readonly number[]): Nest {
  const table = new ExpressionTable();
  const [row, ...inner] = [rows, ...extents].map((extent) => table.variable("i", extent));
  const elements = extents.reduce((product, extent) => product * extent, rows);
  const value = table.load("f32", 0, rowMajorOf(table, [row, ...inner]));
  return nestOf({
    slots: [slotOf(elements), slotOf(rows, "write")],
    outer: [row],
    phases: [
      phaseOf({ inner, reductions: [{ id: 0, kind: "sum", value, dtype: "f32" }] }),
      phaseOf({ stores: [{ slot: 1, index: row, value: table.result("f32", 0) }] }),
    ],
  });
}

/** The lengths of the parts of the longest loop, and their number. */
const partsFor = (rows: number, extents: readonly number[]) => {
  const turns = splitReduction(rowSums(rows, extents))?.turns;
  return turns && [turns.length, turns.part.extent];
};

Deno.test("a long reduction to few results is split along its longest loop, into parts of whole vectors", () => {
  assertEquals(partsFor(1, [100_000]), [6256, 16]);
  assertEquals(partsFor(4, [32, 32, 32]), [16, 2], "two parts are worth it");
  assertEquals(partsFor(4, [31, 31, 31]), undefined, "one part is no part");
  assertEquals(partsFor(64, [2000]), [128, 16]);
});

Deno.test("short reductions, and those to many results, stay whole", () => {
  assertEquals(partsFor(1, [99_999]), undefined);
  assertEquals(partsFor(65, [2000]), undefined);
});
