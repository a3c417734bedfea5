/**
 * Reverse-mode differentiation of graphs. Gradients are made of the same nodes, so they can be differentiated again.
 *
 * Source: Griewank and Walther, "Evaluating derivatives", 2nd edition, 2008, section 3.2.
 *
 * @module
 */

import { isFloat } from "../dtype.ts";
import { Tensor } from "../tensor.ts";
import { type Attributes, isNode, type Node, type Primitive, topological } from "./node.ts";
import { isTuple, ruleOf, tupleOps } from "./ops.ts";
import { dependents, inlineGraph } from "./rewrite.ts";
import type { Cotangents, Differentiation, Rule, TupleRule } from "./rule.ts";

const differentiation: Differentiation = {
  wrap: (node) => new Tensor(node),
  inline: (graph, inputs) => inlineGraph(graph, inputs.map(({ node }) => node)).map((node) => new Tensor(node)),
  pull,
};

/** Cotangents on their way back, summed where several meet. */
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
    if (isTuple(node.op)) return this.#tupleStep(node, node.op);
    const cotangent = this.#cotangents.get(node);
    if (!cotangent || node.inputs.length === 0) return;
    if (isNode(node, "pick")) return this.#pick(node, cotangent);
    const { vjp } = ruleOf(node.op as "add") as Rule<"add">;
    if (!vjp) return;
    const inputs = node.inputs.map((input) => new Tensor(input));
    this.#spread(node, vjp(cotangent, inputs, new Tensor(node), node.attributes as Attributes["add"]));
  }

  #pick(node: Node<"pick">, cotangent: Tensor): void {
    const [tuple] = node.inputs;
    let list = this.#tuples.get(tuple);
    if (!list) this.#tuples.set(tuple, list = tuple.results!.map(() => null));
    list[node.attributes.index] = cotangent;
  }

  #tupleStep<P extends "scan" | "checkpoint">(node: Node, op: P): void {
    const cotangents = this.#tuples.get(node);
    if (!cotangents) return;
    const outputs = node.results!.map((type, index) =>
      new Tensor({
        op: "pick",
        inputs: [node],
        attributes: { index },
        shape: type.shape,
        dtype: type.dtype,
        traced: node.traced,
      })
    );
    const rule: TupleRule<P> = tupleOps[op];
    const inputs = node.inputs.map((input) => new Tensor(input));
    this.#spread(node, rule.vjpOf(cotangents, inputs, outputs, node.attributes as Attributes[P], differentiation));
  }

  #spread(node: Node, cotangents: Cotangents): void {
    node.inputs.forEach((input, i) => this.add(input, cotangents[i]));
  }
}

/**
 * Cotangents of `sources` from those of `targets`: Σ cotangent · ∂target/∂source. Null for a source that no target
 * depends on by way of floating-point numbers.
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
  for (const node of topological(roots).reverse()) if (relevant.has(node)) backward.step(node);
  return sources.map(({ node }) => backward.take(node));
}

/** The names of primitives that have no gradient. */
export function withoutGradient(names: readonly Primitive[]): Primitive[] {
  return names.filter((name) => !isTuple(name) && name !== "pick" && ruleOf(name).vjp === null);
}
