/**
 * Checks of indices that are made elsewhere in the graph.
 *
 * A gradient uses the indices of the forward pass, which checks them, but only if its values are needed: the gradient
 * of a sum of rows is not computed from the rows. So gradients mark the indices by a check that finds nothing, and only
 * the finished graph shows whether the first check is needed twice.
 *
 * @module
 */

import { isNode, type Node, topological } from "../node.ts";
import { withInputs } from "../rewrite.ts";

/** Whether a node marks indices that the forward pass checks. */
function isMark(node: Node): boolean {
  return isNode(node, "checked") && node.attributes.size === Infinity;
}

/** What is computed if marks are replaced by the indices alone. */
function neededNodes(roots: readonly Node[]): Set<Node> {
  const needed = new Set<Node>(roots);
  for (const node of topological(roots).reverse()) {
    if (!needed.has(node)) continue;
    const { inputs } = isMark(node) ? node.inputs[0] : node;
    inputs.forEach((input) => needed.add(input));
  }
  return needed;
}

/**
 * Replaces the marks of checked indices by the indices alone if their check is computed anyway, otherwise by the check.
 * Undefined if there are no marks.
 */
export function withoutRepeatedChecks(roots: readonly Node[]): Node[] | undefined {
  const order = topological(roots);
  if (!order.some(isMark)) return undefined;
  const needed = neededNodes(roots);
  const done = new Map<Node, Node>();
  for (const node of order) {
    const inputs = node.inputs.map((input) => done.get(input)!);
    if (!isMark(node)) done.set(node, withInputs(node, inputs));
    else done.set(node, needed.has(node.inputs[0]) ? inputs[0].inputs[0] : inputs[0]);
  }
  return roots.map((root) => done.get(root)!);
}
