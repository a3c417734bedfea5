/**
 * What a kernel must read to compute a node, and how long its expressions become.
 *
 * @module
 */

import type { Node } from "../graph/node.ts";
import { isTuple } from "../graph/ops.ts";

/** What a node is computed from. */
export interface Reach {
  /** The nodes in memory that are read, each with the longest chain of operations that leads to it. */
  readonly reads: ReadonlyMap<Node, number>;
  /** The longest chain of operations. */
  readonly length: number;
}

/** Expressions are walked on the call stack, by several stages: longer chains of operations are cut. */
export const longestChain = 128;

/** The reach of a node, from that of its inputs where they do not lie in memory. */
function reachOf(node: Node, reaches: ReadonlyMap<Node, Reach>, inMemory: (node: Node) => boolean): Reach {
  const reads = new Map<Node, number>();
  let length = 1;
  const meet = (read: Node, distance: number): void => {
    reads.set(read, Math.max(distance, reads.get(read) ?? 0));
  };
  for (const input of new Set(node.inputs)) {
    const inner = inMemory(input) ? undefined : reaches.get(input)!;
    if (!inner) meet(input, 1);
    else {
      for (const [read, distance] of inner.reads) meet(read, distance + 1);
      length = Math.max(length, inner.length + 1);
    }
  }
  return { reads, length };
}

/** The reach of each node, where it is known which of them lie in memory. */
export function reachesOf(order: readonly Node[], inMemory: (node: Node) => boolean): Map<Node, Reach> {
  const reaches = new Map<Node, Reach>();
  for (const node of order) reaches.set(node, reachOf(node, reaches, inMemory));
  return reaches;
}

/**
 * Adds nodes to those that are kept in memory, until each can be computed from at most `mostReads` others by chains of at
 * most {@linkcode longestChain} operations.
 */
export function keepWithinLimits(
  order: readonly Node[],
  kept: Set<Node>,
  isLeaf: (node: Node) => boolean,
  mostReads: number,
): void {
  const inMemory = (node: Node): boolean => kept.has(node) || isLeaf(node);
  const reaches = new Map<Node, Reach>();
  const readsOf = (node: Node): number => inMemory(node) ? 1 : reaches.get(node)!.reads.size;
  for (const node of order) {
    let reach = reachOf(node, reaches, inMemory);
    while (reach.reads.size > mostReads && !isTuple(node.op)) {
      const widest = node.inputs.reduce((a, b) => readsOf(b) > readsOf(a) ? b : a);
      if (inMemory(widest)) break;
      kept.add(widest);
      reach = reachOf(node, reaches, inMemory);
    }
    if (reach.length >= longestChain && !isLeaf(node)) kept.add(node);
    reaches.set(node, reach);
  }
}
