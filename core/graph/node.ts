/**
 * The graph: immutable nodes, each a primitive applied to other nodes.
 *
 * A node says what is to be computed and of which shape and element type the result is; nothing about how. A graph is
 * the list of its results together with the parameters they are functions of.
 *
 * @module
 */

import type { DType } from "../dtype.ts";
import { type Shape, showShape } from "../shape.ts";
import type { Storage } from "../storage.ts";

/** What is known of a value before it is computed. */
export interface ValueType {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** A primitive without attributes. */
export type None = Readonly<Record<string, never>>;

/** Low and high for each axis. */
export type Pairs = readonly (readonly [number, number])[];

/** The window geometry of the last axes of a tensor. */
export interface WindowAttributes {
  readonly size: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
}

/** The attributes of each primitive; its keys are the names of all primitives. */
export interface Attributes {
  // sources
  parameter: ValueType & { readonly index: number };
  constant: ValueType & { readonly value: number };
  iota: ValueType & { readonly axis: number };
  data: ValueType & { readonly storage: Storage };
  // elementwise, one input
  neg: None;
  abs: None;
  sign: None;
  exp: None;
  log: None;
  sqrt: None;
  sin: None;
  cos: None;
  tanh: None;
  sigmoid: None;
  erf: None;
  floor: None;
  not: None;
  cast: { readonly dtype: DType };
  bitcast: { readonly dtype: DType };
  // elementwise, several inputs
  add: None;
  sub: None;
  mul: None;
  div: None;
  mod: None;
  max: None;
  min: None;
  pow: None;
  lt: None;
  le: None;
  eq: None;
  ne: None;
  and: None;
  or: None;
  xor: None;
  shl: None;
  shr: None;
  where: None;
  threefry: None;
  // movement
  reshape: { readonly shape: Shape };
  permute: { readonly axes: readonly number[] };
  expand: { readonly shape: Shape };
  slice: { readonly start: readonly number[]; readonly stop: readonly number[]; readonly step: readonly number[] };
  pad: { readonly padding: Pairs; readonly value: number };
  flip: { readonly axes: readonly number[] };
  concat: { readonly axis: number };
  window: WindowAttributes;
  stop: None;
  barrier: None;
  clipGradient: { readonly limit: number };
  // reductions
  sum: { readonly axes: readonly number[] };
  prod: { readonly axes: readonly number[] };
  maxOf: { readonly axes: readonly number[] };
  minOf: { readonly axes: readonly number[] };
  argmax: { readonly axes: readonly number[] };
  argmin: { readonly axes: readonly number[] };
  unwindow: WindowAttributes & { readonly shape: Shape };
  // structured
  dot: None;
  conv: ConvAttributes;
  gather: { readonly axis: number };
  scatterAdd: { readonly axis: number };
  scan: ScanAttributes;
  checkpoint: { readonly body: Graph };
  pick: { readonly index: number };
}

/** The geometry of a convolution over the spatial axes. */
export interface ConvAttributes {
  readonly strides: readonly number[];
  /** May be negative: the input is then cut. */
  readonly padding: Pairs;
  readonly dilations: readonly number[];
  /** The input's elements are set this far apart, with zeros between. */
  readonly inputDilations: readonly number[];
}

/**
 * A loop over the leading axis of some inputs. The scan's inputs are the carries, then the stacked inputs, then the
 * constants; the body's parameters are the same with the leading axis taken off the stacked ones. The body's results are
 * the new carries, then the outputs to be stacked. The scan's results are the last carries and the stacked outputs.
 */
export interface ScanAttributes {
  readonly body: Graph;
  readonly length: number;
  readonly carries: number;
  readonly stacked: number;
  /** Runs from the last position of the leading axis to the first. */
  readonly reverse: boolean;
  /** The attributes of a scan whose results are the first results of this one: over the same inputs it need not run besides. */
  readonly extends?: ScanAttributes;
}

/** The name of a primitive. */
export type Primitive = keyof Attributes;

/** One application of a primitive. */
export interface Node<P extends Primitive = Primitive> extends ValueType {
  readonly op: P;
  readonly inputs: readonly Node[];
  readonly attributes: Attributes[P];
  /** Whether the value depends on a parameter, so that it is not known yet. */
  readonly traced: boolean;
  /** The types of all results, for primitives with several; `pick` takes one out. */
  readonly results?: readonly ValueType[];
}

/** A function: results of parameters. */
export interface Graph {
  readonly parameters: readonly Node<"parameter">[];
  readonly results: readonly Node[];
}

/** Narrows a node to those of one primitive. */
export function isNode<P extends Primitive>(node: Node, op: P): node is Node<P> {
  return node.op === op;
}

/** A fresh parameter. */
export function parameter(index: number, type: ValueType): Node<"parameter"> {
  const attributes = { index, shape: type.shape, dtype: type.dtype };
  return { op: "parameter", inputs: [], attributes, shape: type.shape, dtype: type.dtype, traced: true };
}

/** All nodes that `roots` depend on, each once, inputs before users. */
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

/** `f32[32, 10]`. */
export function showType({ shape, dtype }: ValueType): string {
  return `${dtype}${showShape(shape)}`;
}

/** The graph as text, one line a node. */
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
    !["shape", "dtype"].includes(key) && (typeof value !== "object" || Array.isArray(value))
  );
  return entries.length === 0
    ? ""
    : ` {${entries.map(([key, value]) => `${key}: ${JSON.stringify(value)}`).join(", ")}}`;
}
