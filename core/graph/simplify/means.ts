/**
 * Means in the shape of what they are means of.
 *
 * @module
 */

import { sameShape, sizeOf } from "../../shape.ts";
import { isNode, type Node } from "../node.ts";
import { makeNode } from "../ops.ts";
import { constantNode, valueOf } from "./constants.ts";

/** Axes, in rising order. */
export type Axes = readonly number[];

const keptOnes = ({ shape }: Node, axes: Axes): number[] =>
  shape.map((extent, axis) => axes.includes(axis) ? 1 : extent);

/** The number of elements along axes. */
export const countOf = ({ shape }: Node, axes: Axes): number => sizeOf(axes.map((axis) => shape[axis]));

function belowReshapes(node: Node): Node {
  return isNode(node, "reshape") ? belowReshapes(node.inputs[0]) : node;
}

/** Returns Σ x along axes, if `node` is the mean of `x` along them in the shape of `x`. */
export function sumOfMean(node: Node, x: Node, axes: Axes): Node | undefined {
  if (!isNode(node, "expand") || !sameShape(node.inputs[0].shape, keptOnes(x, axes))) return undefined;
  const mean = belowReshapes(node.inputs[0]);
  if (!isNode(mean, "div") || valueOf(mean.inputs[1]) !== Math.fround(countOf(x, axes))) return undefined;
  const sum = belowReshapes(mean.inputs[0]);
  return isNode(sum, "sum") && sum.inputs[0] === x && sum.attributes.axes.join() === axes.join() ? sum : undefined;
}

/** Returns Σ x along axes. */
export function sumAlong(x: Node, axes: Axes): Node {
  return makeNode("sum", [x], { axes });
}

/** Returns the mean of `count` numbers, given their sum. */
export function meanOf(sum: Node, count: number): Node {
  return makeNode("div", [sum, constantNode(sum, Math.fround(count))], {});
}

/** Returns the deviations of `x` from its mean along axes. */
export function deviationsFrom(mean: Node, x: Node, axes: Axes): Node {
  const kept = makeNode("reshape", [mean], { shape: keptOnes(x, axes) });
  return makeNode("sub", [x, makeNode("expand", [kept], { shape: x.shape })], {});
}
