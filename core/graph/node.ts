/**
 * The graph: immutable nodes, each a primitive applied to other nodes.
 *
 * A node says what is computed, and the shape and element type of the result. It does not say how. A graph consists of
 * its results and of the parameters that they are functions of.
 *
 * @module
 */

import type { DType } from "../dtype.ts";
import { type Shape, showShape } from "../shape.ts";
import type { Attributes, Primitive } from "./attributes.ts";

/** Shape and element type: what is known about a value before it is computed. */
export interface ValueType {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** One application of a primitive. */
export interface Node<P extends Primitive = Primitive> extends ValueType {
  readonly op: P;
  readonly inputs: readonly Node[];
  readonly attributes: Attributes[P];
  /** Whether the value depends on a parameter, so that it is not known yet. */
  readonly traced: boolean;
  /** The types of all results, for primitives with several; `pick` takes one out. */
  readonly results?: readonly ValueType[];
  /** Where the operation was applied, if this is recorded. */
  readonly place?: string | null;
}

/** A function: results, and the parameters that they depend on. */
export interface Graph {
  readonly parameters: readonly Node<"parameter">[];
  readonly results: readonly Node[];
}

/** Narrows a node to those of one primitive. */
export function isNode<P extends Primitive>(node: Node, op: P): node is Node<P> {
  return node.op === op;
}

/** Creates a new parameter. */
export function parameter(index: number, type: ValueType): Node<"parameter"> {
  const attributes = { index, shape: type.shape, dtype: type.dtype };
  return { op: "parameter", inputs: [], attributes, shape: type.shape, dtype: type.dtype, traced: true };
}

/** Returns all nodes that `roots` depend on, each once, inputs before users. */
export function topological(roots: readonly Node[]): Node[] {
  const order: Node[] = [];
  const seen = new Set<Node>();
  // An explicit stack: unrolled loops make graphs deeper than the call stack.
  const stack: [Node, number][] = [];
  for (const root of roots) {
    if (seen.has(root)) continue;
    seen.add(root);
    stack.push([root, 0]);
    while (stack.length > 0) {
      const top = stack[stack.length - 1];
      const [node, next] = top;
      if (next === node.inputs.length) {
        order.push(node);
        stack.pop();
        continue;
      }
      top[1]++;
      const input = node.inputs[next];
      if (!seen.has(input)) {
        seen.add(input);
        stack.push([input, 0]);
      }
    }
  }
  return order;
}

/** Returns a type as text, such as `f32[32, 10]`. */
export function showType({ shape, dtype }: ValueType): string {
  return `${dtype}${showShape(shape)}`;
}

/** Returns a type as text that differs for all types, for keys. */
export function typeKey({ shape, dtype }: ValueType): string {
  return `${dtype}[${shape.join(", ")}]`;
}

/** Returns the graph as text, one line per node. */
export function showGraph(graph: Graph): string {
  const names = new Map<Node, string>();
  const lines = topological([...graph.parameters, ...graph.results]).map((node, i) => {
    names.set(node, `%${i}`);
    const inputs = node.inputs.map((input) => names.get(input)).join(", ");
    return `%${i} = ${node.op}(${inputs})${showAttributes(node)} : ${showType(node)}`;
  });
  return [...lines, `return ${graph.results.map((node) => names.get(node)).join(", ")}`].join("\n");
}

function showAttributes(node: Node): string {
  const entries = Object.entries(node.attributes).filter(([key, value]) =>
    !["shape", "dtype", "ofCotangents"].includes(key) && (typeof value !== "object" || Array.isArray(value))
  );
  return entries.length === 0
    ? ""
    : ` {${entries.map(([key, value]) => `${key}: ${JSON.stringify(value)}`).join(", ")}}`;
}
