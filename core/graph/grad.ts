/**
 * Reverse-mode differentiation of graphs. Gradients are made of the same nodes, so they can be differentiated again.
 *
 * Source: Griewank and Walther, "Evaluating derivatives", 2nd edition, 2008, section 3.2.
 *
 * @module
 */

import { isFloat } from "../dtype.ts";
import { Tensor } from "../tensor.ts";
import { type Node, topological } from "./node.ts";
import { isKind, isTuple, makeNode, ruleOf, type SinglePrimitive, type TuplePrimitive } from "./ops.ts";
import { atPlaceOf } from "./places.ts";
import { dependents, inlineGraph } from "./rewrite.ts";
import type { Cotangents, Differentiation } from "./rule.ts";

const differentiation: Differentiation = {
  wrap: (node) => new Tensor(node),
  inline: (graph, inputs) => inlineGraph(graph, inputs.map(({ node }) => node)).map((node) => new Tensor(node)),
  pull,
};

/** Cotangents in the backward pass; those of the same node are summed. */
class Backward {
  readonly #cotangents = new Map<Node, Tensor>();
  readonly #tuples = new Map<Node, (Tensor | null)[]>();

  constructor(readonly relevant: ReadonlySet<Node>) {}

  add(node: Node, cotangent: Tensor | null): void {
    if (!cotangent || !this.relevant.has(node) || !isFloat(node.dtype)) return;
    const old = this.#cotangents.get(node);
    this.#cotangents.set(node, old ? old.add(cotangent) : cotangent);
  }

  take(node: Node): Tensor | null {
    return this.#cotangents.get(node) ?? null;
  }

  step(node: Node): void {
    if (isTuple(node)) return this.#tupleStep(node);
    const cotangent = this.#cotangents.get(node);
    if (!cotangent || node.inputs.length === 0) return;
    if (isKind(node, "pick")) return this.#pick(node, cotangent);
    const { vjp } = ruleOf(node as Node<SinglePrimitive>);
    if (!vjp) return;
    const inputs = node.inputs.map((input) => new Tensor(input));
    const { attributes } = node as Node<SinglePrimitive>;
    this.#spread(node, vjp(cotangent, inputs, { output: new Tensor(node), attributes }));
  }

  #pick(node: Node<"pick">, cotangent: Tensor): void {
    const [tuple] = node.inputs;
    let list = this.#tuples.get(tuple);
    if (!list) this.#tuples.set(tuple, list = tuple.results!.map(() => null));
    list[node.attributes.index] = cotangent;
  }

  #tupleStep(node: Node<TuplePrimitive>): void {
    const cotangents = this.#tuples.get(node);
    if (!cotangents) return;
    const inputs = node.inputs.map((input) => new Tensor(input));
    const outputs = node.results!.map((_, index) => new Tensor(makeNode("pick", [node], { index })));
    const { attributes } = node;
    this.#spread(node, ruleOf(node).vjpOf(cotangents, { inputs, outputs, attributes }, differentiation));
  }

  #spread(node: Node, cotangents: Cotangents): void {
    node.inputs.forEach((input, i) => this.add(input, cotangents[i]));
  }
}

/**
 * Returns the cotangents of `sources`, given those of `targets`: Σ cotangent · ∂target/∂source. Null for a source on
 * which no target depends through floating-point numbers.
 */
export function pull(
  targets: readonly Tensor[],
  cotangents: Cotangents,
  sources: readonly Tensor[],
): (Tensor | null)[] {
  const roots = targets.map(({ node }) => node);
  const relevant = dependents(roots, sources.map(({ node }) => node));
  const backward = new Backward(relevant);
  roots.forEach((root, i) => backward.add(root, cotangents[i] ?? null));
  for (const node of topological(roots).reverse()) {
    if (relevant.has(node)) atPlaceOf(node, () => backward.step(node));
  }
  return sources.map(({ node }) => backward.take(node));
}
