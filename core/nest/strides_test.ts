import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Expression, Variable } from "./expression.ts";
import { ExpressionTable } from "./expression_table.ts";
import { coefficientOf, distanceAlong, mergeableTail, spanAlong, strideAlong } from "./strides.ts";
import { formulas, type LoopPoint, Loops, pointsIn, valueAt } from "./test_expressions.ts";

/** The differences of an index between successive values of a variable, within blocks of `block` (default: all). */
function steps(index: Expression, points: readonly LoopPoint[], variable: Variable, block = Infinity): number[] {
  return points.flatMap((point) => {
    const value = point.get(variable)!;
    if (value + 1 >= variable.extent || (value + 1) % block === 0) return [];
    return [valueAt(index, new Map(point).set(variable, value + 1)) - valueAt(index, point)];
  });
}

Deno.test("an index with a stride along a loop grows by it everywhere", () => {
  let known = 0;
  fc.assert(
    fc.property(formulas, fc.nat(2), (formula, loop) => {
      const loops = new Loops();
      const variable = loops.variables[loop];
      const index = loops.expression(formula);
      const stride = strideAlong(index, variable);
      if (stride === undefined) return;
      known++;
      for (const step of steps(index, loops.points, variable)) assertEquals(step, stride);
    }),
    { seed: 21, numRuns: 400 },
  );
  assert(known > 100);
});

Deno.test("an index without divisions has a stride along every loop", () => {
  const table = new ExpressionTable();
  const [i, j] = [table.variable("i", 6), table.variable("j", 7)];
  const index = table.affine([[i, 7], [j, -2]], 3);
  assertEquals([i, j].map((variable) => strideAlong(index, variable)), [7, -2]);
  assertEquals(strideAlong(table.quotient(i, 2), j), 0);
  assertEquals(strideAlong(table.quotient(i, 2), i), undefined);
  assertEquals(strideAlong(table.affine([[table.load("i32", 0, i), 3], [j, 1]]), i), undefined);
  assertEquals(strideAlong(table.affine([[table.load("i32", 0, i), 3], [j, 1]]), j), 1);
});

Deno.test("within blocks of successive values, divisions by multiples of the block have strides too", () => {
  const table = new ExpressionTable();
  const [i, k] = [table.variable("i", 48), table.variable("k", 3)];
  const points = pointsIn([i, k]);
  const place = table.affine([[i, 1], [k, 48]]);
  const indices: [Expression, number | undefined][] = [
    [table.quotient(i, 8), 0],
    [table.remainder(i, 8), 1],
    [table.quotient(table.affine([[i, 1]], 4), 12), 0],
    [table.remainder(table.affine([[i, 1]], 2), 8), undefined],
    [table.quotient(i, 6), undefined],
    [table.remainder(table.quotient(place, 4), 6), 0],
    [table.remainder(table.remainder(i, 24), 8), 1],
    [table.affine([[table.remainder(i, 4), 3], [k, 1]]), 3],
  ];
  for (const [index, expected] of indices) {
    assertEquals(strideAlong(index, i, 4), expected);
    if (expected !== undefined) { for (const step of steps(index, points, i, 4)) assertEquals(step, expected); }
  }
  assertEquals(strideAlong(table.quotient(i, 8), i), undefined, "the growth differs");
  assertEquals(strideAlong(table.remainder(i, 4), i, 8), undefined, "the block is longer than the divisor");
});

Deno.test("an index grows by at most its span over successive values", () => {
  const table = new ExpressionTable();
  const [i, j] = [table.variable("i", 24), table.variable("j", 3)];
  for (
    const index of [table.quotient(i, 2), table.quotient(table.affine([[i, 3], [j, 1]]), 5), table.affine([[i, 2]])]
  ) {
    for (const count of [2, 4, 8]) {
      const span = spanAlong(index, i, count)!;
      const growths = pointsIn([i, j]).flatMap((point) => {
        const last = point.get(i)! + count - 1;
        return last < i.extent ? [valueAt(index, new Map(point).set(i, last)) - valueAt(index, point)] : [];
      });
      assertEquals(Math.max(...growths), span);
    }
  }
  assertEquals(spanAlong(table.quotient(i, 2), j, 4), 0);
  assertEquals(spanAlong(table.affine([[i, -1]], 23), i, 4), undefined, "the first value is not the smallest");
  assertEquals(spanAlong(table.remainder(i, 5), i, 4), undefined);
  const divided = (by: number): Expression => table.apply("div", "i32", [i, table.literal("i32", by)]);
  assertEquals([-2, 0, 2].map((by) => spanAlong(divided(by), i, 4)), [undefined, undefined, 2]);
});

Deno.test("the coefficient of a variable is that of its term", () => {
  const table = new ExpressionTable();
  const [i, j] = [table.variable("i", 6), table.variable("j", 7)];
  const index = table.affine([[i, -7], [table.quotient(j, 2), 3]]);
  assertEquals([i, j].map((variable) => coefficientOf(index, variable)), [-7, 0]);
  assertEquals([i, j, undefined].map((variable) => distanceAlong(index, variable)), [7, Infinity, Infinity]);
  assertEquals(coefficientOf(i, i), 1);
});

Deno.test("loops act as one if they occur only as the number of their point", () => {
  const table = new ExpressionTable();
  const loops = [2, 3, 4].map((extent) => table.variable("i", extent));
  const [i, j, k] = loops;
  const whole = table.affine([[i, 12], [j, 4], [k, 1]]);
  const load = (index: Expression): Expression => table.load("f32", 0, index);
  assertEquals(mergeableTail(loops, [load(whole), table.affine([[whole, 3]], 1)]), 3);
  assertEquals(mergeableTail(loops, [load(table.affine([[i, 100], [j, 4], [k, 1]]))]), 2);
  assertEquals(mergeableTail(loops, [load(table.affine([[i, 4], [j, 8], [k, 1]]))]), 1);
  assertEquals(
    mergeableTail(loops, [load(whole), table.apply("cast", "f32", [k])]),
    1,
    "k alone is not the number of a point",
  );
  assertEquals(mergeableTail([], [load(i)]), 0);
});
