/**
 * Sums of squared deviations from the mean over many elements, computed block by block.
 *
 * A mean must be known before deviations from it can be added, so all elements are read twice. Those of a block stay in
 * the cache in between: its mean and its deviations from that are computed first, and then
 *
 *     Σ (x − mean)² = Σ over blocks (Σ in the block (x − its mean)² + count · (its mean − mean)²)
 *
 * which is as exact. Elements are read from memory once.
 *
 * Source: Chan, Golub and LeVeque, "Algorithms for computing the sample variance", 1983.
 *
 * @module
 */

import { areChained } from "../../nest/chained_rows.ts";
import { sizeOf } from "../../shape.ts";
import { isNode, type Node, topological } from "../node.ts";
import { makeNode } from "../ops.ts";
import { constantNode } from "./constants.ts";
import { type Axes, countOf, deviationsFrom, meanOf, sumAlong, sumOfMean } from "./means.ts";
import { replaceNodes } from "./replace.ts";

/** Shorter blocks would write too many sums. */
const SHORTEST_BLOCK = 64;
/** The elements of longer blocks would not stay in the cache, if they are rows apart. */
const LONGEST_BLOCK = 4096;

/** A sum of squared deviations, and the sum from which the mean is computed. */
interface Squares {
  readonly squares: Node<"sum">;
  readonly sum: Node;
  readonly x: Node;
}

function squaresAt(node: Node): Squares | undefined {
  if (!isNode(node, "sum") || node.dtype !== "f32") return undefined;
  const [square] = node.inputs;
  const [deviation] = square.inputs;
  if (!isNode(square, "mul") || square.inputs[1] !== deviation || !isNode(deviation, "sub")) return undefined;
  const [x, mean] = deviation.inputs;
  const sum = sumOfMean(mean, x, node.attributes.axes);
  return sum && { squares: node, sum, x };
}

/** Elements in an order with blocks. */
interface Blocks {
  readonly x: Node;
  /** The axes within a block. */
  readonly within: Axes;
  /** The axes from block to block, all of which come before those within a block. */
  readonly across: Axes;
}

/** The greatest length of blocks that divides an axis; undefined if there is none. */
function divisorOf(extent: number): number | undefined {
  for (let length = Math.min(LONGEST_BLOCK, extent >> 1); length >= SHORTEST_BLOCK; length--) {
    if (extent % length === 0) return length;
  }
  return undefined;
}

/** Returns blocks of whole axes, as many of the last ones as fit; undefined if they would be too short. */
function wholeAxes(x: Node, axes: Axes): Blocks | undefined {
  let first = axes.length;
  let length = 1;
  while (first > 0 && length * x.shape[axes[first - 1]] <= LONGEST_BLOCK) length *= x.shape[axes[--first]];
  return first > 0 && length >= SHORTEST_BLOCK
    ? { x, within: axes.slice(first), across: axes.slice(0, first) }
    : undefined;
}

/** Cuts the last of the axes into blocks; undefined if no blocks of a good length divide it. */
function cutAxis(x: Node, axes: Axes): Blocks | undefined {
  const last = axes[axes.length - 1];
  const length = divisorOf(x.shape[last]);
  if (length === undefined) return undefined;
  const shape = [...x.shape.slice(0, last), x.shape[last] / length, length, ...x.shape.slice(last + 1)];
  return { x: makeNode("reshape", [x], { shape }), within: [last + 1], across: axes };
}

/** Returns both sums, computed block by block. */
function inBlocks({ x, within, across }: Blocks): { readonly sum: Node; readonly squares: Node } {
  const squared = (deviation: Node): Node => makeNode("mul", [deviation, deviation], {});
  const length = countOf(x, within);
  const sums = sumAlong(x, within);
  const means = meanOf(sums, length);
  const squares = sumAlong(squared(deviationsFrom(means, x, within)), within);
  const sum = sumAlong(sums, across);
  const mean = meanOf(sum, length * countOf(x, across));
  const apart = makeNode("mul", [squared(deviationsFrom(mean, means, across)), constantNode(means, length)], {});
  return { sum, squares: sumAlong(makeNode("add", [squares, apart], {}), across) };
}

/** Computes long sums of squared deviations in blocks. Undefined if there are none. */
export function withBlockedVariances(roots: readonly Node[]): Node[] | undefined {
  const replaced = new Map<Node, Node>();
  for (const node of topological(roots)) {
    const found = squaresAt(node);
    if (!found) continue;
    const { x, sum, squares } = found;
    const { axes } = squares.attributes;
    if (areChained({ length: countOf(x, axes), rows: sizeOf(squares.shape) })) continue;
    const blocks = wholeAxes(x, axes) ?? cutAxis(x, axes);
    if (!blocks) continue;
    const better = inBlocks(blocks);
    replaced.set(squares, better.squares);
    replaced.set(sum, better.sum);
  }
  return replaced.size === 0 ? undefined : replaceNodes(roots, replaced);
}
