/**
 * Programs: graphs with arguments. They run operation by operation or compiled, with checkpoints or without them.
 *
 * @module
 */

import { type Graph, isNode, type Node, topological } from "../../../core/graph/node.ts";
import { isKind, isTuple, makeNode, ruleOf, type SinglePrimitive } from "../../../core/graph/ops.ts";
import { settle, settleTuple, staged } from "../../../core/runtime.ts";
import { Tensor } from "../../../core/tensor.ts";
import type { Argument, Computation } from "../../oracle.ts";

/** A graph and the arguments to call it with. */
export interface Program {
  readonly graph: Graph;
  readonly inputs: readonly Argument[];
}

/** All nodes of a graph, those of its bodies included. */
export function allNodes({ results }: Graph): Node[] {
  return topological(results).flatMap((node) => isTuple(node) ? [node, ...allNodes(node.attributes.body)] : [node]);
}

/** The nodes that compute something: neither given, nor the choice among several results. */
export function computingNodes(graph: Graph): Node[] {
  return allNodes(graph).filter((node) => !isKind(node, "source") && !isKind(node, "pick"));
}

/** The length of the longest chain of nodes, those of bodies included. */
export function depthOf({ results }: Graph): number {
  const depths = new Map<Node, number>();
  for (const node of topological(results)) {
    const own = isTuple(node) ? depthOf(node.attributes.body) : isKind(node, "source") || isKind(node, "pick") ? 0 : 1;
    depths.set(node, own + Math.max(0, ...node.inputs.map((input) => depths.get(input)!)));
  }
  return Math.max(0, ...results.map((node) => depths.get(node)!));
}

interface ReplayOptions {
  /** Whether what checkpoints recompute becomes part of the graph around them. */
  readonly inline?: boolean;
}

function applyTuple(node: Node<"scan" | "checkpoint">, inputs: readonly Node[], options: ReplayOptions): Tensor[] {
  const { body } = node.attributes;
  const attributes = options.inline ? ruleOf(node).withBody(node.attributes as never, inlined(body)) : node.attributes;
  const tuple = makeNode(node.op, inputs, attributes);
  return settleTuple(tuple.results!.map((_, index) => makeNode("pick", [tuple], { index }))).map((one) =>
    new Tensor(one)
  );
}

/** Applies the operations of a graph, one after the other. */
function replay(graph: Graph, inputs: readonly Tensor[], options: ReplayOptions = {}): Tensor[] {
  const known = new Map<Node, Tensor>(graph.parameters.map((node, i) => [node, inputs[i]]));
  const tuples = new Map<Node, Tensor[]>();
  for (const node of topological(graph.results)) {
    if (known.has(node)) continue;
    if (isKind(node, "pick")) {
      known.set(node, tuples.get(node.inputs[0])![node.attributes.index]);
      continue;
    }
    const given = node.inputs.map((input) => known.get(input)!);
    if (!isTuple(node)) {
      const { op, attributes } = node as Node<SinglePrimitive>;
      known.set(node, new Tensor(settle(makeNode(op, given.map((one) => one.node), attributes))));
    } else if (options.inline && isNode(node, "checkpoint")) {
      tuples.set(node, replay(node.attributes.body, given, options));
    } else tuples.set(node, applyTuple(node, given.map((one) => one.node), options));
  }
  return graph.results.map((node) => known.get(node)!);
}

/** The function of a graph. Called with tensors that are known, it computes one operation after the other. */
export function computationOf(graph: Graph): Computation {
  return (...inputs) => replay(graph, inputs);
}

function inlined(graph: Graph): Graph {
  const tensors = staged(() => replay(graph, graph.parameters.map((node) => new Tensor(node)), { inline: true }));
  return { parameters: graph.parameters, results: tensors.map(({ node }) => node) };
}

/** The graph without checkpoints: what they recompute is kept instead. */
export function withoutCheckpoints(graph: Graph): Graph {
  return inlined(graph);
}
