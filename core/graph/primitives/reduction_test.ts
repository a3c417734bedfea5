import { assert, assertEquals } from "@std/assert";
import { reductionKinds } from "../../nest/reduction_kinds.ts";
import type { ReductionAttributes } from "../attributes.ts";
import { type Node, parameter } from "../node.ts";
import { makeNode, ruleOf } from "../ops.ts";
import { distinct } from "./test_movements.ts";

type Reduction = keyof ReductionAttributes;

const windows = { size: [2], strides: [1], dilations: [1] };

/** Each reduction of the given number of elements. */
const ofFew: { readonly [P in Reduction]: (extent: number) => Node<P> } = {
  sum: (extent) => makeNode("sum", [input([2, extent])], { axes: [1] }),
  prod: (extent) => makeNode("prod", [input([2, extent])], { axes: [1] }),
  maxOf: (extent) => makeNode("maxOf", [input([2, extent])], { axes: [1] }),
  minOf: (extent) => makeNode("minOf", [input([2, extent])], { axes: [1] }),
  argmax: (extent) => makeNode("argmax", [input([2, extent])], { axes: [1] }),
  argmin: (extent) => makeNode("argmin", [input([2, extent])], { axes: [1] }),
  unwindow: (extent) => makeNode("unwindow", [input([extent, 2])], { ...windows, shape: [extent === 0 ? 1 : 2] }),
};

function input(shape: readonly number[]): Node {
  return parameter(0, { shape, dtype: "f32" });
}

const reductions = Object.keys(ofFew) as Reduction[];

Deno.test("a reduction of no elements returns the value in its entry, or is refused if there is none", () => {
  for (const op of reductions) {
    let node: Node<Reduction>;
    try {
      node = ofFew[op](0);
    } catch (error) {
      assert(error instanceof RangeError, op);
      assertEquals(ruleOf(ofFew[op](1)).ofNothing, null, op);
      continue;
    }
    const { ofNothing, evaluate } = ruleOf(node);
    const values = evaluate(distinct(node), node.attributes, node);
    assert(ofNothing !== null && values.length > 0 && values.every((value) => value === ofNothing), op);
  }
});

Deno.test("a reduction of a single element is that element, or position 0", () => {
  for (const op of reductions) {
    const node: Node<Reduction> = ofFew[op](1);
    const { reduction, evaluate } = ruleOf(node);
    const expected = reductionKinds[reduction].gives === "value" ? [1, 2] : [0, 0];
    assertEquals([...evaluate(distinct(node), node.attributes, node)], expected, op);
  }
});

Deno.test("argmax and argmin return the position of the first extreme element", () => {
  for (const op of ["argmax", "argmin"] as const) {
    const node = makeNode(op, [input([4])], { axes: [0] });
    const values = Float64Array.of(2, op === "argmax" ? 3 : 1, op === "argmax" ? 3 : 1, 2);
    assertEquals([...ruleOf(node).evaluate([{ shape: [4], values }], node.attributes, node)], [1], op);
  }
});

Deno.test("overlapping windows are combined, others only rearranged", () => {
  const unwindow = (stride: number): Node<"unwindow"> =>
    makeNode("unwindow", [input([2, 2])], { ...windows, strides: [stride], shape: [2 + stride] });
  assertEquals([1, 2, 3].map((stride) => ruleOf(unwindow(stride)).onlyMoves(unwindow(stride))), [false, true, true]);
  assertEquals(ruleOf(unwindow(1)).axesOf(unwindow(1)), null);
});
