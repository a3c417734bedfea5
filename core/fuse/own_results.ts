/**
 * Gives each result its own memory.
 *
 * @module
 */

import type { Node } from "../graph/node.ts";
import { makeNode } from "../graph/ops.ts";
import { isLeaf } from "./node_roles.ts";

/**
 * Returns the results, with copies of those that are in memory already and of those that occur a second time. Nodes
 * that `mayHandOver` accepts are passed through unchanged.
 */
export function ownResults(results: readonly Node[], mayHandOver: (node: Node) => boolean = () => false): Node[] {
  const seen = new Set<Node>();
  return results.map((node) => {
    const own = !seen.has(node) && (!isLeaf(node) || mayHandOver(node));
    seen.add(node);
    return own ? node : makeNode("stop", [node], {});
  });
}
