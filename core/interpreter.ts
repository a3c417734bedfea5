/**
 * Computes a graph in double precision, node by node: the oracle that every device is tested against.
 *
 * @module
 */

import { type Graph, isNode, type Node, topological } from "./graph/node.ts";
import { isTuple, ruleOf, type SinglePrimitive, tupleOps } from "./graph/ops.ts";
import type { Reference, Rule, TupleRule } from "./graph/rule.ts";

function evaluateSingle(node: Node, inputs: readonly Reference[]): Reference {
  const rule = ruleOf(node.op as SinglePrimitive) as Rule<SinglePrimitive>;
  return { shape: node.shape, values: rule.evaluate(inputs, node.attributes as never, node as never) };
}

function evaluateTuple(
  node: Node,
  inputs: readonly Reference[],
  data: (node: Node<"data">) => Reference,
): Reference[] {
  const rule = tupleOps[node.op as "scan"] as TupleRule<"scan">;
  return rule.evaluateAll(inputs, node.attributes as never, (body, given) => interpret(body, given, data));
}

/** The results of a graph for these arguments. Tensors from outside (`data` nodes) are given by `data`. */
export function interpret(
  graph: Graph,
  parameters: readonly Reference[],
  data: (node: Node<"data">) => Reference = () => {
    throw new TypeError("Cannot interpret a graph that holds tensors: give their values by `data`");
  },
): Reference[] {
  const values = new Map<Node, Reference>(graph.parameters.map((node, i) => [node, parameters[i]]));
  const tuples = new Map<Node, Reference[]>();
  for (const node of topological(graph.results)) {
    if (values.has(node)) continue;
    if (isNode(node, "data")) values.set(node, data(node));
    else if (isNode(node, "pick")) values.set(node, tuples.get(node.inputs[0])![node.attributes.index]);
    else {
      const inputs = node.inputs.map((input) => values.get(input)!);
      if (isTuple(node.op)) tuples.set(node, evaluateTuple(node, inputs, data));
      else values.set(node, evaluateSingle(node, inputs));
    }
  }
  return graph.results.map((node) => values.get(node)!);
}
