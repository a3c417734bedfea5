/**
 * Computes a graph in double precision, node by node. Every device is tested against it.
 *
 * @module
 */

import { type Graph, isNode, type Node, topological } from "./graph/node.ts";
import { isKind, isTuple, ruleOf, type SinglePrimitive } from "./graph/ops.ts";
import type { Reference } from "./graph/rule.ts";

function evaluateSingle(node: Node<SinglePrimitive>, inputs: readonly Reference[]): Reference {
  return { shape: node.shape, values: ruleOf(node).evaluate(inputs, node.attributes, node) };
}

/** Returns the results of a graph for these arguments. `data` has the values of tensors from outside (`data` nodes). */
export function interpret(
  graph: Graph,
  parameters: readonly Reference[],
  data: (node: Node<"data">) => Reference = () => {
    throw new TypeError("Cannot interpret a graph that holds tensors: pass their values as `data`");
  },
): Reference[] {
  const values = new Map<Node, Reference>(graph.parameters.map((node, i) => [node, parameters[i]]));
  const tuples = new Map<Node, Reference[]>();
  const run = (body: Graph, given: readonly Reference[]): Reference[] => interpret(body, given, data);
  for (const node of topological(graph.results)) {
    if (values.has(node)) continue;
    if (isNode(node, "data")) values.set(node, data(node));
    else if (isKind(node, "pick")) values.set(node, tuples.get(node.inputs[0])![node.attributes.index]);
    else {
      const inputs = node.inputs.map((input) => values.get(input)!);
      if (isTuple(node)) tuples.set(node, ruleOf(node).evaluateAll(inputs, node.attributes, run));
      else values.set(node, evaluateSingle(node as Node<SinglePrimitive>, inputs));
    }
  }
  return graph.results.map((node) => values.get(node)!);
}
