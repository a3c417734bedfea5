/**
 * Replaces nodes of a graph by others that compute the same.
 *
 * @module
 */

import type { Node } from "../node.ts";
import { isKind } from "../ops.ts";
import { withInputs } from "../rewrite.ts";

/** Gives the replacement of a node its place, if places were recorded and it has none. */
export function placedLike({ place }: Node, better: Node): Node {
  return !place || better.place || isKind(better, "source") ? better : { ...better, place };
}

/**
 * Returns `roots` with nodes replaced, also in what replacements are computed from. No replacement may depend on the
 * node that it replaces.
 */
export function replaceNodes(roots: readonly Node[], replaced: ReadonlyMap<Node, Node>): Node[] {
  const done = new Map<Node, Node>();
  const stack = [...roots].reverse();
  while (stack.length > 0) {
    const node = stack[stack.length - 1];
    const better = replaced.get(node);
    const chosen = better ? placedLike(node, better) : node;
    const waiting = done.has(node) ? [] : chosen.inputs.filter((input) => !done.has(input));
    if (waiting.length > 0) {
      stack.push(...waiting.reverse());
      continue;
    }
    stack.pop();
    if (!done.has(node)) done.set(node, withInputs(chosen, chosen.inputs.map((input) => done.get(input)!)));
  }
  return roots.map((root) => done.get(root)!);
}
