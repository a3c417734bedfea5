/**
 * What fusion must know of a node, read off the entry of its primitive.
 *
 * @module
 */

import type { Node } from "../graph/node.ts";
import { isElementwise, isKind, isTuple, ruleOf } from "../graph/ops.ts";
import { scalarOps } from "../nest/scalar_ops.ts";
import { sizeOf } from "../shape.ts";

/** Whether the node lies in memory before any kernel of its graph runs. */
export function isLeaf(node: Node): boolean {
  return isKind(node, "source") ? ruleOf(node).liesInMemory : isKind(node, "pick");
}

/** Whether the node is a product whose loops may be tiled. */
export function isContraction(node: Node): boolean {
  return isKind(node, "contraction");
}

/** Whether the node is computed by a loop that combines elements. */
export function isReduction(node: Node): boolean {
  return isKind(node, "reduction") ? !ruleOf(node).onlyMoves(node) : isContraction(node);
}

/** Whether the node combines all elements along some axes, so that what is computed for each of them can share the loop. */
export function isAlongAxes(node: Node): boolean {
  return isKind(node, "reduction") && ruleOf(node).axesOf(node) !== null;
}

/** Whether an element of the node is read from another one at an index that is computed. */
function isRead(node: Node): boolean {
  return isKind(node, "indexed") && ruleOf(node).access === "read";
}

/** Whether the node is a step of the program by itself: a loop of kernels, or one that writes at computed indices. */
export function isAlone(node: Node): boolean {
  return isTuple(node) || (isKind(node, "indexed") && ruleOf(node).access === "write");
}

/** Whether the node is always written where something needs it. */
export function isAnchor(node: Node): boolean {
  return isReduction(node) || isAlone(node);
}

/** Whether the node reads elements of its inputs more than once or in places of its own choice, wherever they lie. */
export function readsInOtherPlaces(node: Node): boolean {
  return isContraction(node) || isTuple(node);
}

/** Whether the node finds some elements of its first input more than once. */
export function repeats(node: Node): boolean {
  if (isRead(node)) return true;
  return isKind(node, "movement") && ruleOf(node).repeats && sizeOf(node.shape) > sizeOf(node.inputs[0].shape);
}

/** Whether each element of the node is computed where it is needed, and not only found there. */
export function isComputedInPlace(node: Node): boolean {
  return isElementwise(node) || isRead(node);
}

/** The rough price of computing an element once more from those of the inputs, in additions. */
export function priceOf(node: Node): number {
  if (isElementwise(node)) return scalarOps[node.op].price;
  return isKind(node, "indexed") ? ruleOf(node).price : 0;
}

/** Whether the node is computed anew wherever it is needed, with all that it is made of. */
export function isComputedAnew(node: Node): boolean {
  return isElementwise(node) && scalarOps[node.op].isComputedAnew;
}

/** The length of what is written for a node, in instructions. */
export function lengthOf(node: Node): number {
  return isElementwise(node) ? scalarOps[node.op].length : 1;
}

/** The node below a chain of movements that each have one input. */
export function movementBase(node: Node): Node {
  let base = node;
  while (isKind(base, "movement") && !ruleOf(base).joins) base = base.inputs[0];
  return base;
}
