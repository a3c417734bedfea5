import { assert, assertEquals } from "@std/assert";
import { type DType, roundTo } from "../dtype.ts";
import { ExpressionTable } from "./expression_table.ts";
import type { ReductionKind } from "./nest.ts";
import { accumulatedType, identityOf, isPositional, reductionKinds } from "./reduction_kinds.ts";
import { evaluateScalar } from "../scalar/evaluate.ts";

const values: Record<DType, readonly number[]> = {
  f32: [0, 1, -2.5, 3e38, -3e38, Infinity, -Infinity],
  i32: [0, 1, -3, 2 ** 31 - 1, -(2 ** 31)],
  u32: [0, 1, 7, 2 ** 32 - 1],
  bool: [0, 1],
};
const kinds = Object.keys(reductionKinds) as ReductionKind[];
const dtypes = Object.keys(values) as DType[];

Deno.test("an identity is a value of its type, and changes no other value", () => {
  for (const kind of kinds) {
    const rule = reductionKinds[kind];
    if (rule.gives === "position") continue;
    for (const dtype of dtypes) {
      const identity = identityOf(kind, dtype);
      assertEquals(roundTo(dtype, identity), identity);
      for (const x of values[dtype]) {
        const types = { to: dtype, from: dtype };
        assertEquals(evaluateScalar(rule.combine, [identity, x], types), x, `${kind} of ${x} as ${dtype}`);
        assertEquals(evaluateScalar(rule.combine, [x, identity], types), x);
      }
    }
  }
});

Deno.test("every value but itself is better than the start of a positional reduction", () => {
  for (const kind of kinds) {
    const rule = reductionKinds[kind];
    if (rule.gives === "value") continue;
    for (const dtype of dtypes) {
      const start = identityOf(kind, dtype);
      for (const x of values[dtype]) assertEquals(rule.isBetter(x, start), x !== start, `${kind} of ${x} as ${dtype}`);
    }
  }
});

Deno.test("a positional reduction finds the position of its extreme", () => {
  for (const kind of ["argmax", "argmin"] as const) {
    const rule = reductionKinds[kind];
    assert(rule.gives === "position");
    const extreme = reductionKinds[rule.extreme];
    assert(extreme.gives === "value");
    for (const [a, b] of [[1, 2], [2, 1], [-1, 0]]) {
      const best = evaluateScalar(extreme.combine, [a, b], { to: "f32", from: "f32" });
      assertEquals(rule.isBetter(b, a) ? b : a, best);
    }
    assert(!rule.isBetter(1, 1), "ties go to the first position");
  }
});

Deno.test("values accumulate in the type of the result; positions compare in the type of the values", () => {
  const table = new ExpressionTable();
  const value = table.load("f32", 0, table.literal("i32", 0));
  assertEquals(kinds.filter(isPositional), ["argmax", "argmin"]);
  assertEquals(accumulatedType({ id: 0, kind: "sum", value, dtype: "i32" }), "i32");
  assertEquals(accumulatedType({ id: 0, kind: "argmax", value, dtype: "i32" }), "f32");
});
