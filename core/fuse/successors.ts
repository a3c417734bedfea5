/**
 * Values that are written to memory instead of the result that they are computed from.
 *
 * A result of a loop is written to memory. If its only use is an operation such as a residual addition, whose value
 * several kernels need, writing that value instead costs nothing: it is computed in the same kernel, and the others read
 * one value instead of all that it is computed from.
 *
 * @module
 */

import type { Node } from "../graph/node.ts";
import { isElementwise, isKind, movementBase } from "../graph/ops.ts";
import { sizeOf } from "../shape.ts";
import { isReduction } from "./node_roles.ts";

/** At most this many nodes are visited to find what a value is computed from. */
const MOST_VISITED = 64;

/** What is known about the nodes of a graph. */
export interface Uses {
  /** The nodes that use a node. */
  readonly users: ReadonlyMap<Node, readonly Node[]>;
  /** The nodes that are written to memory in any case. */
  readonly wanted: ReadonlySet<Node>;
  /** Whether a node is in memory. */
  inMemory(node: Node): boolean;
}

/** Returns the tensors in memory of the size `size` from which nodes are computed; undefined if those are too many. */
function readsOf(nodes: readonly Node[], size: number, { inMemory }: Uses): Set<Node> | undefined {
  const reads = new Set<Node>();
  const seen = new Set(nodes);
  for (const node of seen) {
    if (seen.size > MOST_VISITED) return undefined;
    if (!inMemory(node)) node.inputs.forEach((input) => seen.add(input));
    else if (sizeOf(node.shape) === size) reads.add(node);
  }
  return reads;
}

/** Returns the result of a loop that has the size of `node` and whose only use, directly or not, is `node`. */
function predecessorOf(node: Node, uses: Uses): Node | undefined {
  if (!isElementwise(node) && !isKind(node, "movement")) return undefined;
  for (const input of node.inputs) {
    if (sizeOf(input.shape) !== sizeOf(node.shape) || uses.wanted.has(input)) continue;
    if (uses.users.get(input)!.length > 1) continue;
    const found = isReduction(input) ? input : predecessorOf(input, uses);
    if (found) return found;
  }
  return undefined;
}

/**
 * Whether the value of an elementwise node, which several others use, is written to memory instead of a result that it
 * is computed from. It is not if a user reads what else it is computed from anyway.
 */
export function succeedsResult(node: Node, uses: Uses): boolean {
  const predecessor = predecessorOf(node, uses);
  if (!predecessor) return false;
  const size = sizeOf(node.shape);
  const own = readsOf(node.inputs, size, uses);
  if (!own) return false;
  own.delete(predecessor);
  return own.size > 0 && uses.users.get(node)!.every((user) => {
    const others = readsOf(user.inputs.filter((input) => movementBase(input) !== node), size, uses);
    return others !== undefined && ![...own].some((one) => others.has(one));
  });
}
