/**
 * The gradient of a scan: a scan that runs the other way.
 *
 * The forward loop is extended by stacks of what the backward loop needs: the carries and the results of products and
 * reductions; elementwise values are computed again. Gradients of constants that are sums of products over time (those of
 * weights) or sums (those of biases) leave the loop: their factors are stacked, and one product over all steps follows.
 *
 * @module
 */

import type { Tensor } from "../../tensor.ts";
import { type Attributes, type Graph, isNode, type Node, parameter, type Primitive, topological } from "../node.ts";
import { rewrite } from "../rewrite.ts";
import type { Cotangents, Differentiation } from "../rule.ts";

/** A constant's gradient as a function of stacks over time. */
interface Hoisted {
  readonly stacks: readonly Node[];
  finish(stacks: readonly Tensor[]): Tensor;
}

const linear = new Set<Primitive>(["reshape", "permute", "expand", "slice", "flip", "neg"]);
const worthKeeping = new Set<Primitive>([
  "sum",
  "prod",
  "maxOf",
  "minOf",
  "argmax",
  "argmin",
  "unwindow",
  "dot",
  "conv",
  "gather",
  "scatterAdd",
  "pick",
]); // deno-fmt-ignore

/** Σ over time of [batch, rows, depth] · [batch, depth, columns] is one product whose depth is time × depth. */
function productOverTime([a, b]: readonly Tensor[]): Tensor {
  const [time, batch, rows, depth] = a.shape;
  const columns = b.shape[3];
  return a.transpose([1, 2, 0, 3]).reshape([batch, rows, time * depth])
    .apply("dot", [b.transpose([1, 0, 2, 3]).reshape([batch, time * depth, columns])], {});
}

function hoist(node: Node): Hoisted[] | null {
  if (isNode(node, "add")) {
    const [a, b] = node.inputs.map(hoist);
    return a && b && [...a, ...b];
  }
  if (isNode(node, "dot")) return [{ stacks: node.inputs, finish: productOverTime }];
  if (isNode(node, "sum")) {
    const axis = [0, ...node.attributes.axes.map((one) => one + 1)];
    return [{ stacks: node.inputs, finish: ([x]) => x.sum({ axis }) }];
  }
  if (!linear.has(node.op)) return null;
  return hoist(node.inputs[0])?.map(({ stacks, finish }) => ({
    stacks,
    finish: (tensors) => finish(tensors).apply(node.op, [], node.attributes),
  })) ?? null;
}

/** One step of the backward loop, written over the forward loop's parameters. */
interface BackwardStep {
  readonly forward: readonly Tensor[];
  readonly parameters: readonly Tensor[];
  /** Cotangents that enter the step: of each new carry, then of each output (null where there is none). */
  readonly incoming: Cotangents;
  readonly gradients: Cotangents;
}

function differentiateStep(
  cotangents: Cotangents,
  { body, carries }: Attributes["scan"],
  { inline, pull, wrap }: Differentiation,
): BackwardStep {
  const parameters = body.parameters.map((old, i) => wrap(parameter(i, old)));
  const forward = inline(body, parameters);
  const incoming = forward.map((result, i) =>
    result.dtype === "f32" && (i < carries || cotangents[i]) ? wrap(parameter(i, result)) : null
  );
  return { forward, parameters, incoming, gradients: pull(forward, incoming, parameters) };
}

/** Splits the nodes that the backward step uses into what it computes again and what is handed to it. */
class Residuals {
  /** New parameters of the backward body by the forward nodes they stand for. */
  readonly handed = new Map<Node, Node>();
  readonly #forward: ReadonlySet<Node>;
  readonly #own: ReadonlySet<Node>;

  constructor(step: BackwardStep) {
    this.#forward = new Set(topological(step.forward.map(({ node }) => node)));
    this.#own = new Set(step.incoming.flatMap((cotangent) => cotangent ? [cotangent.node] : []));
  }

