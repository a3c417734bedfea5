/**
 * Copies of graphs with some nodes replaced.
 *
 * @module
 */

import { type Graph, type Node, topological } from "./node.ts";

/** Returns a node like `node`, with other inputs. */
export function withInputs(node: Node, inputs: readonly Node[]): Node {
  if (inputs.every((input, i) => input === node.inputs[i])) return node;
  return { ...node, inputs, traced: inputs.some(({ traced }) => traced) };
}

/**
 * Returns `roots` with each node replaced by the result of `replace`, from the inputs up. If that is undefined, the
 * node is kept and gets the replaced inputs. Nodes that only replaced nodes depend on are not visited.
 */
export function rewrite(roots: readonly Node[], replace: (node: Node) => Node | undefined): Node[] {
  const done = new Map<Node, Node>();
  const stack = [...roots].reverse();
  while (stack.length > 0) {
    const node = stack[stack.length - 1];
    if (done.has(node)) {
      stack.pop();
      continue;
    }
    const replaced = replace(node);
    const waiting = replaced ? [] : node.inputs.filter((input) => !done.has(input));
    if (waiting.length > 0) {
      stack.push(...waiting.reverse());
      continue;
    }
    stack.pop();
    done.set(node, replaced ?? withInputs(node, node.inputs.map((input) => done.get(input)!)));
  }
  return roots.map((root) => done.get(root)!);
}

/** Returns the results of a graph for these inputs, as nodes. */
export function inlineGraph(graph: Graph, inputs: readonly Node[]): Node[] {
  const given = new Map<Node, Node>(graph.parameters.map((parameter, i) => [parameter, inputs[i]]));
  return rewrite(graph.results, (node) => given.get(node));
}

/** Returns the nodes that depend on any of `sources`, sources included. */
export function dependents(roots: readonly Node[], sources: Iterable<Node>): Set<Node> {
  const found = new Set<Node>(sources);
  for (const node of topological(roots)) {
    if (node.inputs.some((input) => found.has(input))) found.add(node);
  }
  return found;
}
