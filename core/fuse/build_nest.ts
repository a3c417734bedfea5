/**
 * From a cluster to a loop nest.
 *
 * @module
 */

import type { DType } from "../dtype.ts";
import { isNode, type Node } from "../graph/node.ts";
import { sizeOf } from "../shape.ts";
import { type Cluster, loops, variablesOf } from "./cluster.ts";
import { collapse } from "./collapse.ts";
import type { Expression, Variable } from "../nest/expression.ts";
import { walk } from "../nest/expression.ts";
import type { ExpressionTable } from "../nest/expression_table.ts";
import { flatten, type Index, type Lowering } from "./lower.ts";
import { expressionsOf, type Nest, type Phase, pointsOf, type Reduction, type Slot, type Store } from "../nest/nest.ts";
import { segmented } from "./segments.ts";

/** A part of a program's buffer: `elements` of it from `offset`, which may depend on counters of loops. */
export interface Place {
  readonly buffer: number;
  readonly dtype: DType;
  /** Elements of the whole buffer. */
  readonly elements: number;
  readonly offset: Expression;
}

/** Numbers the buffers that one nest uses. */
export class SlotTable {
  readonly buffers: number[] = [];
  readonly #places: Place[] = [];
  readonly #written = new Set<number>();
  readonly #read = new Set<number>();

  #slot(place: Place): number {
    let slot = this.buffers.indexOf(place.buffer);
    if (slot < 0) {
      slot = this.buffers.push(place.buffer) - 1;
      this.#places.push(place);
    }
    return slot;
  }

  reading(place: Place): number {
    const slot = this.#slot(place);
    this.#read.add(slot);
    return slot;
  }

  writing(place: Place): number {
    const slot = this.#slot(place);
    this.#written.add(slot);
    return slot;
  }

  slots(): Slot[] {
    return this.#places.map(({ dtype, elements }, slot) => ({
      dtype,
      elements,
      access: !this.#written.has(slot) ? "read" : this.#read.has(slot) ? "readwrite" : "write",
    }));
  }
}

/** Where nodes lie, for the nest that is being built. */
export type PlaceOf = (node: Node) => Place;

function nameOf(nodes: Iterable<Node>): string {
  const names = [...new Set([...nodes].map(({ op }) => op))];
  return names.length > 6 ? `${names.slice(0, 5).join("+")}+…${names.length - 5}` : names.join("+");
}

/** The counters of surrounding loops that the nest mentions. */
function countersOf(phases: readonly Phase[], counters: readonly Variable[]): Variable[] {
  const used = new Set<Expression>();
  const nest = { phases } as Pick<Nest, "phases">;
  walk(expressionsOf(nest as Nest), (expression) => used.add(expression));
  return counters.filter((counter) => used.has(counter));
}

/** A nest and the program's buffers behind its slots. */
export interface BuiltNest {
  readonly nest: Nest;
  readonly buffers: readonly number[];
}

function storeOf(cluster: Cluster, node: Node, place: Place, slots: SlotTable): Store {
  const { table } = cluster;
  const index = table.affine([[flatten(table, node.shape, cluster.indexOf(node)), 1], [place.offset, 1]]);
  const reduction = cluster.reductions.get(node);
  const value = reduction ? table.result(node.dtype, reduction.id) : cluster.element(node);
  return { slot: slots.writing(place), index, value };
}

/** The nest of a cluster; `stored` are the nodes whose elements others need. */
export function buildNest(
  cluster: Cluster,
  stored: readonly Node[],
  placeOf: PlaceOf,
  slots: SlotTable,
  counters: readonly Variable[],
): BuiltNest {
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
    const store = storeOf(cluster, node, placeOf(node), slots);
    if (member?.level === "place") phaseAt(member.phase).stores.push(store);
    else rows.push(store);
  }
  if (rows.length > 0) phases.push({ inner: [], reductions: [], stores: rows });
  const nest: Nest = {
    name: nameOf([...cluster.reductions.keys(), ...cluster.members.keys()]),
    slots: slots.slots(),
    counters: countersOf(phases, counters),
    outer: variablesOf(cluster.row),
    phases,
    ...(cluster.contraction ? { contraction: cluster.contraction } : {}),
  };
  const { table } = cluster;
  return { nest: segmented(collapse(nest, table), table), buffers: slots.buffers };
}

/** The nest of a scatter: the base is copied, then the updates are added in order. */
export function buildScatter(
  node: Node<"scatterAdd">,
  place: Place,
  table: ExpressionTable,
  lowering: Lowering,
  slots: SlotTable,
  counters: readonly Variable[],
): BuiltNest {
  const { axis } = node.attributes;
  const [base, indices, updates] = node.inputs;
  const before = loops(table, base.shape.slice(0, axis), "i");
  const after = loops(table, base.shape.slice(axis + 1), "i");
  const along = loops(table, [base.shape[axis]], "k");
  const turns = loops(table, indices.shape, "k");
  const at = (i: Index): Expression =>
    table.affine([[flatten(table, base.shape, [...before, ...i, ...after]), 1], [place.offset, 1]]);
  const chosen = lowering.clamp(lowering.element(indices, turns), base.shape[axis]);
  const start = lowering.element(base, [...before, ...along, ...after]);
  const update = lowering.element(updates, [...before, ...turns, ...after]);
  const slot = slots.writing(place);
  const phases: Phase[] = [
    { inner: variablesOf(along), reductions: [], stores: [{ slot, index: at(along), value: start }] },
  ];
  if (sizeOf(base.shape) > 0 && pointsOf(variablesOf(turns)) > 0 && sizeOf(indices.shape) > 0) {
    phases.push({
      inner: variablesOf(turns),
      reductions: [],
      stores: [{ slot, index: at([chosen]), value: update, add: true }],
    });
  }
  return {
    nest: {
      name: "scatterAdd",
      slots: slots.slots(),
      counters: countersOf(phases, counters),
      outer: [...variablesOf(before), ...variablesOf(after)],
      phases,
    },
    buffers: slots.buffers,
  };
}

/** Narrowing for callers that sort nodes by how they are built. */
export const isScatter = (node: Node): node is Node<"scatterAdd"> => isNode(node, "scatterAdd");
