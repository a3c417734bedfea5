import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { concatenate } from "../functions/movement.ts";
import { gather, gatherNearest } from "../functions/selection.ts";
import type { Node } from "../graph/node.ts";
import { ExpressionTable } from "../nest/expression_table.ts";
import { showExpression } from "../nest/show.ts";
import { evaluated, nestOf, phaseOf, rowMajorOf, slotOf } from "../nest/test_nests.ts";
import { type Shape, sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { type Argument, assertNear, type Computation, graphOf, interpretWith, numbers } from "../../tests/oracle.ts";
import { rowMajorPosition } from "./indices.ts";
import { Lowering } from "./lower.ts";

/** Lowers nodes whose parameters are in the slots of their numbers. */
function loweringOf(table: ExpressionTable, parameters: readonly Node[]): Lowering {
  return new Lowering(table, (node, index, guard) => {
    const slot = parameters.indexOf(node);
    return slot < 0 ? undefined : table.load(node.dtype, slot, rowMajorPosition(table, node.shape, index), { guard });
  });
}

/** The element of a function's result at the loops `i0`, `i1`, …, as text. */
function elementOf(fn: Computation, inputs: readonly Argument[]): string {
  const { parameters, results: [node] } = graphOf(fn, inputs);
  const table = new ExpressionTable();
  const loops = node.shape.map((extent, axis) =>
    table.adopt({ kind: "variable", dtype: "i32", name: `i${axis}`, extent })
  );
  return showExpression(loweringOf(table, parameters).element(node, loops));
}

/** Fails if the nest that stores each element of the result differs from the interpreter. */
function assertLowering(fn: Computation, inputs: readonly Argument[]): void {
  const graph = graphOf(fn, inputs);
  const [node] = graph.results;
  const table = new ExpressionTable();
  const outer = node.shape.map((extent) => table.variable("i", extent));
  const value = loweringOf(table, graph.parameters).element(node, outer);
  const store = { slot: inputs.length, index: rowMajorOf(table, outer), value };
  const slots = [
    ...inputs.map(({ shape, dtype }) => slotOf(sizeOf(shape), "read", dtype)),
    slotOf(sizeOf(node.shape), "write", node.dtype),
  ];
  const memory = [...inputs.map(({ values }) => values), new Float64Array(sizeOf(node.shape)).fill(NaN)];
  evaluated(nestOf({ slots, outer, phases: [phaseOf({ stores: [store] })] }), memory);
  assertNear(memory[inputs.length], interpretWith(graph, inputs)[0].values, "the lowered element", { tolerance: 0 });
}

Deno.test("movements become index arithmetic, and cost nothing", () => {
  const x = numbers([4, 6]);
  const texts: Readonly<Record<string, Computation>> = {
    "s0[6*i0 + i1]": (x) => x.reshape([2, 2, 6]).reshape([4, 6]),
    "s0[i0 + 6*i1]": (x) => x.transpose(),
    "s0[3*i0 + i1]": (x) => x.reshape([8, 3]),
    "s0[12*i0 + i1 + 7]": (x) => x.slice([1, 1], undefined, [2, 1]),
    "s0[-6*i0 + i1 + 18]": (x) => x.flip(0),
    "s0[6*i0]": (x) => x.slice([0, 0], [4, 1]).broadcastTo([4, 6]),
    "s0[6*i0 + 2*i1 + i2]": (x) => x.apply("window", [], { size: [2], strides: [2], dilations: [1] }),
    "(s0[6*i0 + i1] + s0[6*i0 + i1])": (x) => x.add(x.stopGradient()),
  };
  for (const [text, fn] of Object.entries(texts)) assertEquals(elementOf(fn, [x]), text);
});

Deno.test("elements outside are guarded, so that memory is never touched there", () => {
  const padded = elementOf((x) => x.pad([[2, 1]], 7), [numbers([3])]);
  assertEquals(
    padded,
    "where(((0 <= (i0 + -2)) & ((i0 + -2) < 3)), s0[i0 + -2] if ((0 <= (i0 + -2)) & ((i0 + -2) < 3)), 7)",
  );
  const joined = elementOf((x, y) => concatenate([x, y]), [numbers([2]), numbers([3])]);
  assertEquals(joined, "where((0 <= (i0 + -2)), s1[i0 + -2] if (0 <= (i0 + -2)), s0[i0] if (i0 < 2))");
});

Deno.test("an index from memory is clamped to its axis, unless it is known to be inside", () => {
  const [x, places] = [numbers([5, 2]), numbers([3], { dtype: "i32", low: -2, high: 9 })];
  assertEquals(elementOf((x, i) => gatherNearest(x, i), [x, places]), "s0[i1 + 2*max(min(s1[i0], 4), 0)]");
  assertEquals(elementOf((x, i) => gather(x, i), [x, places]), "s0[i1 + 2*max(min(checked(s1[i0] < 5), 4), 0)]");
  const known = elementOf((x) => gather(x, x.indexAlong(0)), [x]);
  assert(!/max|min|checked/.test(known), known);
  assertLowering((x, i) => gatherNearest(x, i), [x, places]);
  // One more than there are rows.
  const beyond: Computation = (x, y) => gatherNearest(x, y.indexAlong(0));
  assertStringIncludes(elementOf(beyond, [x, numbers([6])]), "min(i0, 4)");
  assertLowering(beyond, [x, numbers([6])]);
});

Deno.test("an index is 0 where a guard is false, so that only those that are used are checked", () => {
  const [x, places] = [numbers([5]), numbers([3], { dtype: "i32", low: 1, high: 6 })];
  const padded: Computation = (x, i) => gather(x, i.sub(1)).pad([[2, 2]]);
  assertStringIncludes(elementOf(padded, [x, places]), "checked(where(((0 <= (i0 + -2)) & ((i0 + -2) < 3)), ");
  assertLowering(padded, [x, places]);
});

Deno.test("integers that stay small are index arithmetic, and those that may wrap around are not", () => {
  const x = numbers([4], { dtype: "i32" });
  assertEquals(elementOf((x) => x.indexAlong(0).mul(3).sub(x.indexAlong(0)).add(1).neg(), [x]), "(-2*i0 + -1)");
  const wrapped: Computation = (x) => x.indexAlong(0).mul(2 ** 30).mul(3);
  assertEquals(elementOf(wrapped, [x]), "((i0 * 1073741824) * 3)");
  assertLowering(wrapped, [x]);
});

Deno.test("an element of an empty tensor is 0, since there is none to load", () => {
  assertEquals(elementOf((x) => x.add(1), [numbers([0, 3])]), "0");
});

Deno.test("a position that may be outside is divided as little as possible", () => {
  const text = elementOf((x) => x.reshape([6]).pad([[1, 1]]), [numbers([2, 3])]);
  assert(!/[/%]/.test(text), text);
  const turned = elementOf((x) => x.transpose().reshape([6]).pad([[1, 1]]), [numbers([2, 3])]);
  assertStringIncludes(turned, "s0[((i0 + -1) / 2) + 3*((i0 + -1) % 2)] if ");
});

Deno.test("an element that is needed several times is lowered once", () => {
  const doubled: Computation = (x) => {
    let y = x;
    for (let i = 0; i < 60; i++) y = y.add(y);
    return y;
  };
  const { parameters, results: [node] } = graphOf(doubled, [numbers([3])]);
  const table = new ExpressionTable();
  const element = loweringOf(table, parameters).element(node, [table.variable("i", 3)]);
  assertEquals(element.kind, "apply");
});

const shape: fc.Arbitrary<number[]> = fc.array(fc.constantFrom(1, 2, 3, 4, 6), { maxLength: 4 })
  .filter((extents) => sizeOf(extents) <= 96);

type Movement = (x: Tensor, n: number) => Tensor;

const lastOf = (x: Tensor): number => x.shape.at(-1)!;

const movements: Readonly<Record<string, Movement>> = {
  reshape: (x, n) => x.reshape([[-1], [1, -1], x.shape.toReversed(), [...x.shape, 1]][n % 4]),
  split: (x) => x.reshape(sizeOf(x.shape) % 6 === 0 ? [3, -1, 2] : [-1]),
  rotate: (x, n) => x.transpose(x.shape.map((_, axis) => (axis + n) % x.shape.length)),
  slice: (x, n) =>
    x.slice(x.shape.map((extent) => n % extent), undefined, x.shape.map((_, axis) => 1 + (n + axis) % 2)),
  pad: (x, n) => x.pad(x.shape.map((_, axis) => [n % 2, (n + axis) % 3]), n),
  flip: (x, n) => x.flip(n % x.shape.length),
  spread: (x, n) => x.expandDims(-1).broadcastTo([...x.shape, 1 + n % 3]),
  join: (x, n) => concatenate([x, x.mul(2), x.flip(0)], n % x.shape.length),
  window: (x, n) => x.apply("window", [], { size: [1 + n % lastOf(x)], strides: [1 + n % 2], dilations: [1] }),
  unwindow: (x, n) => {
    const [size, stride] = [1 + n % lastOf(x), 1 + n % lastOf(x) + n % 2];
    const attributes = { size: [size], strides: [stride], dilations: [1] };
    return x.apply("window", [], attributes).apply("unwindow", [], { ...attributes, shape: x.shape });
  },
  pick: (x, n) => gatherNearest(x, x.indexAlong(0).reshape([-1]).slice([0], [3]).mul(n % 3).sub(1)),
  double: (x) => x.add(x.mul(0.5)),
};

Deno.test("any chain of movements takes each element from the same position as the interpreter", () => {
  const step = fc.tuple(fc.constantFrom(...Object.keys(movements)), fc.nat(7));
  fc.assert(
    fc.property(shape, fc.array(step, { minLength: 1, maxLength: 5 }), (extents: Shape, steps) => {
      const fn: Computation = (x) =>
        steps.reduce((moved, [name, n]) => {
          if (sizeOf(moved.shape) > 150 || sizeOf(moved.shape) === 0) return moved;
          return movements[name](moved.shape.length === 0 ? moved.reshape([1]) : moved, n);
        }, x);
      assertLowering(fn, [numbers(extents)]);
    }),
    { seed: 9, numRuns: 200 },
  );
});
