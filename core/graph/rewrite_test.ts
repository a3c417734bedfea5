import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { type Graph, type Node, parameter, topological } from "./node.ts";
import { makeNode } from "./ops.ts";
import { dependents, inlineGraph, rewrite, withInputs } from "./rewrite.ts";

const type = { shape: [2], dtype: "f32" } as const;
const [x, y] = [parameter(0, type), parameter(1, type)];
const one = makeNode("constant", [], { ...type, value: 1 });
const add = (a: Node, b: Node): Node => makeNode("add", [a, b], {});
const neg = (a: Node): Node => makeNode("neg", [a], {});

Deno.test("a node that gets its own inputs again stays the same object", () => {
  const sum = add(x, y);
  assertStrictEquals(withInputs(sum, [x, y]), sum);
  const other = withInputs(sum, [y, x]);
  assertEquals([other.op, other.inputs, other.shape], ["add", [y, x], [2]]);
});

Deno.test("whether a node is traced follows from its new inputs", () => {
  const sum = add(x, one);
  assertEquals([sum.traced, withInputs(sum, [one, one]).traced], [true, false]);
  assertEquals(withInputs(add(one, one), [one, y]).traced, true);
});

Deno.test("nodes that are not replaced are kept, and those that depend on a replacement are copied once", () => {
  const [kept, below] = [neg(y), neg(x)];
  const root = add(add(below, below), kept);
  const [changed] = rewrite([root], (node) => node === x ? one : undefined);
  assert(changed !== root);
  const [sum, same] = changed.inputs;
  assertStrictEquals(same, kept);
  assertStrictEquals(sum.inputs[0], sum.inputs[1]);
  assertStrictEquals(sum.inputs[0].inputs[0], one);
  assertStrictEquals(rewrite([root], () => undefined)[0], root);
});

Deno.test("nodes that only a replaced node depends on are not visited", () => {
  const outer = neg(neg(y));
  const seen = new Set<Node>();
  rewrite([add(neg(x), outer)], (node) => {
    seen.add(node);
    return node === outer ? one : undefined;
  });
  assertEquals([x, outer, outer.inputs[0], y].map((node) => seen.has(node)), [true, true, false, false]);
});

Deno.test("a replacement is not replaced again", () => {
  const [swapped] = rewrite([add(x, y)], (node) => node === x ? y : node === y ? x : undefined);
  assertEquals(swapped.inputs.map((input) => input === y ? "y" : "x"), ["y", "x"]);
});

Deno.test("nodes that several nodes or roots share stay shared", () => {
  const shared = neg(x);
  const [a, b] = rewrite([neg(shared), add(shared, y)], (node) => node === x ? y : undefined);
  assertStrictEquals(a.inputs[0], b.inputs[0]);
  const [sum] = rewrite([add(neg(shared), shared)], (node) => node === x ? y : undefined);
  assertStrictEquals(sum.inputs[0].inputs[0], sum.inputs[1]);
});

Deno.test("a graph deeper than the call stack is rewritten", () => {
  let deep: Node = x;
  for (let i = 0; i < 100_000; i++) deep = neg(deep);
  const [changed] = rewrite([deep], (node) => node === x ? y : undefined);
  assertEquals(topological([changed])[0], y);
});

Deno.test("a graph is inlined with its inputs in the positions of its parameters", () => {
  const body: Graph = { parameters: [x, y], results: [add(x, neg(y)), x, one] };
  const [sum, first, constant] = inlineGraph(body, [one, x]);
  assertStrictEquals(sum.inputs[0], one);
  assertStrictEquals(sum.inputs[1].inputs[0], x);
  assertStrictEquals(first, one);
  assertStrictEquals(constant, one);
});

Deno.test("dependents of a source are found, the source included", () => {
  const [a, b] = [neg(x), neg(y)];
  const root = add(a, b);
  assertEquals(dependents([root], [x]), new Set([x, a, root]));
  assertEquals(dependents([root], [a, y]), new Set([a, y, b, root]));
  assertEquals(dependents([root], []), new Set());
});
