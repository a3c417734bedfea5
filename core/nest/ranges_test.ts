import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { ExpressionTable } from "./expression_table.ts";
import { formulas, Loops, valueAt } from "./test_expressions.ts";

Deno.test("an index never leaves its range", () => {
  fc.assert(
    fc.property(formulas, (formula) => {
      const loops = new Loops();
      const index = loops.expression(formula);
      const range = loops.table.range(index);
      assert(range);
      for (const point of loops.points) {
        const value = valueAt(index, point);
        assert(range[0] <= value && value <= range[1], `${value} is not in ${range}`);
      }
    }),
    { seed: 3, numRuns: 500 },
  );
});

Deno.test("the ranges of sums, extremes, choices and divisions are as narrow as their parts allow", () => {
  const table = new ExpressionTable();
  const [i, j] = [table.variable("i", 5), table.variable("j", 4)];
  const index = table.affine([[i, 2], [j, -3]], 1);
  assertEquals(table.range(index), [-8, 9]);
  assertEquals(table.range(table.apply("max", "i32", [index, table.literal("i32", 0)])), [0, 9]);
  assertEquals(table.range(table.apply("min", "i32", [index, j])), [-8, 3]);
  const condition = table.load("bool", 0, i);
  assertEquals(table.range(table.apply("where", "i32", [condition, index, i])), [-8, 9]);
  assertEquals(table.range(table.apply("div", "i32", [index, table.literal("i32", 3)])), [-2, 3]);
  assertEquals(table.range(table.apply("mod", "i32", [index, table.literal("i32", 3)])), [-2, 2]);
  assertEquals(table.range(table.apply("mod", "i32", [i, table.literal("i32", 3)])), [0, 2]);
  assertEquals(table.range(table.variable("none", 0)), [0, 0]);
  for (const op of ["div", "mod"] as const) {
    assertEquals(table.range(table.apply(op, "i32", [i, table.literal("i32", 0)])), null, op);
  }
});

Deno.test("expressions that may overflow, loads and other types have no known range", () => {
  const table = new ExpressionTable();
  const i = table.variable("i", 2 ** 20);
  assertEquals(table.range(table.affine([[i, 2 ** 11]])), [0, (2 ** 20 - 1) * 2 ** 11]);
  assertEquals(table.range(table.affine([[i, 2 ** 12]])), null);
  const one = table.variable("one", 2);
  assertEquals(table.range(table.affine([[one, 1]], 2 ** 31 - 2)), [2 ** 31 - 2, 2 ** 31 - 1]);
  assertEquals(table.range(table.affine([[one, 1]], 2 ** 31 - 1)), null);
  assertEquals(table.range(table.affine([[one, -1]], -(2 ** 31) + 1)), [-(2 ** 31), -(2 ** 31) + 1]);
  assertEquals(table.range(table.affine([[one, -1]], -(2 ** 31))), null);
  assertEquals(table.range(table.load("i32", 0, i)), null);
  assertEquals(table.range(table.affine([[table.load("i32", 0, i), 1], [i, 1]])), null);
  assertEquals(table.range(table.apply("cast", "u32", [i])), null);
  assertEquals(table.range(table.apply("shl", "i32", [i, i])), null);
});
