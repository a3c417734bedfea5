import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { describe, withoutElements } from "./abstract_graph.ts";
import { tensor } from "../creation.ts";
import { showGraph } from "../graph/node.ts";
import { trace } from "../jit.ts";
import { dataNode, materialize } from "../runtime.ts";
import { Tensor } from "../tensor.ts";
import { grad } from "../gradients.ts";
import { scan } from "../scan.ts";
import { flattenTree } from "../tree.ts";

type Formula = (x: Tensor) => unknown;

const x = tensor([1, 2]);
const graphOf = (fn: Formula) => trace(fn, flattenTree([x])).graph;
const textOf = (fn: Formula) => describe(graphOf(fn).results).text;

Deno.test("graphs that differ only in the elements of their tensors have the same description", () => {
  const scaled = (a: Tensor): Formula => (x) => x.mul(a).add(a);
  assertEquals(textOf(scaled(tensor([3, 4]))), textOf(scaled(tensor([5, 6]))));
  assertNotEquals(textOf(scaled(tensor([3, 4]))), textOf(scaled(tensor([3]))));
});

Deno.test("a tensor that is used twice is not described like two tensors", () => {
  const [a, b] = [tensor([3, 4]), tensor([3, 4])];
  assertNotEquals(textOf((x) => x.mul(a).add(a)), textOf((x) => x.mul(a).add(b)));
  const { storage } = materialize(a.node).attributes;
  const again = new Tensor(dataNode(a.node, storage));
  assertEquals(describe(graphOf((x) => x.mul(a).add(again)).results).storages, [storage]);
});

Deno.test("numbers, attributes, and the order of inputs and results are described", () => {
  const texts = new Set<string>([
    textOf((x) => x.mul(3)),
    textOf((x) => x.mul(-0)),
    textOf((x) => x.mul(0)),
    textOf((x) => x.mul(NaN)),
    textOf((x) => x.sum()),
    textOf((x) => x.sum({ axis: 0, keepDims: true })),
    textOf((x) => x.sub(x.exp())),
    textOf((x) => x.exp().sub(x)),
    textOf((x) => [x, x.exp()]),
    textOf((x) => [x.exp(), x]),
  ]);
  assertEquals(texts.size, 10);
});

/** A loop that multiplies by a tensor that it holds. */
const loop = (held: Tensor): Formula => (x) => {
  const step = (carry: Tensor, one: Tensor): [Tensor, Tensor] => [carry.mul(one).mul(held.sum()), carry];
  return scan(step, tensor(1), x)[0];
};

Deno.test("tensors in the bodies of loops, and their gradients, are described up to their elements", () => {
  const gradient = (held: Tensor): Formula => grad(loop(held) as (x: Tensor) => Tensor);
  for (const make of [loop, gradient]) {
    assertEquals(textOf(make(tensor(3))), textOf(make(tensor(5))));
    assertNotEquals(textOf(make(tensor(3))), textOf(make(tensor([3, 4]))));
  }
});

Deno.test("a graph without elements has the same description, and holds none of the tensors", () => {
  const [a, b] = [tensor([3, 4]), tensor(5)];
  const graph = graphOf((x) => [x.mul(a), grad(loop(b) as (x: Tensor) => Tensor)(x)]);
  const { text, storages } = describe(graph.results);
  const { graph: abstract, placeholders } = withoutElements(graph, storages);
  const described = describe(abstract.results);
  assertEquals(described.text, text);
  assertEquals(described.storages, placeholders);
  assert(placeholders.every((one) => one.onHost === undefined && !storages.includes(one)));
  assertEquals(showGraph(abstract), showGraph(graph));
});
