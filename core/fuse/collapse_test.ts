import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Expression, type Variable, walk } from "../nest/expression.ts";
import { ExpressionTable } from "../nest/expression_table.ts";
import { expressionsOf, type Nest, pointsOf } from "../nest/nest.ts";
import { showNest } from "../nest/show.ts";
import { evaluated, nestOf, phaseOf, randomNest, rowMajorOf, slotOf } from "../nest/test_nests.ts";
import { collapse } from "./collapse.ts";

const extentsOf = ({ outer, phases }: Nest): number[][] =>
  [outer, ...phases.map(({ inner }) => inner)].map((loops) => loops.map(({ extent }) => extent));

function divisionsOf(nest: Nest): number {
  const divisions = new Set<Expression>();
  walk(expressionsOf(nest), (e) => {
    if (e.kind === "apply" && e.dtype === "i32" && (e.op === "div" || e.op === "mod")) divisions.add(e);
  });
  return divisions.size;
}

/** A copy of [2, 3, 4] elements with the axes in the order `order`. */
function copyOf(order: readonly number[]): { nest: Nest; table: ExpressionTable } {
  const table = new ExpressionTable();
  const outer = [2, 3, 4].map((extent) => table.variable("i", extent));
  const value = table.load("f32", 0, rowMajorOf(table, order.map((axis) => outer[axis])));
  const phases = [phaseOf({ stores: [{ slot: 1, index: rowMajorOf(table, outer), value }] })];
  return { nest: nestOf({ slots: [slotOf(24), slotOf(24, "write")], outer, phases }), table };
}

Deno.test("loops that every index treats as one become one", () => {
  const { nest, table } = copyOf([0, 1, 2]);
  const expected = "test (s0: read f32[24], s1: write f32[24])\n for i0 < 24:\n  for once:\n    s1[i0] = s0[i0]";
  assertEquals(showNest(collapse(nest, table)), expected);
});

Deno.test("in a transposition only the axes that stay adjacent are joined", () => {
  for (const [order, extents] of [[[1, 2, 0], [2, 12]], [[2, 0, 1], [6, 4]], [[2, 1, 0], [2, 3, 4]]] as const) {
    const { nest, table } = copyOf(order);
    const collapsed = collapse(nest, table);
    assertEquals(extentsOf(collapsed), [[...extents], []]);
    assertEquals(evaluated(collapsed), evaluated(nest));
  }
});

/** A product of [2, 3] rows by 4 columns over a depth of [2, 5]. */
function productOf(): { nest: Nest; table: ExpressionTable } {
  const table = new ExpressionTable();
  const loops = (name: string, ...extents: number[]) => extents.map((extent) => table.variable(name, extent));
  const [rows, columns, depth] = [loops("i", 2, 3), loops("i", 4), loops("k", 2, 5)];
  const left = table.load("f32", 0, rowMajorOf(table, [...rows, ...depth]));
  const right = table.load("f32", 1, rowMajorOf(table, [...depth, ...columns]));
  const sum = { id: 0, kind: "sum", value: table.apply("mul", "f32", [left, right]), dtype: "f32" } as const;
  const outer = [...rows, ...columns];
  const nest = nestOf({
    slots: [slotOf(60), slotOf(40), slotOf(24, "write")],
    outer,
    phases: [
      phaseOf({ inner: depth, reductions: [sum] }),
      phaseOf({ stores: [{ slot: 2, index: rowMajorOf(table, outer), value: table.result("f32", 0) }] }),
    ],
    contraction: { batch: [], rows, columns, depth, left, right },
  });
  return { nest, table };
}

Deno.test("loops of a product are joined within rows, columns and depth, and keep their roles", () => {
  const { nest, table } = productOf();
  const collapsed = collapse(nest, table);
  assertEquals(extentsOf(collapsed), [[6, 4], [10], []]);
  const { batch, rows, columns, depth, left, right } = collapsed.contraction!;
  assertEquals([...batch, ...rows, ...columns], collapsed.outer);
  assertEquals(depth, collapsed.phases[0].inner);
  assertEquals(collapsed.phases[0].reductions[0].value, table.apply("mul", "f32", [left, right]));
  assertEquals(evaluated(collapsed), evaluated(nest));
});

Deno.test("rows with columns between them are not joined", () => {
  const { nest, table } = productOf();
  const [first, second, column] = nest.outer;
  const index = rowMajorOf(table, [column, first, second]);
  const phases = [nest.phases[0], phaseOf({ stores: [{ slot: 2, index, value: table.result("f32", 0) }] })];
  const collapsed = collapse({ ...nest, outer: [first, column, second], phases }, table);
  assertEquals(extentsOf(collapsed), [[2, 4, 3], [10], []]);
});

/** The sum of the rows of [3, 4, 5] elements, and a second phase over `again` of the loops within a row. */
function sumOf(again: (row: readonly Variable[]) => readonly Variable[]): { nest: Nest; table: ExpressionTable } {
  const table = new ExpressionTable();
  const outer = [table.variable("i", 3)];
  const row = [table.variable("k", 4), table.variable("k", 5)];
  const value = table.load("f32", 0, rowMajorOf(table, [...outer, ...row]));
  const loops = again(row);
  const store = { slot: 1, index: rowMajorOf(table, [...outer, ...loops]), value: table.result("f32", 0) };
  const phases = [
    phaseOf({ inner: row, reductions: [{ id: 0, kind: "sum", value, dtype: "f32" }] }),
    phaseOf({ inner: loops, stores: [store] }),
  ];
  return { nest: nestOf({ slots: [slotOf(60), slotOf(60, "write")], outer, phases }), table };
}

Deno.test("loops within a row are joined if each phase runs over both of them or over neither", () => {
  const cases = [[0, 0], [0, 2], [0, 1], [1, 2]].map(([from, to]) => sumOf((row) => row.slice(from, to)));
  const expected = [[[3], [20], []], [[3], [20], [20]], [[3], [4, 5], [4]], [[3], [4, 5], [5]]];
  assertEquals(cases.map(({ nest, table }) => extentsOf(collapse(nest, table))), expected);
  for (const { nest, table } of cases) assertEquals(evaluated(collapse(nest, table)), evaluated(nest));
});

Deno.test("a collapsed nest computes the same cells, in the same order of the inner loops", () => {
  let joined = 0;
  fc.assert(
    fc.property(randomNest, ({ nest, table }) => {
      const collapsed = collapse(nest, table);
      joined += Number(collapsed !== nest);
      assertEquals(evaluated(collapsed), evaluated(nest), showNest(nest));
      assertEquals(pointsOf(collapsed.outer), pointsOf(nest.outer));
      assert(divisionsOf(collapsed) <= divisionsOf(nest), showNest(collapsed));
    }),
    { seed: 7, numRuns: 300 },
  );
  assert(joined > 50, `only ${joined} nests changed`);
});

Deno.test("collapsing again changes nothing", () => {
  fc.assert(
    fc.property(randomNest, ({ nest, table }) => {
      const collapsed = collapse(nest, table);
      assert(collapse(collapsed, table) === collapsed);
    }),
    { seed: 8, numRuns: 100 },
  );
});
