import { assert, assertEquals } from "@std/assert";
import { concatenate } from "../functions/movement.ts";
import { isNode, type Node, topological } from "../graph/node.ts";
import { type Computation, graphOf, numbers } from "../../tests/oracle.ts";
import { isAnchor, isLeaf, movementBase } from "./node_roles.ts";

const square = [numbers([4, 4])];

/** The node of a function's result, and that of its argument. */
function nodesOf(fn: Computation): { node: Node; parameter: Node } {
  const { parameters: [parameter], results: [node] } = graphOf(fn, square);
  return { node, parameter };
}

Deno.test("a chain of movements starts at a node that computes or that joins several inputs", () => {
  const { node, parameter } = nodesOf((x) => x.transpose().reshape([16]).flip(0));
  assertEquals(movementBase(node) === parameter, true);
  assertEquals(movementBase(nodesOf((x) => x.neg().transpose().pad([[1, 1], [0, 0]])).node).op, "neg");
  assertEquals(movementBase(nodesOf((x) => concatenate([x, x]).transpose()).node).op, "concat");
});

Deno.test("leaves are in memory, and anchors are no leaves", () => {
  const order = topological(graphOf((x) => x.matmul(x).sum(), square).results);
  assertEquals(order.filter(isLeaf).map(({ op }) => op), ["parameter"]);
  assertEquals(order.filter(isAnchor).map(({ op }) => op), ["dot", "sum"]);
  assert(order.every((node) => !isNode(node, "parameter") || !isAnchor(node)));
});
