/**
 * Rewrites of single nodes: a pattern, and what takes the place of a node that it fits.
 *
 * @module
 */

import type { Node } from "./node.ts";

/** What a node becomes; undefined where the rewrite does not fit it. */
export type Rewrite = (node: Node) => Node | undefined;

/** A rewrite: `pattern` finds in a node what `becomes` makes another one of, or undefined. */
export function when<M>(
  pattern: (node: Node) => M | undefined,
  becomes: (match: M, node: Node) => Node,
): Rewrite {
  return (node) => {
    const match = pattern(node);
    return match === undefined ? undefined : becomes(match, node);
  };
}
