/**
 * Makes a graph smaller without changing what it computes: equal nodes become one, known values are computed now, and
 * operations without effect are dropped. The rewrites of single nodes are in the table of `rewrites.ts`.
 *
 * @module
 */

import { withDerivedSums } from "./derived_sums.ts";
import { Interner } from "./interner.ts";
import { type Graph, isNode, type Node, topological } from "../node.ts";
import { isKind, isTuple, makeNode, ruleOf, type TuplePrimitive } from "../ops.ts";
import type { Rewrite } from "./pattern.ts";
import { withBlockedVariances } from "./blocked_variances.ts";
import { withoutRepeatedChecks } from "./repeated_checks.ts";
import { withRectifiedMasks } from "./rectified_masks.ts";
import { placedLike, replaceNodes } from "./replace.ts";
import { inlineGraph, withInputs } from "../rewrite.ts";
import { rewrites } from "./rewrites.ts";

/**
 * Returns `roots` with the results of checkpoints computed by copies of their bodies. A body that is inlined twice,
 * forward and backward, becomes two copies whose scans have the same attributes but different inputs.
 */
function withInlinedBodies(roots: readonly Node[]): Node[] {
  const order = topological(roots);
  if (!order.some(isInlinedTuple)) return [...roots];
  const done = new Map<Node, Node>();
  const results = new Map<Node, Node[]>();
  for (const node of order) {
    const inputs = node.inputs.map((input) => done.get(input)!);
    if (isInlinedTuple(node)) {
      results.set(node, inlineGraph(node.attributes.body, inputs));
      done.set(node, node);
      continue;
    }
    const inlined = isKind(node, "pick") ? results.get(node.inputs[0])?.[node.attributes.index] : undefined;
    done.set(node, inlined ?? withInputs(node, inputs));
  }
  // Bodies may contain others.
  return withInlinedBodies(roots.map((root) => done.get(root)!));
}

function isInlinedTuple(node: Node): node is Node<TuplePrimitive> {
  return isTuple(node) && ruleOf(node).isInlined;
}

/** Scans, by the attributes of the scans that they make unnecessary. */
function extensions(order: readonly Node[]): Map<object, Node[]> {
  const found = new Map<object, Node[]>();
  for (const node of order) {
    if (!isNode(node, "scan") || !node.attributes.extends) continue;
    found.set(node.attributes.extends, [...found.get(node.attributes.extends) ?? [], node]);
  }
  return found;
}

class Simplifier {
  readonly #interner = new Interner();
  readonly #bodies = new Map<Graph, Graph>();
  readonly #done = new Map<Node, Node>();
  /** Nodes that no rewrite matches any more. */
  readonly #simple = new Set<Node>();

  readonly #rewrites: readonly Rewrite[];

  constructor(readonly extended: ReadonlyMap<object, readonly Node[]>, readonly more: readonly Rewrite[]) {
    this.#rewrites = [...Object.values(rewrites), ...more];
  }

  /** Returns `roots` simplified. */
  roots(roots: readonly Node[]): Node[] {
    const nodes = this.#nodes(roots);
    const { asked } = this.#interner;
    return asked.size === 0 ? nodes : replaceNodes(nodes, asked);
  }

  #nodes(roots: readonly Node[]): Node[] {
    for (const node of topological(roots)) {
      if (!this.#done.has(node)) this.#done.set(node, this.#node(node));
    }
    return roots.map((root) => this.#done.get(root)!);
  }

  #node(node: Node): Node {
    if (isKind(node, "pick")) return this.#pick(node);
    const current = withInputs(node, node.inputs.map((input) => this.#done.get(input)!));
    return this.#settle(isTuple(current) ? this.#withSimpleBody(current) : current);
  }

  /** Rewrites a node and its replacements until nothing matches. */
  #settle(node: Node): Node {
    if (this.#simple.has(node)) return node;
    const current = withInputs(node, node.inputs.map((input) => this.#settle(input)));
    for (const rewrite of this.#rewrites) {
      const better = rewrite(current);
      if (better) return this.#settle(placedLike(current, better));
    }
    const known = this.#interner.intern(current);
    this.#simple.add(known);
    return known;
  }

  #pick(node: Node<"pick">): Node {
    const { index } = node.attributes;
    let [tuple] = node.inputs;
    for (let longer = this.#longer(tuple); longer; longer = this.#longer(tuple)) tuple = longer;
    return this.#settle(makeNode("pick", this.#nodes([tuple]), { index }));
  }

  /**
   * A scan with the results of this one and more. Both were made with the same inputs. Others that extend the same
   * attributes belong to another copy of an inlined body, and their inputs may depend on this scan.
   */
  #longer(tuple: Node): Node | undefined {
    return this.extended.get(tuple.attributes)?.find(({ inputs }) =>
      inputs.every((input, i) => input === tuple.inputs[i])
    );
  }

  #withSimpleBody(node: Node<TuplePrimitive>): Node {
    const { withBody } = ruleOf(node);
    const { body } = node.attributes;
    let simple = this.#bodies.get(body);
    if (!simple) this.#bodies.set(body, simple = simplify(body, this.more));
    return { ...node, attributes: withBody(node.attributes, simple) };
  }
}

/** Returns an equal graph with fewer nodes. `more` are rewrites in addition to those of the table. */
export function simplify(graph: Graph, more: readonly Rewrite[] = []): Graph {
  let results = simplified(withInlinedBodies(graph.results), more);
  // Only the simplified graph shows what is computed, and then other nodes may have become equal.
  for (const pass of [withoutRepeatedChecks, withDerivedSums, withBlockedVariances, withRectifiedMasks]) {
    const better = pass(results);
    if (better) results = simplified(better, more);
  }
  return { parameters: graph.parameters, results };
}

function simplified(roots: readonly Node[], more: readonly Rewrite[]): Node[] {
  return new Simplifier(extensions(topological(roots)), more).roots(roots);
}
