import { assertEquals, assertStrictEquals } from "@std/assert";
import { ExpressionTable } from "./expression_table.ts";
import { countersAt, pointNumber } from "./row_major.ts";
import { pointsIn, valueAt } from "./test_expressions.ts";

const shapes = [[], [7], [3, 4], [2, 1, 5], [1, 1, 3], [4, 3, 2, 2]];

Deno.test("points are numbered in the order in which nested loops come to them", () => {
  for (const shape of shapes) {
    const table = new ExpressionTable();
    const loops = shape.map((extent) => table.variable("i", extent));
    const number = pointNumber(table, loops);
    assertEquals(pointsIn(loops).map((point) => valueAt(number, point)), pointsIn(loops).map((_, i) => i));
  }
});

Deno.test("the counters of a point follow from its number", () => {
  for (const shape of shapes) {
    const table = new ExpressionTable();
    const loops = shape.map((extent) => table.variable("i", extent));
    const points = pointsIn(loops);
    const thread = table.variable("thread", points.length);
    const counters = countersAt(table, loops, thread);
    assertEquals([...counters.keys()].length, loops.length);
    points.forEach((point, number) => {
      for (const loop of loops) {
        assertEquals(valueAt(counters.get(loop)!, new Map([[thread, number]])), point.get(loop));
      }
    });
  }
});

Deno.test("beyond the last point only the outermost counter leaves its range", () => {
  const table = new ExpressionTable();
  const [i, j] = [table.variable("i", 3), table.variable("j", 4)];
  const thread = table.variable("thread", 20);
  const counters = countersAt(table, [i, j], thread);
  assertEquals([i, j].map((loop) => valueAt(counters.get(loop)!, new Map([[thread, 18]]))), [4, 2]);
});

Deno.test("the counters of the point of the current number are the counters themselves", () => {
  const table = new ExpressionTable();
  const loops = [table.variable("i", 3), table.variable("j", 5), table.variable("k", 4)];
  const counters = countersAt(table, loops, pointNumber(table, loops));
  for (const loop of loops) assertStrictEquals(counters.get(loop), loop);
});

Deno.test("loops of another table are taken in", () => {
  const loops = [new ExpressionTable().variable("i", 3), new ExpressionTable().variable("j", 5)];
  const table = new ExpressionTable();
  assertStrictEquals(pointNumber(table, loops), table.affine([[loops[0], 5], [loops[1], 1]]));
});
