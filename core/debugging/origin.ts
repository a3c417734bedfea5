/**
 * The search for the operation that made the first NaN or infinity.
 *
 * @module
 */

import { isNode, type Node, topological } from "../graph/node.ts";
import { isKind, producerOf, ruleOf } from "../graph/ops.ts";
import { severity, type SurveyedGraph } from "./severity.ts";

/** The severities that were computed, by their positions among the results of the whole graph. */
export type Severities = ReadonlyMap<number, ArrayLike<number>>;

/** The first node whose value is worse than those of its inputs. */
export interface Origin {
  readonly node: Node;
  readonly severity: number;
  /** The iterations of the loops around it, outermost first. */
  readonly turns: readonly number[];
}

/** A graph within the loops around it, at one of their iterations. */
interface Position {
  /** The position of its first result among those of the whole graph. */
  readonly first: number;
  readonly turns: readonly number[];
  /** The position of the iteration in a severity. */
  readonly offset: number;
}

/** The severities of the nodes of one graph, in one iteration of the loops around it. */
class Survey {
  readonly #known = new Map<Node, number>();

  constructor(
    readonly surveyed: SurveyedGraph,
    readonly severities: Severities,
    readonly position: Position = { first: 0, turns: [], offset: 0 },
  ) {}

  /** The first origin on the way to a result that is not finite. */
  find(): Origin | null {
    const path = this.#path();
    for (const node of topological(this.surveyed.original.results)) {
      if (!path.has(node)) continue;
      const found = isKind(node, "pick") ? this.#inLoop(producerOf(node)) : this.#origin(node);
      if (found) return found;
    }
    return null;
  }

  /** The first value that is not finite although no operation made it, such as a constant. */
  findGiven(): Origin | null {
    const path = this.#path();
    const node = topological(this.surveyed.original.results).find((node) => path.has(node) && !isNode(node, "scan"));
    return node ? this.#foundAt(node) : null;
  }

  /** The nodes that are not finite and on which, through others of them, a result depends. */
  #path(): Set<Node> {
    const path = new Set<Node>();
    const stack = this.surveyed.original.results.filter((node) => this.of(node) > 0);
    for (let node = stack.pop(); node; node = stack.pop()) {
      if (path.has(node)) continue;
      path.add(node);
      stack.push(...producerOf(node).inputs.filter((input) => this.of(input) > 0));
    }
    return path;
  }

  /** The severity of a node. */
  of(node: Node): number {
    let known = this.#known.get(node);
    if (known === undefined) this.#known.set(node, known = this.#severity(node));
    return known;
  }

  #severity(node: Node): number {
    const position = this.surveyed.positions.get(node);
    if (position !== undefined) return this.severities.get(this.position.first + position)![this.position.offset];
    if (isNode(node, "constant")) return node.dtype === "f32" ? severityOf(node.attributes.value) : severity.finite;
    if (!isKind(node, "movement") || node.dtype !== "f32") return severity.finite;
    const inputs = ruleOf(node).joins ? node.inputs : node.inputs.slice(0, 1);
    const added = isNode(node, "pad") ? severityOf(node.attributes.value) : severity.finite;
    return Math.max(added, ...inputs.map((input) => this.of(input)));
  }

  #origin(node: Node): Origin | null {
    const isInner = this.position.turns.length > 0;
    if (isNode(node, "constant") || isKind(node, "movement") || (isInner && isNode(node, "parameter"))) return null;
    return this.of(node) > Math.max(0, ...node.inputs.map((input) => this.of(input))) ? this.#foundAt(node) : null;
  }

  #foundAt(node: Node): Origin {
    return { node, severity: this.of(node), turns: this.position.turns };
  }

  #inLoop(node: Node): Origin | null {
    const loop = this.surveyed.loops.get(node);
    if (!isNode(node, "scan") || !loop) return null;
    const { length, reverse } = node.attributes;
    const { first, turns, offset } = this.position;
    const inOrder = Array.from({ length }, (_, i) => reverse ? length - 1 - i : i);
    for (const turn of inOrder) {
      const inner = { first: first + loop.first, turns: [...turns, turn], offset: offset * length + turn };
      const found = new Survey(loop.body, this.severities, inner).find();
      if (found) return found;
    }
    return null;
  }
}

function severityOf(value: number): number {
  if (Number.isNaN(value)) return severity.nan;
  return Number.isFinite(value) ? severity.finite : severity.infinite;
}

/** The origin of the values of a graph that are not finite; null if all results are finite. */
export function findOrigin(surveyed: SurveyedGraph, severities: Severities): Origin | null {
  const survey = new Survey(surveyed, severities);
  return survey.find() ?? survey.findGiven();
}
