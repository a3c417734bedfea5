import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import { ExpressionTable } from "./expression_table.ts";
import { formulas, Loops, valueAt } from "./test_expressions.ts";

const comparisons = {
  lt: (a: number, b: number) => a < b,
  le: (a: number, b: number) => a <= b,
  eq: (a: number, b: number) => a === b,
  ne: (a: number, b: number) => a !== b,
};

Deno.test("comparisons of indices agree with those of their values, and fold only if all points agree", () => {
  fc.assert(
    fc.property(formulas, formulas, (left, right) => {
      const loops = new Loops();
      const [a, b] = [loops.expression(left), loops.expression(right)];
      for (const [op, holds] of Object.entries(comparisons)) {
        const compared = loops.table.apply(op as keyof typeof comparisons, "bool", [a, b]);
        for (const point of loops.points) {
          assertEquals(valueAt(compared, point), holds(valueAt(a, point), valueAt(b, point)) ? 1 : 0, op);
        }
      }
    }),
    { seed: 9, numRuns: 200 },
  );
});

Deno.test("a comparison folds if the range of the difference decides it", () => {
  const table = new ExpressionTable();
  const i = table.variable("i", 10);
  const next = table.affine([[i, 1]], 1);
  const [yes, no] = [table.literal("bool", 1), table.literal("bool", 0)];
  assertStrictEquals(table.apply("lt", "bool", [i, next]), yes);
  assertStrictEquals(table.apply("le", "bool", [next, i]), no);
  assertStrictEquals(table.apply("eq", "bool", [i, i]), yes);
  assertStrictEquals(table.apply("ne", "bool", [i, next]), yes);
  assertStrictEquals(table.apply("lt", "bool", [i, table.literal("i32", 10)]), yes);
  assert(table.apply("lt", "bool", [i, table.literal("i32", 9)]).kind === "apply");
  assertStrictEquals(table.apply("lt", "bool", [table.literal("i32", 9), i]), no);
  assertStrictEquals(table.apply("lt", "bool", [i, table.literal("i32", 0)]), no);
  assertStrictEquals(table.apply("le", "bool", [i, table.literal("i32", 9)]), yes);
  assert(table.apply("le", "bool", [i, table.literal("i32", 0)]).kind === "apply");
  assert(table.apply("eq", "bool", [i, table.literal("i32", 0)]).kind === "apply");
  assert(table.apply("eq", "bool", [i, table.literal("i32", 9)]).kind === "apply");
  assertStrictEquals(table.apply("eq", "bool", [i, table.literal("i32", 10)]), no);
  const x = table.load("f32", 0, i);
  assert(table.apply("eq", "bool", [x, x]).kind === "apply", "a NaN is not equal to itself");
  const [one, two] = [table.literal("f32", 1), table.literal("f32", 2)];
  assert(table.apply("lt", "bool", [one, two]).kind === "apply", "floats are left to the device");
});

Deno.test("conditions and choices with known parts are reduced to the rest", () => {
  const table = new ExpressionTable();
  const i = table.variable("i", 10);
  const [a, b] = [table.load("bool", 0, i), table.load("bool", 1, i)];
  const [yes, no] = [table.literal("bool", 1), table.literal("bool", 0)];
  for (const [known, other] of [[yes, a], [a, yes]]) {
    assertStrictEquals(table.apply("and", "bool", [known, other]), a);
    assertStrictEquals(table.apply("or", "bool", [known, other]), yes);
  }
  for (const [known, other] of [[no, a], [a, no]]) {
    assertStrictEquals(table.apply("and", "bool", [known, other]), no);
    assertStrictEquals(table.apply("or", "bool", [known, other]), a);
  }
  assertStrictEquals(table.apply("and", "bool", [a, a]), a);
  assert(table.apply("or", "bool", [a, b]).kind === "apply");
  assertStrictEquals(table.apply("not", "bool", [yes]), no);
  assertStrictEquals(table.apply("where", "bool", [yes, a, b]), a);
  assertStrictEquals(table.apply("where", "bool", [no, a, b]), b);
  assertStrictEquals(table.apply("where", "bool", [a, b, b]), b);
  assertStrictEquals(table.apply("cast", "bool", [a]), a);
  assert(table.apply("cast", "i32", [a]).kind === "apply");
  // On whole numbers, `and` works on bits.
  const bits = table.apply("and", "i32", [table.literal("i32", 0), i]);
  assertEquals(bits.kind, "apply");
});