  cut(roots: readonly Node[]): Node[] {
    return rewrite(roots, (node) => {
      if (this.#own.has(node)) return node;
      const handed = this.handed.get(node);
      if (handed) return handed;
      if (!this.#forward.has(node) || (node.op !== "parameter" && !worthKeeping.has(node.op))) return undefined;
      if (!node.traced) return undefined;
      const fresh = parameter(this.handed.size, node);
      this.handed.set(node, fresh);
      return fresh;
    });
  }
}

/** Where each handed value comes from: a stacked tensor, or a constant. */
interface Sources {
  readonly stacked: Map<Node, Tensor>;
  readonly constant: Map<Node, Tensor>;
}

/** Runs the forward loop with the stacks that the backward loop asks for. */
function handOver(
  step: BackwardStep,
  handed: ReadonlyMap<Node, Node>,
  inputs: readonly Tensor[],
  attributes: Attributes["scan"],
): Sources {
  const { carries, stacked } = attributes;
  const sources: Sources = { stacked: new Map(), constant: new Map() };
  const residuals: Node[] = [];
  for (const [node, fresh] of handed) {
    const position = step.parameters.findIndex((parameter) => parameter.node === node);
    if (position >= carries + stacked) sources.constant.set(fresh, inputs[position]);
    else if (position >= carries) sources.stacked.set(fresh, inputs[position]);
    else residuals.push(node);
  }
  if (residuals.length === 0) return sources;
  const body: Graph = {
    parameters: step.parameters.map(({ node }) => node as Node<"parameter">),
    results: [...step.forward.map(({ node }) => node), ...residuals],
  };
  const results = inputs[0].applyTuple("scan", inputs.slice(1), {
    ...attributes,
    body,
    extends: attributes,
  });
  residuals.forEach((node, i) => sources.stacked.set(handed.get(node)!, results[step.forward.length + i]));
  return sources;
}

/** The node below a chain of reshapes and transpositions, which may as well be done after the loop. */
function unmoved(node: Node): Node {
  return (isNode(node, "reshape") || isNode(node, "permute")) && node.inputs[0].traced ? unmoved(node.inputs[0]) : node;
}

/** The stack of `node`, from the stack of what it is a movement of. */
function movedStack(node: Node, stackOf: (node: Node) => Tensor | undefined): Tensor | undefined {
  const known = stackOf(node);
  if (known) return known;
  const inner = isNode(node, "reshape") || isNode(node, "permute") ? movedStack(node.inputs[0], stackOf) : undefined;
  if (!inner) return undefined;
  if (isNode(node, "permute")) return inner.transpose([0, ...node.attributes.axes.map((axis) => axis + 1)]);
  return inner.reshape([inner.shape[0], ...node.shape]);
}

/** The cotangents of all inputs of a scan. */
export function scanGradient(
  cotangents: Cotangents,
  inputs: readonly Tensor[],
  _outputs: readonly Tensor[],
  attributes: Attributes["scan"],
  differentiation: Differentiation,
): Cotangents {
  const { carries, stacked, length } = attributes;
  const step = differentiateStep(cotangents, attributes, differentiation);
  const { wrap } = differentiation;

  const wanted = step.gradients.map((gradient, i) => {
    if (i < carries) return step.incoming[i] ? (gradient ?? step.parameters[i].zerosLike()).node : null;
    return gradient?.node ?? null;
  });
  const residuals = new Residuals(step);
  const roots = wanted.filter((node): node is Node => node !== null);
  const cut = residuals.cut(roots);
  const rewritten = wanted.map((node) => node && cut[roots.indexOf(node)]);
  const sources = handOver(step, residuals.handed, inputs, attributes);

  const back = new BackwardLoop(rewritten, sources, carries, stacked);
  const dropped = (list: Cotangents): Tensor[] => list.filter((tensor): tensor is Tensor => tensor !== null);
  const initial = inputs.slice(0, carries).map((input, i) => step.incoming[i] && (cotangents[i] ?? input.zerosLike()));
  const sums = back.accumulated.map((i) => inputs[i].zerosLike());
  const given = dropped(cotangents.map((cotangent, i) => i >= carries && step.incoming[i] ? cotangent : null));
  const all = [...dropped(initial), ...sums, ...given, ...sources.stacked.values(), ...sources.constant.values()];
  if (all.length === 0) return inputs.map(() => null);
  const incoming = dropped(step.incoming).map(({ node }) => node);
  const results = all[0].applyTuple("scan", all.slice(1), {
    body: back.body(incoming.slice(0, dropped(initial).length), incoming.slice(dropped(initial).length)),
    length,
    carries: dropped(initial).length + sums.length,
    stacked: given.length + sources.stacked.size,
    reverse: !attributes.reverse,
  });
  return back.collect(results, wrap);
}

/** Lays out the results of the backward body, and finds the gradients among the results of the loop. */
class BackwardLoop {
  /** Inputs whose gradients are summed up in a carry. */
  readonly accumulated: number[] = [];
  readonly #hoisted = new Map<number, Hoisted[]>();
  readonly #sums: Node<"parameter">[];
  readonly #stacks: Node[] = [];

  constructor(
    readonly gradients: readonly (Node | null)[],
    readonly sources: Sources,
    readonly carries: number,
    readonly stacked: number,
  ) {
    gradients.forEach((node, i) => {
      if (!node || i < carries) return;
      if (i < carries + stacked) return this.#stack(node);
      const hoisted = hoist(node);
      if (!hoisted) return void this.accumulated.push(i);
      this.#hoisted.set(i, hoisted);
      hoisted.flatMap(({ stacks }) => stacks).forEach((stack) => this.#stack(stack));
    });
    this.#sums = this.accumulated.map((i) => parameter(i, gradients[i]!));
  }

  #stack(node: Node): void {
    const base = unmoved(node);
    if (!this.sources.stacked.has(base) && !this.#stacks.includes(base)) this.#stacks.push(base);
  }

  get #carried(): Node[] {
    return this.gradients.slice(0, this.carries).filter((node): node is Node => node !== null);
  }

  body(carries: readonly Node[], outputs: readonly Node[]): Graph {
    const add = (a: Node, b: Node): Node => ({
      op: "add",
      inputs: [a, b],
      attributes: {},
      shape: a.shape,
      dtype: a.dtype,
      traced: true,
    });
    const { stacked, constant } = this.sources;
    return {
      parameters: [...carries, ...this.#sums, ...outputs, ...stacked.keys(), ...constant.keys()] as Node<"parameter">[],
      results: [
        ...this.#carried,
        ...this.#sums.map((sum, i) => add(sum, this.gradients[this.accumulated[i]]!)),
        ...this.#stacks,
      ],
    };
  }

  collect(results: readonly Tensor[], wrap: (node: Node) => Tensor): Cotangents {
    const carried = this.#carried.length;
    const first = carried + this.accumulated.length;
    const stackOf = (node: Node): Tensor | undefined =>
      this.sources.stacked.get(node) ?? results[first + this.#stacks.indexOf(node)];
    const stack = (node: Node): Tensor =>
      movedStack(
        node,
        (moved) => this.sources.stacked.has(moved) || this.#stacks.includes(moved) ? stackOf(moved) : undefined,
      )!;
    let next = 0;
    return this.gradients.map((node, i) => {
      if (!node) return null;
      if (i < this.carries) return results[next++];
      if (i < this.carries + this.stacked) return wrap(stack(node).node);
      const hoisted = this.#hoisted.get(i);
      if (!hoisted) return results[carried + this.accumulated.indexOf(i)];
      return hoisted.map(({ stacks, finish }) => finish(stacks.map(stack))).reduce((a, b) => a.add(b));
    });
  }
}
