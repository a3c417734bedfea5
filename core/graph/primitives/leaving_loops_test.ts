import { assert, assertEquals } from "@std/assert";
import {
  assertGradient,
  assertPlan,
  type Computation,
  gradientOf,
  graphOf,
  numbers,
  weighted,
} from "../../../tests/oracle.ts";
import { matmul } from "../../functions/matmul.ts";
import type { Tensor } from "../../tensor.ts";
import { checkpoint } from "../../gradients.ts";
import { scan } from "../../scan.ts";
import { isNode, type Node, topological } from "../node.ts";
import { hoist } from "./leaving_loops.ts";

/** A loop whose gradient adds products, sums, differences and rearranged values of all iterations. */
const loop: Computation = (x, w, b) => {
  const cell = checkpoint((c: Tensor, one: Tensor, w: Tensor, b: Tensor) =>
    matmul(c, w).sub(b).add(matmul(one, w.transpose())).mul(b.reshape([1, -1])).tanh()
  );
  const [last, all] = scan(
    (c: Tensor, one: Tensor): [Tensor, Tensor] => [cell(c, one, w, b), c.sub(b.flip())],
    x.sum({ axis: 0 }),
    x,
  );
  return [last, all];
};

const inputs = [[3, 2, 4], [4, 4], [4]].map((shape, seed) => numbers(shape, { seed, low: -1, high: 1 }));

Deno.test("gradients whose sums are computed after the loop are the slopes", async () => {
  await assertGradient(loop, inputs, "a loop");
  await assertPlan(gradientOf(weighted(loop)), inputs, "the gradient of a loop");
});

Deno.test("products of all iterations are one product after the loop, so none is in it", () => {
  const { results } = graphOf(gradientOf(weighted(loop)), inputs);
  const loops = topological(results).filter((node): node is Node<"scan"> => isNode(node, "scan"));
  const backward = loops.filter(({ attributes }) => attributes.reverse);
  assertEquals(backward.length, 1);
  // Of the products in the backward loop, each has a result that the next iteration needs.
  const shapes = topological(backward[0].attributes.body.results).filter(({ op }) => op === "dot").map(({ shape }) =>
    shape
  );
  assert(shapes.length > 0 && shapes.every(([, rows, columns]) => rows === 2 && columns === 4), JSON.stringify(shapes));
});

Deno.test("what is not linear stays in the loop", () => {
  const [x] = inputs;
  const nodeOf = (fn: Computation): Node => graphOf(fn, [x]).results[0];
  assertEquals(hoist(nodeOf((x) => x.exp())), null);
  assertEquals(hoist(nodeOf((x) => x.sum().add(x.exp().max()))), null);
  assertEquals(hoist(nodeOf((x) => x.sum().exp())), null);
  assertEquals(hoist(nodeOf((x) => x.sum()))?.length, 1);
  assertEquals(hoist(nodeOf((x) => x.sum().add(x.mul(2).sum()).neg()))?.length, 2);
  assertEquals(hoist(nodeOf((x) => x.sum().neg().add(x.mul(2).sum().reshape([]))))?.length, 2);
});
