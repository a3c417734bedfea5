/**
 * The limits of a kernel: the buffers that it reads and the operations that it computes.
 *
 * @module
 */

import type { Node } from "../graph/node.ts";
import { isTuple } from "../graph/ops.ts";
import { checksIndices, isLeaf, lengthOf } from "./node_roles.ts";

/** The nodes from which a node is computed. */
export interface Reach {
  /** The nodes in memory that are read. */
  readonly reads: ReadonlySet<Node>;
  /** The nodes that are computed in place, the node itself included. */
  readonly operations: ReadonlySet<Node>;
}

/**
 * The longest kernel. Compilers become slow for longer ones, and expressions are traversed recursively.
 */
const LONGEST_KERNEL = 400;

/** Whether one kernel may hold these operations. */
export function fitsKernel(operations: Iterable<Node>): boolean {
  let length = 0;
  for (const node of operations) length += lengthOf(node);
  return length <= LONGEST_KERNEL;
}

/** Returns the reach of a node, given those of its inputs that are not in memory. */
function reachOf(node: Node, reaches: ReadonlyMap<Node, Reach>, inMemory: (node: Node) => boolean): Reach {
  const reads = new Set<Node>();
  const operations = new Set<Node>([node]);
  for (const input of new Set(node.inputs)) {
    if (inMemory(input)) reads.add(input);
    else {
      const inner = reaches.get(input)!;
      inner.reads.forEach((read) => reads.add(read));
      inner.operations.forEach((operation) => operations.add(operation));
    }
  }
  return { reads, operations };
}

/** Returns the reach of each node. */
export function reachesOf(order: readonly Node[], inMemory: (node: Node) => boolean): Map<Node, Reach> {
  const reaches = new Map<Node, Reach>();
  for (const node of order) reaches.set(node, reachOf(node, reaches, inMemory));
  return reaches;
}

/**
 * Adds nodes to those that are kept in memory, until each can be computed from at most `mostReads` others by no more
 * operations than a kernel may hold, within one.
 */
export function keepWithinLimits(order: readonly Node[], kept: Set<Node>, mostReads: number): void {
  const inMemory = (node: Node): boolean => kept.has(node) || isLeaf(node);
  const reaches = new Map<Node, Reach>();
  const readsOf = (node: Node): number => inMemory(node) ? 1 : reaches.get(node)!.reads.size;
  for (const node of order) {
    let reach = reachOf(node, reaches, inMemory);
    while (reach.reads.size + Number(checksIndices(reach.operations)) > mostReads && !isTuple(node)) {
      const widest = node.inputs.reduce((a, b) => readsOf(b) > readsOf(a) ? b : a);
      if (inMemory(widest)) break;
      kept.add(widest);
      reach = reachOf(node, reaches, inMemory);
    }
    if (!fitsKernel(reach.operations) && !isLeaf(node)) kept.add(node);
    reaches.set(node, reach);
  }
}
