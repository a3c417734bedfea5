/**
 * Reductions of which only a slice is needed, so that only its elements are computed.
 *
 * The gradient of a convolution with padding is one: sums of overlapping windows, without those at the border.
 *
 * @module
 */

import { isNode, type Node } from "../graph/node.ts";
import { sizeOf } from "../shape.ts";
import { isAlongAxes, isContraction, isReduction } from "./node_roles.ts";

/** Whether the slice is all that is needed of a reduction in loops of its own. */
function narrows(slice: Node<"slice">, usersOf: (node: Node) => number): boolean {
  const [x] = slice.inputs;
  return isReduction(x) && !isAlongAxes(x) && !isContraction(x) && usersOf(x) === 1 &&
    sizeOf(slice.shape) < sizeOf(x.shape);
}

/** Returns the reductions of which only a slice is needed, by the slices. `results` are needed by themselves. */
export function narrowedReductions(order: readonly Node[], results: Iterable<Node>): Map<Node, Node> {
  const users = new Map<Node, number>();
  const use = (node: Node): unknown => users.set(node, (users.get(node) ?? 0) + 1);
  for (const result of results) use(result);
  for (const node of order) new Set(node.inputs).forEach(use);
  const narrowed = new Map<Node, Node>();
  for (const node of order) {
    if (isNode(node, "slice") && narrows(node, (x) => users.get(x)!)) narrowed.set(node, node.inputs[0]);
  }
  return narrowed;
}
