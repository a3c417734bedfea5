/**
 * Fuses a scan into a loop over the kernels of its body.
 *
 * @module
 */

import { type Graph, isNode, type Node } from "../graph/node.ts";
import type { Expression } from "../nest/expression.ts";
import type { ExpressionTable } from "../nest/expression_table.ts";
import type { CarryHistory, FusedScan, Fusion } from "./fused_graph.ts";
import type { LoadNode } from "./fusion_rules.ts";
import type { Index } from "./indices.ts";
import type { Lowering } from "./lower.ts";
import { ownResults } from "./own_results.ts";
import type { ValueNumbers } from "./value_numbers.ts";

/** What a scan must know about the graph around it. */
export interface ScanSurroundings {
  readonly table: ExpressionTable;
  /** All nodes of that graph that are needed. */
  readonly order: readonly Node[];
  readonly numbers: ValueNumbers;
  /** Lowers the nodes of that graph. */
  readonly lowering: Lowering;
  /** Fuses the body. `views` load its parameters through the graph around it. */
  fuseBody(body: Graph, views: ReadonlyMap<Node, View>): Fusion;
}

/** Loads an element of a parameter of the body from the graph around it. */
export type View = (...args: Parameters<LoadNode> extends [unknown, ...infer Rest] ? Rest : never) => Expression;

function historyOf({ parameters, results }: Graph, carries: number, output: number): CarryHistory | undefined {
  const before = parameters.slice(0, carries).indexOf(results[output] as Node<"parameter">);
  if (before >= 0) return { carry: before, after: false };
  const after = results.slice(0, carries).indexOf(results[output]);
  return after >= 0 ? { carry: after, after: true } : undefined;
}

function picksOf(node: Node, { order, numbers }: ScanSurroundings): Map<number, number[]> {
  const picks = new Map<number, number[]>();
  // `Map.groupBy` does the same, but Node 20 does not have it.
  for (const pick of order) {
    if (!isNode(pick, "pick") || pick.inputs[0] !== node) continue;
    const { index } = pick.attributes;
    picks.set(index, [...picks.get(index) ?? [], numbers.of(pick)]);
  }
  return picks;
}

/** Returns the stacked outputs that need no memory apart from that of a carry. */
function historiesOf(
  { body, carries }: Node<"scan">["attributes"],
  needed: Iterable<number>,
): Map<number, CarryHistory> {
  return new Map([...needed].flatMap((output) => {
    const history = output < carries ? undefined : historyOf(body, carries, output);
    return history ? [[output, history] as const] : [];
  }));
}

/** Stacked inputs and constants are read from the memory of the graph around the scan. */
function viewsOf({ inputs, attributes }: Node<"scan">, time: Expression, lowering: Lowering): Map<Node, View> {
  const { body, carries, stacked } = attributes;
  return new Map(
    body.parameters.slice(carries).map((parameter, i): [Node, View] => {
      const lead: Index = i < stacked ? [time] : [];
      return [parameter, (index, guard) => lowering.element(inputs[carries + i], [...lead, ...index], guard)];
    }),
  );
}

/** Fuses the body of a scan. */
export function fuseScan(node: Node<"scan">, surroundings: ScanSurroundings): FusedScan {
  const { table, lowering } = surroundings;
  const { body, length, reverse, carries } = node.attributes;
  const counter = table.variable("t", length);
  const turn = length === 1 ? table.literal("i32", 0) : counter;
  const time = reverse ? table.affine([[turn, -1]], length - 1) : turn;
  const picks = picksOf(node, surroundings);
  const histories = historiesOf(node.attributes, picks.keys());
  const wanted = body.results.map((_, i) => i).filter((i) => i < carries || (picks.has(i) && !histories.has(i)));
  const results = ownResults(wanted.map((i) => body.results[i]));
  return {
    node,
    counter,
    turn,
    time,
    picks,
    histories,
    computed: wanted.map((index, i) => ({ index, node: results[i] })),
    body: surroundings.fuseBody(
      { parameters: body.parameters, results: length === 0 ? [] : results },
      viewsOf(node, time, lowering),
    ),
  };
}
