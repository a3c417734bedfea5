/**
 * Graphs of bodies, which may use values from outside.
 *
 * @module
 */

import { type Graph, type Node, parameter, topological } from "./node.ts";
import { dependents, rewrite } from "./rewrite.ts";

/** Turns the largest parts of a body that do not depend on its parameters into parameters. */
export function closeOver({ parameters, results }: Graph): { graph: Graph; outside: Node[] } {
  const inside = dependents(results, parameters);
  const outside = new Map<Node, Node<"parameter">>();
  for (const node of topological(results)) {
    if (!inside.has(node)) continue;
    for (const input of node.inputs) {
      if (!inside.has(input) && input.traced) outside.set(input, parameter(parameters.length + outside.size, input));
    }
  }
  for (const node of results) {
    if (!inside.has(node) && node.traced) outside.set(node, parameter(parameters.length + outside.size, node));
  }
  return {
    graph: { parameters: [...parameters, ...outside.values()], results: rewrite(results, (node) => outside.get(node)) },
    outside: [...outside.keys()],
  };
}
