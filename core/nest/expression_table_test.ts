import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { type Expression, walk } from "./expression.ts";
import { ExpressionTable } from "./expression_table.ts";
import { formulas, Loops, pointsIn, valueAt } from "./test_expressions.ts";

const check = (property: fc.IProperty<unknown>): void => fc.assert(property, { seed: 11, numRuns: 300 });

Deno.test("equal expressions are one object, whatever the order of their parts", () => {
  const table = new ExpressionTable();
  const [i, j] = [table.variable("i", 4), table.variable("j", 5)];
  assertStrictEquals(table.affine([[i, 5], [j, 1]], 3), table.affine([[j, 1], [i, 2], [i, 3]], 3));
  assertStrictEquals(table.affine([[i, 1]]), i);
  assertStrictEquals(table.affine([[i, 2], [i, -2]], 7), table.literal("i32", 7));
  const nested = table.affine([[table.affine([[i, 2]], 1), 3]], 1);
  assertStrictEquals(nested, table.affine([[i, 6]], 4));
  assertStrictEquals(table.load("f32", 0, nested), table.load("f32", 0, nested));
  assert(table.load("f32", 0, nested) !== table.load("f32", 1, nested));
  assert(table.literal("f32", 0) !== table.literal("f32", -0));
  assert(table.variable("i", 4) !== i);
});

Deno.test("sums have a normal form: distinct terms that are not sums, with non-zero coefficients", () => {
  check(fc.property(formulas, (formula) => {
    const index = new Loops().expression(formula);
    walk([index], (e) => {
      if (e.kind !== "affine") return;
      assertEquals(new Set(e.terms.map(([term]) => term)).size, e.terms.length);
      for (const [term, coefficient] of e.terms) assert(term.kind !== "affine" && coefficient !== 0);
      assert(e.terms.length > 0);
    });
  }));
});

Deno.test("a load whose guard is known becomes unguarded, or zero", () => {
  const table = new ExpressionTable();
  const i = table.variable("i", 4);
  const [yes, no] = [table.literal("bool", 1), table.literal("bool", 0)];
  assertStrictEquals(table.load("f32", 0, i, { guard: yes }), table.load("f32", 0, i));
  assertStrictEquals(table.load("f32", 0, i, { guard: no }), table.literal("f32", 0));
  assertStrictEquals(table.load("f32", 0, i, { guard: table.within(i, 0, 4) }), table.load("f32", 0, i));
  assert(table.load("f32", 0, i, { guard: table.within(i, 0, 3) }).kind === "load");
});

Deno.test("expressions of another table are refused unless they are adopted", () => {
  const [one, other] = [new Loops(), new Loops()];
  const foreign = one.table.affine([[one.variables[0], 2]], 1);
  assertThrows(() => other.table.affine([[foreign, 1]]), Error, "adopt the variable first");
  const adopted = other.table.adopt(foreign);
  assertStrictEquals(adopted, foreign, "an expression that is new to the table is added as it is");
  assertStrictEquals(other.table.affine([[one.variables[0], 2]], 1), foreign);
});

Deno.test("adopting an expression returns the table's own equal one", () => {
  const [one, other] = [new ExpressionTable(), new ExpressionTable()];
  const i = one.variable("i", 4);
  const own = other.load("f32", 2, other.affine([[other.adopt(i), 3]], 1));
  const foreign = one.load("f32", 2, one.affine([[i, 3]], 1));
  assert(foreign !== own);
  assertStrictEquals(other.adopt(foreign), own);
  assertStrictEquals(other.adopt(one.apply("exp", "f32", [foreign])), other.apply("exp", "f32", [own]));
});

Deno.test("a substitution has the value of the expression at the substituted point", () => {
  check(fc.property(formulas, formulas, fc.nat(2), (formula, replacement, loop) => {
    const loops = new Loops();
    const { table, variables } = loops;
    const index = loops.expression(formula);
    const other = table.remainder(loops.expression(replacement), variables[loop].extent);
    const substituted = table.substitute(index, new Map([[variables[loop], other]]));
    for (const point of loops.points) {
      const moved = new Map(point).set(variables[loop], valueAt(other, point));
      assertEquals(valueAt(substituted, point), valueAt(index, moved));
    }
  }));
});

Deno.test("a substitution across tables keeps values, and leaves unaffected parts as they are", () => {
  check(fc.property(formulas, (formula) => {
    const loops = new Loops();
    const index = loops.expression(formula);
    const table = new ExpressionTable();
    const thread = table.variable("thread", 60);
    const counters = [
      table.quotient(thread, 20),
      table.remainder(table.quotient(thread, 5), 4),
      table.remainder(thread, 5),
    ];
    const moved = table.substitute(index, new Map(loops.variables.map((one, i) => [one, counters[i]])));
    const values = pointsIn([thread]).map((point) => valueAt(moved, point));
    assertEquals(values, loops.points.map((point) => valueAt(index, point)));
    assertStrictEquals(loops.table.substitute(index, new Map()), index);
  }));
});

Deno.test("a substitution renumbers results, once for each expression", () => {
  const table = new ExpressionTable();
  const [r, s] = [table.result("f32", 0), table.result("f32", 1)];
  const sum = table.apply("add", "f32", [r, s]);
  const change = table.substitution(new Map(), { renumber: (id) => id + 1 });
  assertStrictEquals(change(sum), table.apply("add", "f32", [s, table.result("f32", 2)]));
  assertStrictEquals(change(r), s);
});

Deno.test("quotients and remainders are simplified if a substitution allows it", () => {
  const table = new ExpressionTable();
  const [i, j, k] = [table.variable("i", 12), table.variable("j", 3), table.variable("k", 4)];
  const both = (e: Expression): Expression => table.substitute(e, new Map([[i, table.affine([[j, 4], [k, 1]])]]));
  assertStrictEquals(both(table.quotient(i, 4)), j);
  assertStrictEquals(both(table.remainder(i, 4)), k);
  // A division by a number below 1 is left to the device, as it is without a substitution.
  const fourth = (e: Expression): Expression => table.substitute(e, new Map([[i, table.affine([[j, 4]])]]));
  for (const op of ["div", "mod"] as const) {
    for (const divisor of [0, -4]) {
      const divided = (e: Expression): Expression => table.apply(op, "i32", [e, table.literal("i32", divisor)]);
      assertStrictEquals(fourth(divided(i)), divided(table.affine([[j, 4]])));
    }
  }
});
