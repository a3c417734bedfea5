/**
 * The gradient of a scan: a scan in the opposite direction.
 *
 * The forward loop is extended by stacks of the values that the backward loop needs: the carries and the results of
 * products and reductions. Elementwise values are computed again. Gradients of constants that are sums of products over
 * time (those of weights) or sums (those of biases) are moved out of the loop: their factors are stacked, and one
 * product over all iterations follows.
 *
 * @module
 */

import type { Tensor } from "../../tensor.ts";
import type { ScanAttributes } from "../attributes.ts";
import { type Graph, isNode, type Node, parameter, topological } from "../node.ts";
import { rewrite } from "../rewrite.ts";
import type { AppliedTuple, Cotangents, Differentiation } from "../rule.ts";
import { BackwardLoop, type Sources } from "./backward_loop.ts";
import { contractions } from "./contraction.ts";
import { indexed } from "./indexed.ts";
import { reductions } from "./reduction.ts";

/** One iteration of the backward loop, in terms of the forward loop's parameters. */
interface BackwardStep {
  readonly forward: readonly Tensor[];
  readonly parameters: readonly Tensor[];
  /** Cotangents that enter the iteration: of each new carry, then of each output (null if there is none). */
  readonly incoming: Cotangents;
  readonly gradients: Cotangents;
}

function differentiateStep(
  cotangents: Cotangents,
  { body, carries }: ScanAttributes,
  { inline, pull, wrap }: Differentiation,
): BackwardStep {
  const parameters = body.parameters.map((old, i) => wrap(parameter(i, old)));
  const forward = inline(body, parameters);
  const incoming = forward.map((result, i) =>
    result.dtype === "f32" && (i < carries || cotangents[i]) ? wrap(parameter(i, result)) : null
  );
  return { forward, parameters, incoming, gradients: pull(forward, incoming, parameters) };
}

/**
 * Whether the forward loop passes a value to the backward loop: arguments, and values that are expensive to recompute.
 */
function isHandedOver(node: Node): boolean {
  const { op } = node;
  return isNode(node, "parameter") || isNode(node, "pick") || op in reductions || op in contractions || op in indexed;
}

/**
 * Splits the nodes that the backward iteration uses into those that it computes again and those that are passed to it.
 */
class Residuals {
  /** New parameters of the backward body, by the forward nodes they stand for. */
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
      if (!this.#forward.has(node) || !isHandedOver(node) || !node.traced) return undefined;
      const fresh = parameter(this.handed.size, node);
      this.handed.set(node, fresh);
      return fresh;
    });
  }
}

/** Runs the forward loop with the stacks that the backward loop needs. */
function handOver(
  step: BackwardStep,
  handed: ReadonlyMap<Node, Node>,
  { inputs, attributes }: Pick<AppliedTuple<"scan">, "inputs" | "attributes">,
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

const dropped = (list: Cotangents): Tensor[] => list.filter((tensor): tensor is Tensor => tensor !== null);

/**
 * The gradients of one iteration; zeros for a carry that nothing depends on, because the loop needs a value for each
 * carry.
 */
function wantedOf({ gradients, incoming, parameters }: BackwardStep, carries: number): (Node | null)[] {
  return gradients.map((gradient, i) => {
    if (i < carries) return incoming[i] ? (gradient ?? parameters[i].zerosLike()).node : null;
    return gradient?.node ?? null;
  });
}

/** The cotangents of all inputs of a scan. */
export function scanGradient(
  cotangents: Cotangents,
  { inputs, attributes }: AppliedTuple<"scan">,
  differentiation: Differentiation,
): Cotangents {
  const { carries, length } = attributes;
  const step = differentiateStep(cotangents, attributes, differentiation);
  const wanted = wantedOf(step, carries);
  const residuals = new Residuals(step);
  const roots = wanted.filter((node): node is Node => node !== null);
  const cut = residuals.cut(roots);
  const rewritten = wanted.map((node) => node && cut[roots.indexOf(node)]);
  const sources = handOver(step, residuals.handed, { inputs, attributes });

  const back = new BackwardLoop(rewritten, sources, attributes);
  const initial = dropped(
    inputs.slice(0, carries).map((input, i) => step.incoming[i] && (cotangents[i] ?? input.zerosLike())),
  );
  const sums = back.accumulated.map((i) => inputs[i].zerosLike());
  const given = dropped(cotangents.map((cotangent, i) => i >= carries && step.incoming[i] ? cotangent : null));
  const all = [...initial, ...sums, ...given, ...sources.stacked.values(), ...sources.constant.values()];
  if (all.length === 0) return inputs.map(() => null);
  const incoming = dropped(step.incoming).map(({ node }) => node);
  const results = all[0].applyTuple("scan", all.slice(1), {
    body: back.body(incoming.slice(0, initial.length), incoming.slice(initial.length)),
    length,
    carries: initial.length + sums.length,
    stacked: given.length + sources.stacked.size,
    reverse: !attributes.reverse,
  });
  return back.collect(results, differentiation.wrap);
}
