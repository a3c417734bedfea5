/**
 * The facts about a node that fusion needs, from the entry of its primitive.
 *
 * @module
 */

import { isNode, type Node } from "../graph/node.ts";
import { isElementwise, isKind, isTuple, ruleOf } from "../graph/ops.ts";
import { scalarOps } from "../scalar/operations.ts";
import { sizeOf } from "../shape.ts";

/** Whether the node is in memory before any kernel of its graph runs. */
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

/** The axes along which the node combines all elements; null if it does not combine along whole axes. */
export function combinedAxes(node: Node): readonly number[] | null {
  return isKind(node, "reduction") ? ruleOf(node).axesOf(node) : null;
}

/** Whether the node combines all elements along some axes. Computations on these elements can then share its loop. */
export function isAlongAxes(node: Node): boolean {
  return combinedAxes(node) !== null;
}

/** Whether the node reads elements at computed indices. */
function isRead(node: Node): boolean {
  return isKind(node, "indexed") && ruleOf(node).access === "read";
}

/** Whether the node shares a kernel with no other node: a loop of kernels, or a write at computed indices. */
export function isAlone(node: Node): boolean {
  return isTuple(node) || (isKind(node, "indexed") && ruleOf(node).access === "write");
}

/** Whether the node is always written to memory if something needs it. */
export function isAnchor(node: Node): boolean {
  return isReduction(node) || isAlone(node);
}

/** Whether the node must read its inputs from memory, because it reads elements several times or in its own order. */
export function readsFromMemory(node: Node): boolean {
  return isContraction(node) || isTuple(node);
}

/** Whether the node uses some elements of its first input several times. */
export function repeats(node: Node): boolean {
  if (isRead(node)) return true;
  return isKind(node, "movement") && ruleOf(node).repeats && sizeOf(node.shape) > sizeOf(node.inputs[0].shape);
}

/** Rows of fewer elements are computed along other loops, so what they have in common is computed for each of them. */
const LONG_ROW = 64;

/**
 * The number of neighboring elements for which a broadcast computes its input once, because they lie in one row. Whole
 * numbers are mostly indices, which are computed for each element.
 */
export function neighborsAlike(node: Node): number {
  if (!isNode(node, "expand") || node.dtype !== "f32") return 1;
  const { shape, inputs: [x] } = node;
  let count = 1;
  for (let axis = shape.length - 1; axis >= 0 && x.shape[axis] === 1; axis--) count *= shape[axis];
  return count >= LONG_ROW ? count : 1;
}

/** Whether the node computes elements inside the kernels that need them, and does not only rearrange them. */
export function isComputedInPlace(node: Node): boolean {
  return isElementwise(node) || isRead(node);
}

/** The price of choosing among tensors whose neighboring elements are not neighbors in the result. */
const PRICE_OF_CHOICE = 5;
/** Neighbors that are computed at a time. */
const LANES = 4;

/** Whether so few elements of an input follow each other that vectors combine elements of several inputs. */
function alternates({ shape, inputs, attributes: { axis } }: Node<"concat">): boolean {
  return inputs.some((input) => input.shape[axis] * sizeOf(shape.slice(axis + 1)) < LANES);
}

/** Returns the approximate cost, in additions, of computing an element once more, given those of the inputs. */
export function priceOf(node: Node): number {
  if (isElementwise(node)) return scalarOps[node.op].price;
  if (isNode(node, "concat")) return alternates(node) ? PRICE_OF_CHOICE * node.inputs.length : 0;
  return isKind(node, "indexed") ? ruleOf(node).price : 0;
}

/** Whether the node is always recomputed where it is needed, with everything it depends on. */
export function isComputedAnew(node: Node): boolean {
  return isElementwise(node) && scalarOps[node.op].isComputedAnew;
}

/** Returns the approximate length of the node's code, in instructions. */
export function lengthOf(node: Node): number {
  return isElementwise(node) ? scalarOps[node.op].length : 1;
}

/** Whether a kernel of these nodes checks indices, so it uses the buffer of the record. */
export function checksIndices(nodes: Iterable<Node>): boolean {
  for (const node of nodes) if (isNode(node, "checked")) return true;
  return false;
}
