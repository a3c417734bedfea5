import { assertEquals } from "@std/assert";
import { costOf, costOfSteps } from "./cost.ts";
import { ExpressionTable } from "./expression_table.ts";
import type { Nest } from "./nest.ts";
import { nestOf, phaseOf, rowMajorOf, slotOf } from "./test_nests.ts";

const table = new ExpressionTable();

/** The product of a [4, 3] and a [3, 2] matrix plus a bias, bounded from below. */
function denseOf(): Nest {
  const [i, j, k] = [table.variable("i", 4), table.variable("i", 2), table.variable("k", 3)];
  const left = table.load("f32", 0, rowMajorOf(table, [i, k]));
  const right = table.load("f32", 1, rowMajorOf(table, [k, j]));
  const product = table.apply("mul", "f32", [left, right]);
  const sum = table.apply("add", "f32", [table.result("f32", 0), table.load("f32", 2, j)]);
  const value = table.apply("max", "f32", [sum, table.literal("f32", 0)]);
  return nestOf({
    slots: [slotOf(12), slotOf(6), slotOf(2), slotOf(8, "write")],
    outer: [i, j],
    phases: [
      phaseOf({ inner: [k], reductions: [{ id: 0, kind: "sum", value: product, dtype: "f32" }] }),
      phaseOf({ stores: [{ slot: 3, index: rowMajorOf(table, [i, j]), value }] }),
    ],
  });
}

Deno.test("a product costs two operations per inner point, and an operation after it one per outer point", () => {
  assertEquals(costOf(denseOf()), { operations: 8 * (3 * 2 + 2), bytes: 4 * (12 + 6 + 2 + 8) });
});

/** Stores twice the element in the first five iterations, and the element itself in the others. */
function chosenOf(elements: number, access: "write" | "readwrite"): Nest {
  const i = table.variable("i", 10);
  const read = table.load("f32", access === "write" ? 0 : 1, i);
  const twice = table.apply("add", "f32", [read, read]);
  const early = table.apply("lt", "bool", [i, table.literal("i32", 5)]);
  const value = table.apply("where", "f32", [early, twice, read]);
  const stores = [{ slot: 1, index: i, value }];
  return nestOf({ slots: [slotOf(elements), slotOf(10, access)], outer: [i], phases: [phaseOf({ stores })] });
}

Deno.test("choices, comparisons, conversions and index arithmetic are not floating-point operations", () => {
  assertEquals(costOf(chosenOf(10, "write")).operations, 10);
});

Deno.test("arithmetic of integers is not counted", () => {
  const i = table.variable("i", 5);
  const read = table.load("i32", 0, i);
  const stores = [{ slot: 1, index: i, value: table.apply("mul", "i32", [read, read]) }];
  const slots = [slotOf(5, "read", "i32"), slotOf(5, "write", "i32")];
  assertEquals(costOf(nestOf({ slots, outer: [i], phases: [phaseOf({ stores })] })).operations, 0);
});

Deno.test("an expression that is used twice is computed once", () => {
  const i = table.variable("i", 5);
  const shared = table.apply("tanh", "f32", [table.load("f32", 0, i)]);
  const value = table.apply("mul", "f32", [shared, shared]);
  const nest = nestOf({
    slots: [slotOf(5), slotOf(5, "write")],
    outer: [i],
    phases: [phaseOf({ stores: [{ slot: 1, index: i, value }] })],
  });
  assertEquals(costOf(nest).operations, 5 * 2);
});

Deno.test("a slot moves at most as many elements as it has, and at most one per point", () => {
  assertEquals(costOf(chosenOf(1000, "write")).bytes, 4 * (10 + 10));
  assertEquals(costOf(chosenOf(3, "write")).bytes, 4 * (3 + 10));
  const nest = chosenOf(15, "write");
  assertEquals(costOf({ ...nest, phases: [...nest.phases, ...nest.phases] }).bytes, 4 * (15 + 10));
});

Deno.test("elements that are read and written move twice", () => {
  assertEquals(costOf(chosenOf(10, "readwrite")).bytes, 4 * 2 * 10);
});

Deno.test("steps in loops count as often as they run", () => {
  const nest = denseOf();
  const { operations, bytes } = costOf(nest);
  const step = { kind: "nest", nest, buffers: [0, 1, 2, 3] } as const;
  const [t, u] = [table.variable("t", 5), table.variable("t", 2)];
  const inner = { kind: "loop", counter: u, steps: [step, step] } as const;
  const steps = [step, { kind: "loop", counter: t, steps: [step, inner] } as const];
  assertEquals(costOfSteps(steps), { operations: 26 * operations, bytes: 26 * bytes });
  assertEquals(costOfSteps([]), { operations: 0, bytes: 0 });
});
