/**
 * Nodes that are one number everywhere.
 *
 * @module
 */

import { isNode, type Node, type ValueType } from "./node.ts";
import { makeNode } from "./ops.ts";

/** One number everywhere. */
export function constant({ shape, dtype }: ValueType, value: number): Node {
  return makeNode("constant", [], { shape, dtype, value });
}

/** The number that a node is everywhere, if that is known. */
export function valueOf(node: Node): number | undefined {
  return isNode(node, "constant") ? node.attributes.value : undefined;
}

/** The numbers that all inputs of a node are, if they are known; undefined for a node without inputs. */
export function knownInputs({ inputs }: Node): number[] | undefined {
  const values = inputs.map(valueOf).filter((value) => value !== undefined);
  return values.length > 0 && values.length === inputs.length ? values : undefined;
}
