import { assert, assertEquals } from "@std/assert";
import type { Attributes } from "../attributes.ts";
import { isNode, type Node } from "../node.ts";
import { makeNode, ruleOf } from "../ops.ts";
import type { Reference } from "../rule.ts";
import { allExamples, describe, distinct, type Movement, valuesOf } from "./test_movements.ts";

Deno.test("a movement is the identity exactly if its entry says so", () => {
  for (const node of allExamples) {
    const inputs = distinct(node);
    const stays = String(valuesOf(node, inputs)) === String(inputs[0].values) &&
      String(node.shape) === String(node.inputs[0].shape);
    // A barrier is kept because it is a different node, and a check because it may find something.
    const isKept = isNode(node, "barrier") || isNode(node, "checked") && node.attributes.size < Infinity;
    if (!isKept) assertEquals(ruleOf(node).isIdentity(node), stays, describe(node));
  }
});

Deno.test("elements occur at most once, unless the entry says that the movement repeats them", () => {
  for (const node of allExamples) {
    const found = [...valuesOf(node, distinct(node))].filter((value) => value !== 7 || node.op !== "pad");
    if (!ruleOf(node).repeats) assertEquals(new Set(found).size, found.length, describe(node));
  }
  const repeating = new Set(allExamples.filter((node) => ruleOf(node).repeats).map(({ op }) => op));
  assertEquals([...repeating], ["expand", "window"]);
});

Deno.test("all elements come from the first input, unless the entry says that the movement joins several", () => {
  for (const node of allExamples) {
    const [first, ...others] = distinct(node);
    const changed = [first, ...others.map(({ shape, values }) => ({ shape, values: values.map((x) => -x) }))];
    const same = String(valuesOf(node, changed)) === String(valuesOf(node, [first, ...others]));
    assertEquals(same, !ruleOf(node).joins || others.length === 0, describe(node));
  }
});

Deno.test("constants stay constant if the entry says so", () => {
  for (const node of allExamples) {
    if (!ruleOf(node).keepsConstants) continue;
    const inputs = distinct(node).map(({ shape, values }) => ({ shape, values: values.fill(-3) }));
    assert(valuesOf(node, inputs).every((value) => value === -3), describe(node));
  }
});

Deno.test("movements that leave loops are linear", () => {
  const sum = (a: Float64Array, b: Float64Array): Float64Array => a.map((value, i) => value + b[i]);
  for (const node of allExamples) {
    if (!ruleOf(node).leavesLoops) continue;
    const x = distinct(node);
    const y = x.map(({ shape, values }) => ({ shape, values: values.map((value) => value * value) }));
    const both = x.map(({ shape, values }, i): Reference => ({ shape, values: sum(values, y[i].values) }));
    assertEquals(valuesOf(node, both), sum(valuesOf(node, x), valuesOf(node, y)), describe(node));
  }
});

/** Attributes for applying the same movement to its result. */
const again: { readonly [M in Movement]: ((first: Node<M>) => Attributes[M]) | null } = {
  reshape: ({ shape }) => ({ shape: [...shape.toReversed(), 1] }),
  permute: ({ shape }) => ({ axes: shape.map((_, axis) => (axis + 1) % shape.length) }),
  expand: ({ shape }) => ({ shape: shape.map((extent) => extent === 1 ? 5 : extent) }),
  slice: null,
  pad: null,
  flip: () => ({ axes: [1, 0] }),
  concat: null,
  window: null,
  stop: null,
  barrier: null,
  clipGradient: null,
  checked: () => ({ number: 2, size: 7 }),
};

Deno.test("two movements in a row equal their composition", () => {
  for (const first of allExamples) {
    const { compose } = ruleOf(first);
    const attributes = (again[first.op] as ((first: Node) => Attributes[Movement]) | null)?.(first);
    assertEquals(compose === null, attributes === undefined, first.op);
    if (!compose || !attributes) continue;
    const second = makeNode(first.op, [first], attributes);
    const both = compose(first.attributes, attributes);
    assert(both);
    const one = makeNode(first.op, first.inputs, both);
    const inputs = distinct(first);
    const expected = valuesOf(second, [{ shape: first.shape, values: valuesOf(first, inputs) }]);
    assertEquals(one.shape, second.shape, describe(first));
    assertEquals(valuesOf(one, inputs), expected, describe(first));
  }
});
