/**
 * Makes a graph smaller without changing what it computes: equal nodes become one, what is known is computed now, and
 * what does nothing is dropped.
 *
 * Two rules change rounding, for the better: log(exp(x)) is x, and log(exp(x) / y) or log(exp(x) · 1/y) is x − log(y).
 *
 * @module
 */

import { evaluateScalar } from "../nest/scalar.ts";
import { sameShape } from "../shape.ts";
import { type Attributes, type Graph, isNode, type Node, type Primitive, topological } from "./node.ts";
import { isElementwise, makeNode } from "./ops.ts";
import { inlineGraph, withInputs } from "./rewrite.ts";

/** A rule: what a node becomes, if it applies. */
export type Rewrite = (node: Node) => Node | undefined;

const constant = (node: Node, value: number): Node =>
  makeNode("constant", [], { shape: node.shape, dtype: node.dtype, value });

/** The number that a node is everywhere, if that is known. */
function valueOf(node: Node): number | undefined {
  return isNode(node, "constant") ? node.attributes.value : undefined;
}

/** Operations that do nothing when their second operand is this number. */
const neutralRight: Partial<Record<Primitive, number>> = { add: 0, sub: 0, mul: 1, div: 1, pow: 1, shl: 0, shr: 0 };
const neutralLeft: Partial<Record<Primitive, number>> = { add: 0, mul: 1 };

const dropNeutral: Rewrite = (node) => {
  const [a, b] = node.inputs;
  if (node.op in neutralRight && valueOf(b) === neutralRight[node.op]) return a;
  if (node.op in neutralLeft && valueOf(a) === neutralLeft[node.op]) return b;
  return undefined;
};

/** Elementwise operations and movements of constants are constants. */
const foldConstants: Rewrite = (node) => {
  const values = node.inputs.map(valueOf);
  if (node.inputs.length === 0 || values.includes(undefined)) return undefined;
  if (isElementwise(node)) {
    const value = evaluateScalar(node.op, values as number[], { to: node.dtype, from: node.inputs[0].dtype });
    return constant(node, node.dtype === "f32" ? Math.fround(value) : value);
  }
  if (["reshape", "permute", "expand", "slice", "flip", "window", "concat"].includes(node.op)) {
    return new Set(values).size === 1 ? constant(node, values[0]!) : undefined;
  }
  return undefined;
};

const movements: Rewrite = (node) => {
  const [x] = node.inputs;
  if (isNode(node, "stop") || isNode(node, "clipGradient")) return x;
  if (isNode(node, "reshape")) {
    if (sameShape(x.shape, node.shape)) return x;
    if (isNode(x, "reshape")) return makeNode("reshape", x.inputs, node.attributes);
  }
  if (isNode(node, "expand")) {
    if (sameShape(x.shape, node.shape)) return x;
    if (isNode(x, "expand")) return makeNode("expand", x.inputs, node.attributes);
  }
  if (isNode(node, "permute")) {
    const { axes } = node.attributes;
    if (axes.every((axis, i) => axis === i)) return x;
    if (isNode(x, "permute")) {
      return makeNode("permute", x.inputs, { axes: axes.map((axis) => x.attributes.axes[axis]) });
    }
  }
  if (isNode(node, "slice") && sameShape(x.shape, node.shape)) return x;
  if (isNode(node, "pad") && sameShape(x.shape, node.shape)) return x;
  if (isNode(node, "flip") && isNode(x, "flip") && String(node.attributes.axes) === String(x.attributes.axes)) {
    return x.inputs[0];
  }
  if (isNode(node, "cast") && x.dtype === node.dtype) return x;
  return undefined;
};

/** A reduction over axes of extent 1 only moves. */
const trivialReductions: Rewrite = (node) => {
  if (!isNode(node, "sum") && !isNode(node, "prod") && !isNode(node, "maxOf") && !isNode(node, "minOf")) {
    return undefined;
  }
  const [x] = node.inputs;
  return node.attributes.axes.every((axis) => x.shape[axis] === 1)
    ? makeNode("reshape", [x], { shape: node.shape })
    : undefined;
};

/** What reductions of no elements are. */
const empty: Partial<Record<Primitive, number>> = { sum: 0, prod: 1, dot: 0, conv: 0, unwindow: 0 };

const emptyReductions: Rewrite = (node) => {
  const value = empty[node.op];
  return value !== undefined && node.inputs.some(({ shape }) => shape.includes(0)) ? constant(node, value) : undefined;
};

/** More pieces than these are joined in two halves, of which a kernel may leave one to another. */
const mostPieces = 4;

function joined(pieces: readonly Node[], attributes: Attributes["concat"]): Node {
  if (pieces.length <= mostPieces) return makeNode("concat", pieces, attributes);
  const middle = pieces.length >> 1;
  const halves = [pieces.slice(0, middle), pieces.slice(middle)];
  return makeNode("concat", halves.map((half) => joined(half, attributes)), attributes);
}

const longConcatenations: Rewrite = (node) =>
  isNode(node, "concat") && node.inputs.length > mostPieces ? joined(node.inputs, node.attributes) : undefined;

const choices: Rewrite = (node) => {
  if (!isNode(node, "where")) return undefined;
  const [condition, yes, no] = node.inputs;
  const known = valueOf(condition);
  if (known !== undefined) return known ? yes : no;
  return yes === no ? yes : undefined;
};

const stableLogarithms: Rewrite = (node) => {
  if (!isNode(node, "log")) return undefined;
  const [x] = node.inputs;
  if (isNode(x, "exp")) return x.inputs[0];
  const [top, bottom] = exponentialOver(x);
  return top && bottom && makeNode("sub", [top.inputs[0], logarithmOf(bottom)], {});
};

