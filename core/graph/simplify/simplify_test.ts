import { assert, assertEquals } from "@std/assert";
import { tensor } from "../../creation.ts";
import { concatenate } from "../../functions/movement.ts";
import { softmax } from "../../functions/reduction.ts";
import { isNode, type Node, showGraph, topological } from "../node.ts";
import { simplify } from "./simplify.ts";
import { scan } from "../../scan.ts";
import type { Tensor } from "../../tensor.ts";
import {
  assertNear,
  type Computation,
  gradientOf,
  graphOf,
  interpretWith,
  numbers,
  weighted,
} from "../../../tests/oracle.ts";

const GRAPH = `
%0 = parameter() {index: 0} : f32[3, 4]
%1 = parameter() {index: 1} : f32[3, 4]
%2 = reshape(%0) : f32[1, 3, 4]
%3 = permute(%1) {axes: [1,0]} : f32[4, 3]
%4 = reshape(%3) : f32[1, 4, 3]
%5 = dot(%2, %4) : f32[1, 3, 3]
%6 = reshape(%5) : f32[3, 3]
return %6`;

const inputs = [numbers([3, 4]), numbers([3, 4], { seed: 2 })];

/** The nodes that are left, without parameters. */
function simplified(fn: Computation): Node[] {
  return topological(simplify(graphOf(fn, inputs)).results).filter((node) => !isNode(node, "parameter"));
}

const names = (fn: Computation): string[] => simplified(fn).map(({ op }) => op);

Deno.test("equal nodes are computed once", () => {
  assertEquals(names((x, y) => [x.mul(y).exp(), x.mul(y).exp().add(x.mul(y))]), ["mul", "exp", "add"]);
});

Deno.test("known values are computed beforehand, with the rounding of f32", () => {
  const [node, ...rest] = simplified((x) => x.fullLike(0.1).add(x.fullLike(0.2)).exp());
  assert(isNode(node, "constant") && rest.length === 0);
  assertEquals(node.attributes.value, Math.fround(Math.exp(Math.fround(0.1 + 0.2))));
});

Deno.test("operations without effect are dropped", () => {
  const nothing: Computation = (x) =>
    x.sub(0).add(-0).mul(1).div(1).neg().neg().flip(0).flip(0).transpose().transpose().reshape([12]).reshape([3, 4])
      .stopGradient();
  assertEquals(names(nothing), []);
  assertEquals(names((x) => [x.where(x, x), x.less(x).where(1, 1)]), ["constant"]);
});

Deno.test("unused nodes are not computed", () => {
  assertEquals(
    names((x, y) => scan((c: Tensor, u: Tensor): [Tensor, Tensor] => [c.add(u), u.exp()], x, y.reshape([1, 3, 4]))[0])
      .includes("exp"),
    false,
  );
});

Deno.test("numbers are not confused: 0 is not -0, and NaN and infinities differ", () => {
  const values = [0, -0, Infinity, -Infinity, NaN];
  const results = simplify(graphOf((x) => values.map((value) => x.fullLike(value)), inputs)).results;
  assertEquals(new Set(results).size, values.length);
  results.forEach((node, i) => assert(isNode(node, "constant") && Object.is(node.attributes.value, values[i])));
});

Deno.test("the logarithm of a softmax neither overflows nor becomes infinite", () => {
  const graph = simplify(graphOf((x) => softmax(x).log(), [numbers([1, 3])]));
  const [{ values }] = interpretWith(graph, [{ shape: [1, 3], values: Float64Array.of(0, -2000, 5) }]);
  assertNear(values, [-5.006715348489118, -2005.0067153484891, -0.006715348489118], "log softmax", {
    tolerance: 1e-12,
  });
});

Deno.test("any number of pieces is concatenated correctly", () => {
  const pieces = Array.from({ length: 37 }, (_, i) => numbers([i % 4, 2], { seed: i }));
  const graph = graphOf((...all) => concatenate(all), pieces);
  const expected = interpretWith(graph, pieces)[0].values;
  const simple = simplify(graph);
  assertEquals(interpretWith(simple, pieces)[0].values, expected);
  assert(topological(simple.results).every(({ inputs }) => inputs.length <= 4));
});

Deno.test("a graph is printed line by line", () => {
  const graph = graphOf((x, y) => x.matmul(y.transpose()).add(tensor([1, 2, 3])).sum(), inputs);
  assertEquals(
    showGraph({ parameters: graph.parameters, results: [graph.results[0].inputs[0].inputs[0]] }),
    GRAPH.trim(),
  );
});

Deno.test("simplifying twice changes nothing more", () => {
  const fn = gradientOf(weighted((x, y) => softmax(x.matmul(y.transpose())).log()));
  const once = simplify(graphOf(fn, inputs));
  assertEquals(showGraph(simplify(once)), showGraph(once));
});
