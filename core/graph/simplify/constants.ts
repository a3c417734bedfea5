/**
 * Constant nodes.
 *
 * @module
 */

import { isNode, type Node, type ValueType } from "../node.ts";
import { makeNode } from "../ops.ts";

/** A node whose elements all have one value. */
export function constantNode({ shape, dtype }: ValueType, value: number): Node {
  return makeNode("constant", [], { shape, dtype, value });
}

/** The value of a constant node; undefined for other nodes. */
export function valueOf(node: Node): number | undefined {
  return isNode(node, "constant") ? node.attributes.value : undefined;
}

/** The values of all inputs, if all of them are constant. */
export function knownInputs({ inputs }: Node): number[] | undefined {
  const values = inputs.map(valueOf).filter((value) => value !== undefined);
  return values.length === inputs.length ? values : undefined;
}
