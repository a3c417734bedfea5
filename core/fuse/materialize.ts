/**
 * Chooses the nodes that are written to memory, before it is known which of them share a kernel.
 *
 * @module
 */

import type { Node } from "../graph/node.ts";
import { isKind, movementBase } from "../graph/ops.ts";
import {
  isAnchor,
  isComputedAnew,
  isComputedInPlace,
  isLeaf,
  neighborsAlike,
  priceOf,
  readsFromMemory,
  repeats,
} from "./node_roles.ts";
import { succeedsResult } from "./successors.ts";

/** Nodes that several others need are kept in memory if their cost is at least this. */
const WORTH_KEEPING = 10;

/** Keeps the input of a repeating movement in memory, if it is expensive. */
function keepBelow(node: Node, price: Map<Node, number>, chosen: Set<Node>): void {
  const base = movementBase(node);
  if (isKind(base, "source") || price.get(base)! < WORTH_KEEPING) return;
  chosen.add(base);
  for (let above = node; above !== base; above = above.inputs[0]) price.set(above, 0);
  price.set(base, 0);
}

/** Chooses the nodes that must be in memory whatever their cost, and lists the users of each node. */
function chooseNeeded(order: readonly Node[], chosen: Set<Node>): Map<Node, Node[]> {
  const users = new Map<Node, Node[]>(order.map((node) => [node, []]));
  for (const node of order) {
    if (isAnchor(node)) chosen.add(node);
    for (const input of new Set(node.inputs)) users.get(input)!.push(node);
    if (readsFromMemory(node)) {
      node.inputs.map(movementBase).forEach((base) => isKind(base, "source") || chosen.add(base));
    }
  }
  return users;
}

/** Returns the nodes to be written to memory: `results`, and those that other kernels need. */
export function chooseMaterialized(order: readonly Node[], results: Iterable<Node>): Set<Node> {
  const wanted = new Set<Node>(results);
  const chosen = new Set<Node>(wanted);
  const users = chooseNeeded(order, chosen);
  const uses = { users, wanted, inMemory: (node: Node) => chosen.has(node) || isLeaf(node) };
  const price = new Map<Node, number>();
  for (const node of order) {
    if (repeats(node)) keepBelow(node.inputs[0], price, chosen);
    const inputs = node.inputs.reduce((sum, input) => sum + price.get(input)!, 0);
    price.set(node, isComputedAnew(node) ? 0 : (priceOf(node) + inputs) / neighborsAlike(node));
    const shared = users.get(node)!.length > 1 && isComputedInPlace(node);
    if (shared && (price.get(node)! >= WORTH_KEEPING || succeedsResult(node, uses))) chosen.add(node);
    if (chosen.has(node) || isLeaf(node)) price.set(node, 0);
  }
  for (const node of [...chosen]) if (isLeaf(node)) chosen.delete(node);
  return chosen;
}
