/**
 * Results in memory of their own.
 *
 * @module
 */

import type { Node } from "../graph/node.ts";
import { makeNode } from "../graph/ops.ts";
import { isLeaf } from "./roles.ts";

/**
 * The results with copies in place of those that lie in memory already, and of those that come a second time. What
 * `mayHandOver` accepts is passed on as it is.
 */
export function ownResults(results: readonly Node[], mayHandOver: (node: Node) => boolean = () => false): Node[] {
  const seen = new Set<Node>();
  return results.map((node) => {
    const own = !seen.has(node) && (!isLeaf(node) || mayHandOver(node));
    seen.add(node);
    return own ? node : makeNode("stop", [node], {});
  });
}
