/**
 * The interpreter in double precision, with a function that may change each value as soon as it is computed.
 *
 * @module
 */

import { type Graph, isNode, type Node, topological } from "../../../core/graph/node.ts";
import { isKind, isTuple, ruleOf, type SinglePrimitive } from "../../../core/graph/ops.ts";
import type { Reference } from "../../../core/graph/rule.ts";

/** Computes a node with one result. `exactly` does it as its rule says. */
export type Evaluate = (
  node: Node<SinglePrimitive>,
  inputs: readonly Reference[],
  exactly: (inputs: readonly Reference[]) => Float64Array,
) => Float64Array;

const asTheRuleSays: Evaluate = (_, inputs, exactly) => exactly(inputs);

/** The values of nodes that were computed before. */
export type Known = Map<Node, Reference>;

/** Computes nodes and everything that they depend on. */
export function evaluateInto(known: Known, roots: readonly Node[], by: Evaluate = asTheRuleSays): Reference[] {
  const tuples = new Map<Node, Reference[]>();
  const run = (body: Graph, given: readonly Reference[]): Reference[] => evaluate(body, given, by);
  for (const node of topological(roots)) {
    if (known.has(node)) continue;
    if (isNode(node, "data")) known.set(node, held(node));
    else if (isKind(node, "pick")) {
      const [tuple] = node.inputs;
      const inputs = tuple.inputs.map((input) => known.get(input)!);
      if (!tuples.has(tuple) && isTuple(tuple)) {
        tuples.set(tuple, ruleOf(tuple).evaluateAll(inputs, tuple.attributes, run));
      }
      known.set(node, tuples.get(tuple)![node.attributes.index]);
    } else if (!isTuple(node)) {
      const single = node as Node<SinglePrimitive>;
      const inputs = node.inputs.map((input) => known.get(input)!);
      const exactly = (given: readonly Reference[]) => ruleOf(single).evaluate(given, single.attributes, single);
      known.set(node, { shape: node.shape, values: by(single, inputs, exactly) });
    }
  }
  return roots.map((root) => known.get(root)!);
}

/** The results of a graph in double precision. The tensors that it holds must be on the host. */
export function evaluate(graph: Graph, inputs: readonly Reference[], by?: Evaluate): Reference[] {
  return evaluateInto(new Map(graph.parameters.map((node, i) => [node, inputs[i]])), graph.results, by);
}

function held({ shape, attributes: { storage } }: Node<"data">): Reference {
  const values = storage.onHost;
  if (!values) throw new TypeError("Cannot evaluate a program that holds a tensor which is not on the host");
  return { shape, values: Float64Array.from(values) };
}
