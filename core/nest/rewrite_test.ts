import { assertEquals } from "@std/assert";
import type { Variable } from "./expression.ts";
import { ExpressionTable } from "./expression_table.ts";
import { mapNest, mapStore } from "./rewrite.ts";
import { nestOf, phaseOf, slotOf } from "./test_nests.ts";

Deno.test("of a store its index, its value and its guard are replaced", () => {
  const table = new ExpressionTable();
  const [index, value, guard] = [table.literal("i32", 1), table.literal("f32", 2), table.literal("bool", 1)];
  const other = table.literal("i32", 7);
  assertEquals(mapStore({ slot: 3, index, value, guard, add: true }, () => other), {
    slot: 3,
    index: other,
    value: other,
    guard: other,
    add: true,
  });
  assertEquals("guard" in mapStore({ slot: 3, index, value }, () => other), false);
});

Deno.test("of a nest all expressions, loops and numbers of reductions are replaced, those of its product too", () => {
  const table = new ExpressionTable();
  const [i, j, d] = ["i", "j", "d"].map((name) => table.variable(name, 3));
  const others = new Map([i, j, d].map((loop) => [loop, table.variable("other", 3)]));
  const [i2, j2, d2] = [i, j, d].map((loop) => others.get(loop)!);
  const load = (slot: number, loop: Variable) => table.load("f32", slot, table.affine([[loop, 1]], 1));
  const [left, right] = [load(0, i), load(1, d)];
  const value = table.apply("mul", "f32", [left, right]);
  const nest = nestOf({
    slots: [slotOf(4), slotOf(4), slotOf(9, "write")],
    outer: [i, j],
    phases: [
      phaseOf({ inner: [d], reductions: [{ id: 0, kind: "sum", value, dtype: "f32" }] }),
      phaseOf({ stores: [{ slot: 2, index: i, value: table.result("f32", 0), guard: table.load("bool", 0, i) }] }),
    ],
    contraction: { batch: [j], rows: [i], columns: [j], depth: [d], left, right },
  });
  const renumber = (id: number): number => id + 5;
  const changed = mapNest(nest, {
    expression: table.substitution(others, { renumber }),
    loops: (variables) => variables.map((one) => others.get(one)!),
    reduction: renumber,
  });
  const [[reducing, storing], contraction] = [changed.phases, changed.contraction!];
  const moved = table.apply("mul", "f32", [load(0, i2), load(1, d2)]);
  assertEquals(changed.outer, [i2, j2]);
  assertEquals(reducing.inner, [d2]);
  assertEquals(reducing.reductions, [{ id: 5, kind: "sum", value: moved, dtype: "f32" }]);
  assertEquals(storing.stores, [
    { slot: 2, index: i2, value: table.result("f32", 5), guard: table.load("bool", 0, i2) },
  ]);
  const { batch, rows, columns, depth } = contraction;
  assertEquals([batch, rows, columns, depth], [[j2], [i2], [j2], [d2]]);
  assertEquals([contraction.left, contraction.right], [load(0, i2), load(1, d2)]);
});

Deno.test("a nest whose expressions stay as they are is the same nest", () => {
  const table = new ExpressionTable();
  const i = table.variable("i", 3);
  const nest = nestOf({
    slots: [slotOf(3, "write")],
    outer: [i],
    phases: [phaseOf({ stores: [{ slot: 0, index: i, value: table.literal("f32", 1) }] })],
  });
  assertEquals(mapNest(nest, { expression: (e) => e }), nest);
});
