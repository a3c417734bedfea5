/**
 * Rewrites of single nodes: a pattern and its replacement.
 *
 * @module
 */

import type { Node } from "../node.ts";

/** Returns the replacement of a node, or undefined if the pattern does not match it. */
export type Rewrite = (node: Node) => Node | undefined;

/**
 * Makes a rewrite. `pattern` returns what it found in a node, or undefined; `becomes` makes the replacement from that.
 */
export function when<M>(
  pattern: (node: Node) => M | undefined,
  becomes: (match: M, node: Node) => Node,
): Rewrite {
  return (node) => {
    const match = pattern(node);
    return match === undefined ? undefined : becomes(match, node);
  };
}
