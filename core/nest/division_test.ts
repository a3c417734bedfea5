import { assertEquals, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import { walk } from "./expression.ts";
import { ExpressionTable } from "./expression_table.ts";
import { formulas, Loops, plainValue, valueAt } from "./test_expressions.ts";

Deno.test("an index has at every point the value of the formula that it was made from", () => {
  fc.assert(
    fc.property(formulas, (formula) => {
      const loops = new Loops();
      const index = loops.expression(formula);
      for (const point of loops.points) {
        assertEquals(valueAt(index, point), plainValue(formula, loops.counters(point)));
      }
    }),
    { seed: 5, numRuns: 1000 },
  );
});

Deno.test("a multiple of the divisor and less than it: no division is left", () => {
  const table = new ExpressionTable();
  const [i, j] = [table.variable("i", 5), table.variable("j", 4)];
  const index = table.affine([[i, 4], [j, 1]]);
  assertStrictEquals(table.quotient(index, 4), i);
  assertStrictEquals(table.remainder(index, 4), j);
  assertStrictEquals(table.quotient(index, 1), index);
  assertStrictEquals(table.remainder(index, 1), table.literal("i32", 0));
  assertStrictEquals(table.remainder(table.affine([[index, 1]], 8), 4), j);
  assertStrictEquals(table.quotient(table.affine([[index, 1]], 8), 4), table.affine([[i, 1]], 2));
  const k = table.variable("k", 3);
  assertStrictEquals(table.quotient(table.affine([[i, 4], [k, 1]], 9), 4), table.affine([[i, 1]], 2));
  assertStrictEquals(table.remainder(table.affine([[i, 4], [k, 1]], 9), 4), table.affine([[k, 1]], 1));
});

Deno.test("factors that index and divisor have in common are divided out", () => {
  const table = new ExpressionTable();
  const i = table.variable("i", 50);
  const index = table.affine([[i, 6]], 2);
  assertStrictEquals(table.quotient(index, 4), table.quotient(table.affine([[i, 3]], 1), 2));
  assertStrictEquals(
    table.remainder(index, 4),
    table.affine([[table.remainder(table.affine([[i, 3]], 1), 2), 2]]),
  );
});

Deno.test("a quotient of a quotient is one quotient", () => {
  const table = new ExpressionTable();
  const i = table.variable("i", 100);
  assertStrictEquals(table.quotient(table.quotient(i, 3), 5), table.quotient(i, 15));
});

Deno.test("quotient and remainder are put together again, with any factor", () => {
  const table = new ExpressionTable();
  const [i, j] = [table.variable("i", 50), table.variable("j", 7)];
  for (const index of [i, table.affine([[i, 3], [j, 2]])]) {
    for (const divisor of [2, 3, 7]) {
      const parts = [[table.quotient(index, divisor), 5 * divisor], [table.remainder(index, divisor), 5]] as const;
      assertStrictEquals(table.affine(parts), table.affine([[index, 5]]));
    }
  }
  const shifted = table.affine([[i, 1]], 2);
  const whole = table.affine([[table.quotient(shifted, 3), 12], [table.remainder(shifted, 3), 4]], 1);
  for (let value = 0; value < i.extent; value++) {
    assertEquals(valueAt(whole, new Map([[i, value]])), 4 * (value + 2) + 1);
  }
  // Where the factors differ there is nothing to put together.
  let divisions = 0;
  walk([table.affine([[table.quotient(i, 3), 3], [table.remainder(i, 3), 2]])], (e) => {
    if (e.kind === "apply") divisions++;
  });
  assertEquals(divisions, 2);
});
