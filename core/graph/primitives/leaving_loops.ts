/**
 * Gradients that leave a loop: sums over time that are computed after the loop.
 *
 * @module
 */

import type { Tensor } from "../../tensor.ts";
import type { MovementAttributes } from "../attributes.ts";
import { isNode, type Node } from "../node.ts";
import { movements } from "./movement.ts";

/** A constant's gradient as a function of stacks over time. */
export interface Hoisted {
  readonly stacks: readonly Node[];
  finish(stacks: readonly Tensor[]): Tensor;
}

/** Σ over time of [batch, rows, depth] · [batch, depth, columns] is one product whose depth is time × depth. */
function productOverTime([a, b]: readonly Tensor[]): Tensor {
  const [time, batch, rows, depth] = a.shape;
  const columns = b.shape[3];
  return a.transpose([1, 2, 0, 3]).reshape([batch, rows, time * depth])
    .apply("dot", [b.transpose([1, 0, 2, 3]).reshape([batch, time * depth, columns])], {});
}

/** Whether a linear operation of one input is applied after the sum over time. */
function followsSum(node: Node): boolean {
  return isNode(node, "neg") || (node.op in movements && movements[node.op as keyof MovementAttributes].leavesLoops);
}

/**
 * Returns how the sum over time of a node of a loop's body is computed after the loop; null if it must be accumulated
 * in each iteration.
 */
export function hoist(node: Node): Hoisted[] | null {
  if (isNode(node, "add")) {
    const [a, b] = node.inputs.map(hoist);
    return a && b && [...a, ...b];
  }
  if (isNode(node, "dot")) return [{ stacks: node.inputs, finish: productOverTime }];
  if (isNode(node, "sum")) {
    const axes = [0, ...node.attributes.axes.map((one) => one + 1)];
    return [{ stacks: node.inputs, finish: ([x]) => x.apply("sum", [], { axes, ofCotangents: true }) }];
  }
  if (!followsSum(node)) return null;
  return hoist(node.inputs[0])?.map(({ stacks, finish }) => ({
    stacks,
    finish: (tensors) => finish(tensors).apply(node.op, [], node.attributes),
  })) ?? null;
}

/** The node below a chain of reshapes and permutations, which are applied after the loop. */
export function unmoved(node: Node): Node {
  return (isNode(node, "reshape") || isNode(node, "permute")) && node.inputs[0].traced ? unmoved(node.inputs[0]) : node;
}

/** The stack of `node`, made from the stack of the node that it rearranges. */
export function movedStack(node: Node, stackOf: (node: Node) => Tensor | undefined): Tensor | undefined {
  const known = stackOf(node);
  if (known) return known;
  const inner = isNode(node, "reshape") || isNode(node, "permute") ? movedStack(node.inputs[0], stackOf) : undefined;
  if (!inner) return undefined;
  if (isNode(node, "permute")) return inner.transpose([0, ...node.attributes.axes.map((axis) => axis + 1)]);
  return inner.reshape([inner.shape[0], ...node.shape]);
}