/** The exponential and what divides it, where `node` is such a quotient, also one by way of a reciprocal. */
function exponentialOver(node: Node): [top: Node<"exp">, bottom: Node | undefined] | [] {
  const [a, b] = node.inputs;
  if (isNode(node, "div")) return isNode(a, "exp") ? [a, b] : [];
  if (!isNode(node, "mul")) return [];
  return isNode(a, "exp") ? [a, inverseOf(b)] : isNode(b, "exp") ? [b, inverseOf(a)] : [];
}

/** y, where `node` is 1 / y or a broadcast of that. */
function inverseOf(node: Node): Node | undefined {
  if (isNode(node, "expand") || isNode(node, "reshape")) {
    const below = inverseOf(node.inputs[0]);
    return below && withInputs(makeNode(node.op, node.inputs, node.attributes), [below]);
  }
  return isNode(node, "div") && valueOf(node.inputs[0]) === 1 ? node.inputs[1] : undefined;
}

/** log(y), below a broadcast where y is one. */
function logarithmOf(y: Node): Node {
  if (isNode(y, "expand") || isNode(y, "reshape")) {
    return withInputs(makeNode(y.op, y.inputs, y.attributes), [logarithmOf(y.inputs[0])]);
  }
  return makeNode("log", [y], {});
}

const doubles: Rewrite = (node) => {
  const [x] = node.inputs;
  return (node.op === "neg" || node.op === "not") && x.op === node.op ? x.inputs[0] : undefined;
};

const rules: readonly Rewrite[] = [
  foldConstants,
  dropNeutral,
  movements,
  choices,
  doubles,
  emptyReductions,
  longConcatenations,
  trivialReductions,
  stableLogarithms,
];

/** Gives equal nodes one identity. */
class Interner {
  readonly #known = new Map<string, Node>();
  readonly #ids = new Map<object, number>();

  #id(thing: object): number {
    let id = this.#ids.get(thing);
    if (id === undefined) this.#ids.set(thing, id = this.#ids.size);
    return id;
  }

  intern(node: Node): Node {
    if (node.op === "parameter") return node;
    const attributes = Object.entries(node.attributes).map(([key, value]) => {
      const identity = key === "body" || key === "storage" || key === "extends";
      return `${key}:${
        identity
          ? this.#id(value as object)
          : JSON.stringify(value, (_, v) =>
            Object.is(v, -0) ? "-0" : v === Infinity ? "inf" : v === -Infinity ? "-inf" : v)
      }`;
    });
    const key = `${node.op}(${node.inputs.map((input) => this.#id(input)).join()}){${attributes.join()}}`;
    const known = this.#known.get(key);
    if (known) return known;
    this.#known.set(key, node);
    return node;
  }
}

/** Scans by the attributes of those that they make unnecessary. */
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
  /** Nodes that no rule fits any more. */
  readonly #simple = new Set<Node>();

  readonly #rules: readonly Rewrite[];

  constructor(readonly extended: ReadonlyMap<object, readonly Node[]>, readonly more: readonly Rewrite[]) {
    this.#rules = [...rules, ...more];
  }

  nodes(roots: readonly Node[]): Node[] {
    for (const node of topological(roots)) {
      if (!this.#done.has(node)) this.#done.set(node, this.#node(node));
    }
    return roots.map((root) => this.#done.get(root)!);
  }

  #node(node: Node): Node {
    if (isNode(node, "pick")) return this.#pick(node);
    const current = withInputs(node, node.inputs.map((input) => this.#done.get(input)!));
    return this.#settle(isNode(current, "scan") ? this.#scan(current) : current);
  }

  /** Applies the rules to a node, and to what they make of it, until none fits. */
  #settle(node: Node): Node {
    if (this.#simple.has(node)) return node;
    const current = withInputs(node, node.inputs.map((input) => this.#settle(input)));
    for (const rule of this.#rules) {
      const better = rule(current);
      if (better) return this.#settle(better);
    }
    const known = this.#interner.intern(current);
    this.#simple.add(known);
    return known;
  }

  #pick(node: Node<"pick">): Node {
    const { index } = node.attributes;
    let [tuple] = node.inputs;
    for (let longer = this.#longer(tuple); longer; longer = this.#longer(tuple)) tuple = longer;
    if (isNode(tuple, "checkpoint")) {
      const inputs = this.nodes(tuple.inputs);
      return this.nodes([inlineGraph(tuple.attributes.body, inputs)[index]])[0];
    }
    return this.#settle(makeNode("pick", this.nodes([tuple]), { index }));
  }

  /** A scan that gives what this one does, and more. */
  #longer(tuple: Node): Node | undefined {
    const inputs = this.nodes(tuple.inputs);
    return this.extended.get(tuple.attributes)?.find((longer) =>
      this.nodes(longer.inputs).every((input, i) => input === inputs[i])
    );
  }

  #scan(node: Node<"scan">): Node {
    const { body, extends: _, ...attributes } = node.attributes;
    let simple = this.#bodies.get(body);
    if (!simple) this.#bodies.set(body, simple = simplify(body, this.more));
    return { ...node, attributes: { ...attributes, body: simple } };
  }
}

/** An equal graph with fewer nodes; `more` are rules besides those that always hold. */
export function simplify(graph: Graph, more: readonly Rewrite[] = []): Graph {
  const simplifier = new Simplifier(extensions(topological(graph.results)), more);
  return { parameters: graph.parameters, results: simplifier.nodes(graph.results) };
}
