import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { ops } from "../core/graph/ops.ts";
import type { Rule } from "../core/graph/rule.ts";
import { tensor } from "../core/creation.ts";
import {
  assertGradient,
  assertNear,
  type Computation,
  graphOf,
  heldBy,
  interpretWith,
  numbers,
  planOf,
} from "./oracle.ts";

/** Runs `body` with another gradient rule for tanh. */
async function withTanhGradient(vjp: NonNullable<Rule<"tanh">["vjp"]>, body: () => Promise<void>): Promise<void> {
  const table: { tanh: Rule<"tanh"> } = ops;
  const right = table.tanh;
  table.tanh = { ...right, vjp };
  try {
    await body();
  } finally {
    table.tanh = right;
  }
}

const tanh: Computation = (x) => x.tanh();
const inputs = [numbers([3, 2])];

Deno.test("a wrong gradient rule is caught", async () => {
  await withTanhGradient((g, _, { output: y }) => [g.mul(y.neg().add(1))], async () => {
    await assertRejects(() => assertGradient(tanh, inputs, "tanh"), Error, "gradient of tanh of f32[3, 2] by input 0");
  });
});

Deno.test("a gradient rule that is right but cannot be differentiated again is caught", async () => {
  await withTanhGradient((g, _, { output: y }) => [g.mul(y.square().neg().add(1).stopGradient())], async () => {
    await assertGradient(tanh, inputs, "tanh");
    await assertRejects(
      () => assertGradient(tanh, inputs, "tanh", { order: 2 }),
      Error,
      "gradient of gradient of tanh",
    );
  });
});

Deno.test("a gradient that is missing is caught", async () => {
  await assertRejects(() => assertGradient((x) => x.stopGradient().square(), inputs, "stopped"), Error, "gradient of");
});

Deno.test("wrong numbers are caught, including NaN and infinities", () => {
  assertNear([1, NaN, Infinity], [1 + 1e-6, NaN, Infinity], "equal enough");
  for (const [got, wanted] of [[1, 1.1], [NaN, 0], [0, NaN], [Infinity, 1], [1, -Infinity], [-Infinity, Infinity]]) {
    assertThrows(() => assertNear([got], [wanted], "off"), Error, `expected ${wanted}, got ${got}`);
  }
  assertThrows(() => assertNear([1], [1, 2], "short"), Error, "expected 2 elements, got 1");
});

Deno.test("the interpreter knows the tensors that a graph contains", async () => {
  const held = tensor([1, 2, 3]);
  const graph = graphOf((x) => x.mul(held), inputs.map(() => numbers([3])));
  const [{ values }] = interpretWith(graph, [{ shape: [3], values: Float64Array.of(2, 2, 2) }], await heldBy(graph));
  assertEquals([...values], [2, 4, 6]);
  assertEquals(planOf(graph, { name: "held", maxSlots: 8 }).captured.length, 1);
});
