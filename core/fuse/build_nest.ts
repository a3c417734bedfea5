/**
 * From a cluster to a loop nest. The slots of its loads and stores are value numbers.
 *
 * @module
 */

import type { Node } from "../graph/node.ts";
import type { Expression, Variable } from "../nest/expression.ts";
import type { NestBody, Phase, Reduction, Store } from "../nest/nest.ts";
import { sizeOf } from "../shape.ts";
import { type Cluster, loops, variablesOf } from "./fusion_rules.ts";
import { collapse } from "./collapse.ts";
import type { Fusion } from "./fused_graph.ts";
import { type Index, rowMajorPosition } from "./indices.ts";
import { segmented } from "./segments.ts";
import type { ValueNumbers } from "./value_numbers.ts";

function nameOf(nodes: Iterable<Node>): string {
  const names = [...new Set([...nodes].map(({ op }) => op))];
  return names.length > 6 ? `${names.slice(0, 5).join("+")}+…${names.length - 5}` : names.join("+");
}

function storeOf(cluster: Cluster, node: Node, numbers: ValueNumbers): Store {
  const { table } = cluster;
  const index = rowMajorPosition(table, node.shape, cluster.indexOf(node));
  const reduction = cluster.reductions.get(node);
  const value = reduction ? table.result(node.dtype, reduction.id) : cluster.element(node);
  return { slot: numbers.of(node), index, value };
}

/** Builds the nest of a cluster; `stored` are the nodes whose elements others need. */
export function buildNest(cluster: Cluster, stored: readonly Node[], numbers: ValueNumbers): NestBody {
  const inner = variablesOf(cluster.inner);
  const phases: { inner: readonly Variable[]; reductions: Reduction[]; stores: Store[] }[] = [];
  const phaseAt = (phase: number): (typeof phases)[number] => {
    while (phases.length <= phase) phases.push({ inner, reductions: [], stores: [] });
    return phases[phase];
  };
  for (const [node, { id, phase, kind, value }] of cluster.reductions) {
    phaseAt(phase).reductions.push({ id, kind, value, dtype: node.dtype });
  }
  const rows: Store[] = [];
  for (const node of stored) {
    const member = cluster.members.get(node);
    const store = storeOf(cluster, node, numbers);
    if (member?.level === "place") phaseAt(member.phase).stores.push(store);
    else rows.push(store);
  }
  if (rows.length > 0) phases.push({ inner: [], reductions: [], stores: rows });
  const nest: NestBody = {
    name: nameOf([...cluster.reductions.keys(), ...cluster.members.keys()]),
    outer: variablesOf(cluster.row),
    phases,
    ...(cluster.contraction ? { contraction: cluster.contraction } : {}),
  };
  const { table } = cluster;
  return segmented(collapse(nest, table), table);
}

/** Builds the nest of a scatter: the base is copied, then the updates are added in order. */
export function buildScatter(node: Node<"scatterAdd">, { table, lowering, numbers }: Fusion): NestBody {
  const { axis } = node.attributes;
  const [base, indices, updates] = node.inputs;
  const before = loops(table, base.shape.slice(0, axis), "i");
  const after = loops(table, base.shape.slice(axis + 1), "i");
  const along = loops(table, [base.shape[axis]], "k");
  const turns = loops(table, indices.shape, "k");
  const at = (i: Index): Expression => rowMajorPosition(table, base.shape, [...before, ...i, ...after]);
  const chosen = lowering.clamp(lowering.element(indices, turns), base.shape[axis]);
  const start = lowering.element(base, [...before, ...along, ...after]);
  const update = lowering.element(updates, [...before, ...turns, ...after]);
  const slot = numbers.of(node);
  const phases: Phase[] = [
    { inner: variablesOf(along), reductions: [], stores: [{ slot, index: at(along), value: start }] },
  ];
  if (sizeOf(base.shape) > 0 && sizeOf(indices.shape) > 0) {
    phases.push({
      inner: variablesOf(turns),
      reductions: [],
      stores: [{ slot, index: at([chosen]), value: update, add: true }],
    });
  }
  return { name: "scatterAdd", outer: [...variablesOf(before), ...variablesOf(after)], phases };
}

/** Builds a nest that copies a node into a value with another number: the first value of a carry. */
export function buildCopy(node: Node, number: number, { table, lowering }: Fusion): NestBody {
  const index = loops(table, node.shape, "i");
  const store = {
    slot: number,
    index: rowMajorPosition(table, node.shape, index),
    value: lowering.element(node, index),
  };
  const phases = [{ inner: [], reductions: [], stores: [store] }];
  return collapse({ name: "start", outer: variablesOf(index), phases }, table);
}
