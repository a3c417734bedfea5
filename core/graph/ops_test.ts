import { assertEquals } from "@std/assert";
import { type Computation, graphOf, numbers } from "../../tests/oracle.ts";
import { concatenate } from "../functions/movement.ts";
import type { Node } from "./node.ts";
import { movementBase } from "./ops.ts";

/** The node of a function's result, and that of its argument. */
function nodesOf(fn: Computation): { node: Node; parameter: Node } {
  const { parameters: [parameter], results: [node] } = graphOf(fn, [numbers([4, 4])]);
  return { node, parameter };
}

Deno.test("a chain of movements starts at a node that computes or that joins several inputs", () => {
  const { node, parameter } = nodesOf((x) => x.transpose().reshape([16]).flip(0));
  assertEquals(movementBase(node) === parameter, true);
  assertEquals(movementBase(nodesOf((x) => x.neg().transpose().pad([[1, 1], [0, 0]])).node).op, "neg");
  assertEquals(movementBase(nodesOf((x) => concatenate([x, x]).transpose()).node).op, "concat");
});
