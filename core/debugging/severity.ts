/**
 * Graphs that also say which of their values are NaN or infinite.
 *
 * @module
 */

import { type Graph, isNode, type Node, topological } from "../graph/node.ts";
import { isKind, makeNode } from "../graph/ops.ts";
import { withInputs } from "../graph/rewrite.ts";
import { staged } from "../runtime.ts";
import { sizeOf } from "../shape.ts";
import { Tensor } from "../tensor.ts";

/** How bad the worst element of a value is: all are finite, some are infinite, some are NaN. */
export const severity = { finite: 0, infinite: 1, nan: 2 } as const;

/** A graph with one more result for each value that may be NaN or infinite: its severity. */
export interface SurveyedGraph {
  readonly graph: Graph;
  readonly original: Graph;
  /** The positions of the severities among the results, by the nodes of the original graph. */
  readonly positions: ReadonlyMap<Node, number>;
  /** The loops of the original graph. Severities in a loop have an axis for its iterations. */
  readonly loops: ReadonlyMap<Node, SurveyedLoop>;
}

/** The surveyed body of a loop. */
export interface SurveyedLoop {
  readonly body: SurveyedGraph;
  /** The position of the body's first result among those of the graph around the loop. */
  readonly first: number;
}

/** Whether the severity of a node is computed; those of others follow from their inputs. */
function isSurveyed(node: Node): boolean {
  if (node.dtype !== "f32" || sizeOf(node.shape) === 0 || node.results) return false;
  if (isNode(node, "constant") || isNode(node, "iota")) return false;
  return !isKind(node, "movement") || isNode(node, "slice");
}

const INFINITE_BITS = 0x7f800000;

/** The severity of a value. It compares bits, because compilers may assume that there is no NaN. */
function severityOf(x: Tensor): Tensor {
  const bits = x.bitcast("i32").and(x.scalar(0x7fffffff, "i32").broadcastTo(x.shape));
  const infinite = bits.greaterEqual(x.scalar(INFINITE_BITS, "i32")).cast("i32");
  const nan = bits.greater(x.scalar(INFINITE_BITS, "i32")).cast("i32");
  return infinite.add(nan).max();
}

/** Adds the severities of all values to the results of a graph. */
export function survey(original: Graph): SurveyedGraph {
  const { parameters, results } = original;
  const order = topological(results);
  const done = new Map<Node, Node>();
  const positions = new Map<Node, number>();
  const loops = new Map<Node, SurveyedLoop>();
  const more: Node[] = [];
  for (const node of order) {
    const inputs = node.inputs.map((input) => done.get(input)!);
    if (isNode(node, "scan")) {
      const body = survey(node.attributes.body);
      const { extends: _, ...attributes } = node.attributes;
      const loop = makeNode("scan", inputs, { ...attributes, body: body.graph });
      done.set(node, loop);
      const own = node.attributes.body.results.length;
      loops.set(node, { body, first: results.length + more.length - own });
      body.graph.results.slice(own).forEach((_, i) => more.push(makeNode("pick", [loop], { index: own + i })));
      continue;
    }
    const now = isKind(node, "pick") ? makeNode("pick", inputs, node.attributes) : withInputs(node, inputs);
    done.set(node, now);
    if (!isSurveyed(node)) continue;
    positions.set(node, results.length + more.length);
    more.push(staged(() => severityOf(new Tensor(now))).node);
  }
  const own = results.map((node) => done.get(node)!);
  return { graph: { parameters, results: [...own, ...more] }, original, positions, loops };
}
