import { assert, assertEquals } from "@std/assert";
import { concatenate } from "../functions/movement.ts";
import { isNode, topological } from "../graph/node.ts";
import { type Computation, graphOf, numbers } from "../../tests/oracle.ts";
import { isAnchor, isLeaf, neighborsAlike, priceOf } from "./node_roles.ts";

const square = [numbers([4, 4])];

Deno.test("leaves are in memory, and anchors are no leaves", () => {
  const order = topological(graphOf((x) => x.matmul(x).sum(), square).results);
  assertEquals(order.filter(isLeaf).map(({ op }) => op), ["parameter"]);
  assertEquals(order.filter(isAnchor).map(({ op }) => op), ["dot", "sum"]);
  assert(order.every((node) => !isNode(node, "parameter") || !isAnchor(node)));
});

Deno.test("long rows compute what their elements have in common once", () => {
  const alike = (fn: Computation, shape: number[], dtype: "f32" | "i32" = "f32"): number =>
    neighborsAlike(graphOf(fn, [numbers(shape, { dtype })]).results[0]);
  assertEquals(alike((x) => x.broadcastTo([3, 8, 8]), [3, 1, 1]), 64);
  assertEquals(alike((x) => x.broadcastTo([3, 1, 100]), [1, 1, 1]), 300);
  assertEquals(alike((x) => x.broadcastTo([3, 7, 9]), [3, 1, 1]), 1);
  assertEquals(alike((x) => x.broadcastTo([500, 8]), [1, 8]), 1);
  assertEquals(alike((x) => x.broadcastTo([500, 80]), [500, 1], "i32"), 1);
  assertEquals(alike((x) => x.broadcastTo([0, 80]), [1, 1]), 1);
  assertEquals(alike((x) => x.neg(), [3, 1]), 1);
});

Deno.test("choosing among tensors has a price if their elements alternate", () => {
  const price = (shape: number[], axis: number): number => {
    const { results: [node] } = graphOf((x) => concatenate([x, x], axis), [numbers(shape)]);
    return priceOf(node);
  };
  assertEquals(price([6, 1], 1), 10);
  assertEquals(price([6, 1, 3], 1), 10);
  assertEquals(price([6, 1, 4], 1), 0);
  assertEquals(price([6, 3], 1), 10);
  assertEquals(price([6, 4], 1), 0);
  assertEquals(price([6, 4], 0), 0);
});
