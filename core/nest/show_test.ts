import { assertEquals } from "@std/assert";
import { ExpressionTable } from "./expression_table.ts";
import { showExpression, showNest } from "./show.ts";
import { nestOf, phaseOf, slotOf } from "./test_nests.ts";

const table = new ExpressionTable();
const [i, k, t] = [table.variable("i", 4), table.variable("k", 3), table.variable("t", 2)];
const short = (variable: { readonly name: string }): string => variable.name[0];

Deno.test("numbers, places and results are written as in a formula", () => {
  const index = table.affine([[i, 3], [k, 1]], -2);
  const load = table.load("f32", 1, index, { guard: table.apply("lt", "bool", [i, k]) });
  const shown = [
    table.literal("f32", -0.5),
    i,
    index,
    table.affine([[i, 2]]),
    table.result("f32", 3),
    load,
    table.apply("mul", "f32", [load, table.result("f32", 0)]),
  ].map((e) => showExpression(e, short));
  assertEquals(shown, [
    "-0.5",
    "i",
    "(3*i + k + -2)",
    "(2*i)",
    "r3",
    "s1[3*i + k + -2] if (i < k)",
    "(s1[3*i + k + -2] if (i < k) * r0)",
  ]);
});

Deno.test("operations of two operands stand between them, and others before theirs", () => {
  const [a, b] = [table.result("i32", 0), table.result("i32", 1)];
  const signs = {
    add: "+",
    sub: "-",
    mul: "*",
    div: "/",
    mod: "%",
    and: "&",
    or: "|",
    xor: "^",
    shl: "<<",
    shr: ">>",
  } as const; // deno-fmt-ignore
  for (const [op, sign] of Object.entries(signs)) {
    assertEquals(showExpression(table.apply(op as keyof typeof signs, "i32", [a, b])), `(r0 ${sign} r1)`);
  }
  const comparisons = { lt: "<", le: "<=", eq: "==", ne: "!=" } as const;
  for (const [op, sign] of Object.entries(comparisons)) {
    assertEquals(showExpression(table.apply(op as keyof typeof comparisons, "bool", [a, b])), `(r0 ${sign} r1)`);
  }
  assertEquals(showExpression(table.apply("max", "i32", [a, b])), "max(r0, r1)");
  assertEquals(showExpression(table.apply("neg", "i32", [a])), "neg(r0)");
  assertEquals(showExpression(table.apply("where", "i32", [table.result("bool", 2), a, b])), "where(r2, r0, r1)");
});

const NEST = `
sums (s0: read f32[24], s1: readwrite i32[4], s2: write f32[12])
 for i0 < 4:
  for k0 < 3:
    r0 = sum s0[3*i0 + k0 + 12*t0]
    s2[3*i0 + k0] = r0 if (k0 < i0)
  for once:
    s1[i0] += 1`;

Deno.test("a nest is written as loops, with short names for its loops, and those around it", () => {
  const value = table.load("f32", 0, table.affine([[i, 3], [k, 1], [t, 12]]));
  const guard = table.apply("lt", "bool", [k, i]);
  const nest = nestOf({
    name: "sums",
    slots: [slotOf(24), slotOf(4, "readwrite", "i32"), slotOf(12, "write")],
    counters: [t],
    outer: [i],
    phases: [
      phaseOf({
        inner: [k],
        reductions: [{ id: 0, kind: "sum", value, dtype: "f32" }],
        stores: [{ slot: 2, index: table.affine([[i, 3], [k, 1]]), value: table.result("f32", 0), guard }],
      }),
      phaseOf({ stores: [{ slot: 1, index: i, value: table.literal("i32", 1), add: true }] }),
    ],
  });
  assertEquals(showNest(nest), NEST.trim());
});

Deno.test("a nest without loops runs once", () => {
  const stores = [{ slot: 0, index: table.literal("i32", 0), value: table.literal("f32", 1) }];
  const nest = nestOf({ slots: [slotOf(1, "write")], outer: [], phases: [phaseOf({ stores })] });
  assertEquals(showNest(nest), "test (s0: write f32[1])\n for once:\n  for once:\n    s0[0] = 1");
});
