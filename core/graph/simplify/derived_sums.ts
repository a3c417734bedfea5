/**
 * Sums of gradients that follow from other sums of the graph, so that nothing needs to be added again.
 *
 * Gradients of means and variances contain many of them: the sum of scaled cotangents is the scaled sum of cotangents,
 * which the gradient of a shift needs anyway, and the deviations from a mean add up to zero.
 *
 * If a sum overflows, those that follow from it are not finite either. So they are only sums that gradient rules made,
 * and follow only from such sums: a sum that a function adds itself is added as it is written. The sum from which a mean
 * is computed may be any, because if it overflows, the deviations are not finite.
 *
 * @module
 */

import type { Shape } from "../../shape.ts";
import { isNode, type Node, topological } from "../node.ts";
import { makeNode } from "../ops.ts";
import { constantNode, valueOf } from "./constants.ts";
import { type Axes, sumOfMean } from "./means.ts";
import { replaceNodes } from "./replace.ts";

/** At most this many operations lie between a sum and the one that it follows from. */
const MOST_OPERATIONS = 8;

const without = (shape: Shape, axes: Axes): number[] => shape.filter((_, axis) => !axes.includes(axis));

/** Returns the elements of a node without its axes `axes`; undefined if the elements along them may differ. */
function constantAlong(node: Node, axes: Axes): Node | undefined {
  const shape = without(node.shape, axes);
  const value = valueOf(node);
  if (value !== undefined) return constantNode({ shape, dtype: node.dtype }, value);
  if (!isNode(node, "expand")) return undefined;
  const [below] = node.inputs;
  if (axes.some((axis) => below.shape[axis] !== 1)) return undefined;
  return makeNode("expand", [makeNode("reshape", [below], { shape: without(below.shape, axes) })], { shape });
}

/** The sums of gradients along some axes, by what is added. */
type Sums = ReadonlyMap<Node, Node>;

/** Finds what the sum of a node along `axes` follows from. */
class Derivation {
  constructor(readonly axes: Axes, readonly sums: Sums) {}

  /** Returns the sum of `x`, computed from others; undefined if it does not follow from them. */
  of(x: Node, operations = MOST_OPERATIONS): Node | undefined {
    if (operations === 0) return undefined;
    const inner = (input: Node) => this.sums.get(input) ?? this.of(input, operations - 1);
    const [a, b] = x.inputs;
    if (isNode(x, "neg")) return this.#negative(inner(a));
    if (isNode(x, "mul")) return this.#product(inner, a, b) ?? this.#product(inner, b, a);
    if (isNode(x, "add") && a === b) return this.#double(inner(a));
    return isNode(x, "sub") ? this.#deviations(a, b) : undefined;
  }

  #negative(sum: Node | undefined): Node | undefined {
    return sum && makeNode("neg", [sum], {});
  }

  #double(sum: Node | undefined): Node | undefined {
    return sum && makeNode("add", [sum, sum], {});
  }

  #product(inner: (input: Node) => Node | undefined, x: Node, factor: Node): Node | undefined {
    const scale = constantAlong(factor, this.axes);
    const sum = scale && inner(x);
    return sum && makeNode("mul", [sum, scale], {});
  }

  /** The deviations from a mean. Their sum is 0, but NaN if a value is infinite or NaN. */
  #deviations(x: Node, mean: Node): Node | undefined {
    const sum = sumOfMean(mean, x, this.axes);
    return sum && makeNode("mul", [sum, constantNode(sum, 0)], {});
  }
}

/** Returns what the sums of gradients are replaced by. */
function derivedSums(order: readonly Node[]): Map<Node, Node> {
  const sums = order.filter((node): node is Node<"sum"> => isNode(node, "sum") && !!node.attributes.ofCotangents);
  const byAxes = new Map<string, Map<Node, Node>>();
  for (const sum of sums) {
    const key = sum.attributes.axes.join();
    byAxes.set(key, (byAxes.get(key) ?? new Map<Node, Node>()).set(sum.inputs[0], sum));
  }
  const replaced = new Map<Node, Node>();
  for (const sum of sums) {
    const { axes } = sum.attributes;
    const follows = new Derivation(axes, byAxes.get(axes.join())!).of(sum.inputs[0]);
    if (follows) replaced.set(sum, follows);
  }
  return replaced;
}

/**
 * Replaces sums of gradients by what they follow from: sums of negatives, of doubled or scaled values, and of deviations
 * from a mean. Undefined if there are none.
 */
export function withDerivedSums(roots: readonly Node[]): Node[] | undefined {
  const replaced = derivedSums(topological(roots));
  // What a sum follows from is computed from inputs of the sum, so nothing depends on itself.
  return replaced.size === 0 ? undefined : replaceNodes(roots, replaced);
}
