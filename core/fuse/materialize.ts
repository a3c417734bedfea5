/**
 * Which nodes are written to memory, before it is known which of them share a kernel.
 *
 * @module
 */

import { isNode, type Node } from "../graph/node.ts";
import { isElementwise, isTuple, kindOf } from "../graph/ops.ts";
import { factsOf } from "../nest/scalar_ops.ts";
import { sizeOf } from "../shape.ts";
import { isContraction, isReduction } from "./anchors.ts";

/** The rough price of computing an element once more from those of the inputs, in additions. */
function priceOf(node: Node): number {
  if (isElementwise(node)) return factsOf(node.op).price;
  return isNode(node, "gather") ? GATHER_PRICE : 0;
}

const GATHER_PRICE = 4;

/** From this price on, a node that several others need is computed once and kept. */
const worthKeeping = 10;

/** Whether a movement reads some elements more than once. */
function repeats(node: Node): boolean {
  if (isNode(node, "expand")) return sizeOf(node.shape) > sizeOf(node.inputs[0].shape);
  return isNode(node, "window") && sizeOf(node.shape) > sizeOf(node.inputs[0].shape);
}

/** Nodes that are always written where something needs them. */
export function isAnchor(node: Node): boolean {
  return isReduction(node) || node.op === "scatterAdd" || isTuple(node.op);
}

/** Nodes that lie in memory already. */
export function isLeaf(node: Node): boolean {
  return node.op === "parameter" || node.op === "data" || node.op === "pick";
}

/** The node below a chain of movements. */
export function movementBase(node: Node): Node {
  let base = node;
  while (kindOf(base) === "movement" && !isLeaf(base) && base.op !== "concat") base = base.inputs[0];
  return base;
}

/** Keeps what a repeating movement reads, if that is dear. */
function keepBelow(node: Node, price: Map<Node, number>, chosen: Set<Node>): void {
  const base = movementBase(node);
  if (kindOf(base) === "source" || price.get(base)! < worthKeeping) return;
  chosen.add(base);
  for (let above = node; above !== base; above = above.inputs[0]) price.set(above, 0);
  price.set(base, 0);
}

/** Nodes to be written to memory: those in `wanted`, and what other kernels need of it. */
export function chooseMaterialized(order: readonly Node[], wanted: Iterable<Node>): Set<Node> {
  const chosen = new Set<Node>(wanted);
  const users = new Map<Node, number>();
  for (const node of order) {
    if (isAnchor(node)) chosen.add(node);
    for (const input of new Set(node.inputs)) users.set(input, (users.get(input) ?? 0) + 1);
    // Products read their operands more than once, and loops read them in other places.
    if (isContraction(node) || node.op === "scan") {
      node.inputs.map(movementBase).forEach((base) => kindOf(base) !== "source" && chosen.add(base));
    }
  }
  const price = new Map<Node, number>();
  for (const node of order) {
    if (repeats(node) || node.op === "gather") keepBelow(node.inputs[0], price, chosen);
    const inputs = node.inputs.reduce((sum, input) => sum + price.get(input)!, 0);
    const isComputedAnew = isElementwise(node) && factsOf(node.op).isComputedAnew;
    price.set(node, isComputedAnew ? 0 : priceOf(node) + inputs);
    const shared = (users.get(node) ?? 0) > 1 && (isElementwise(node) || node.op === "gather");
    if (shared && price.get(node)! >= worthKeeping) chosen.add(node);
    if (chosen.has(node) || isLeaf(node)) price.set(node, 0);
  }
  for (const node of [...chosen]) {
    if (node.op === "parameter" || node.op === "data" || node.op === "pick") chosen.delete(node);
  }
  return chosen;
}
