/**
 * From a graph to a program: steps in order, and every value's place in memory.
 *
 * @module
 */

import { BYTES_PER_ELEMENT } from "../dtype.ts";
import { type Graph, isNode, type Node, topological } from "../graph/node.ts";
import { makeNode } from "../graph/ops.ts";
import { sizeOf } from "../shape.ts";
import type { Storage } from "../storage.ts";
import { buildNest, buildScatter, type BuiltNest, isScatter, type Place, SlotTable } from "../fuse/build_nest.ts";
import { Cluster, type LoadNode } from "../fuse/cluster.ts";
import type { Expression, Variable } from "../nest/expression.ts";
import { ExpressionTable } from "../nest/expression_table.ts";
import { fuse, type Fusion, type Group } from "../fuse/fuse.ts";
import { overwrites } from "./in_place.ts";
import { flatten, type Index, Lowering } from "../fuse/lower.ts";
import { isLeaf } from "../fuse/materialize.ts";
import { pointsOf } from "../nest/nest.ts";
import { packBuffers } from "./pack_buffers.ts";
import type { Program, Step } from "../nest/program.ts";
import { planScan } from "./plan_scan.ts";

/** Whose a program's buffer is. */
export type Role = "parameter" | "captured" | "result" | "temporary";

/** A buffer before temporaries are laid over each other. */
export interface PlannedBuffer {
  readonly role: Role;
  readonly dtype: Place["dtype"];
  readonly bytes: number;
}

/** Where a result of the graph is found after the program has run. */
export type ResultSource =
  | { readonly kind: "buffer"; readonly buffer: number }
  /** In the buffer of a donated parameter, which it has overwritten. */
  | { readonly kind: "overwritten"; readonly parameter: number }
  /** In the buffer of a donated parameter, as it was. */
  | { readonly kind: "handed"; readonly parameter: number };

/** A compiled graph, before a device makes it ready. */
export interface Plan {
  readonly program: Program;
  /** Program buffers of the parameters, in order. */
  readonly parameters: readonly number[];
  /** Tensors that the graph holds as constants, and their program buffers. */
  readonly captured: readonly { readonly storage: Storage; readonly buffer: number }[];
  readonly results: readonly ResultSource[];
  /** Program buffers that live only while the program runs. */
  readonly temporaries: readonly number[];
}

/** What planning must know. */
export interface PlanOptions {
  readonly name: string;
  readonly maxSlots: number;
  /** Parameters whose memory the results may take over. */
  readonly donated: ReadonlySet<number>;
}

/** An element of a parameter of a loop's body, for a nest with these slots. */
export type View = (index: Index, guard: Expression | undefined, slots: SlotTable) => Expression;

/** The places of nodes within one graph, with the loops around it. */
export interface Scope {
  readonly places: Map<Node, Place>;
  readonly counters: readonly Variable[];
  /** For results: where they must be written. */
  readonly targets: ReadonlyMap<Node, Place>;
  /** Parameters of a loop's body that are read by way of the graph around it. */
  readonly views: ReadonlyMap<Node, View>;
  /** Chooses the memory of a donated parameter for a result, if the nest allows it. */
  readonly takeOver?: (group: Group, node: Node, groups: readonly Group[]) => Place | undefined;
}

/** Lays out buffers and steps. */
export class Planner {
  readonly table = new ExpressionTable();
  readonly buffers: PlannedBuffer[] = [];
  readonly #captured = new Map<Storage, Place>();

  constructor(readonly options: PlanOptions) {}

  /** A new buffer. */
  buffer(role: Role, { shape, dtype }: Pick<Node, "shape" | "dtype">, copies = 1): Place {
    const elements = sizeOf(shape) * copies;
    const buffer = this.buffers.push({ role, dtype, bytes: elements * BYTES_PER_ELEMENT }) - 1;
    return { buffer, dtype, elements, offset: this.table.literal("i32", 0) };
  }

  /** The place of a node that is known in a scope, or a tensor from outside. */
  place(node: Node, { places }: Scope): Place {
    const known = places.get(node);
    if (known) return known;
    if (!isNode(node, "data")) throw new Error(`${node.op} was not planned to lie in memory`);
    const { storage } = node.attributes;
    let place = this.#captured.get(storage);
    if (!place) this.#captured.set(storage, place = this.buffer("captured", node));
    return place;
  }

  get captured(): Map<Storage, Place> {
    return this.#captured;
  }

  /** The steps that compute `results`, each of them in its target place where it has one. */
  steps(results: readonly Node[], scope: Scope): Step[] {
    const fusion = fuse(results, { table: this.table, maxSlots: this.options.maxSlots });
    const order = topological(results);
    const steps: Step[] = [];
    for (const group of fusion.groups) {
      this.#reserve(group, fusion, scope);
      const [node] = group.nodes;
      if (isNode(node, "scan")) steps.push(...planScan(this, node, order, scope, fusion.inMemory));
      else steps.push(...this.#nest(group, fusion, scope));
    }
    return steps;
  }

  /** Finds room for what a group computes and others need. */
  #reserve(group: Group, { stored, groups }: Fusion, scope: Scope): void {
    for (const node of group.nodes) {
      if (!stored.has(node) || isNode(node, "scan")) continue;
      const place = scope.targets.get(node) ?? scope.takeOver?.(group, node, groups) ?? this.buffer("temporary", node);
      scope.places.set(node, place);
    }
  }

  #nest(group: Group, fusion: Fusion, scope: Scope): Step[] {
    const built = this.#build(group, fusion, scope);
    const bad = scope.takeOver &&
      built.nest.slots.findIndex(({ access }, slot) => access === "readwrite" && !overwrites(built.nest, slot));
    if (bad !== undefined && bad >= 0) {
      // The parameter is read elsewhere too: its result gets memory of its own.
      for (const node of group.nodes) {
        if (scope.places.get(node)?.buffer === built.buffers[bad]) {
          scope.places.set(node, this.buffer("temporary", node));
        }
      }
      return this.#nest(group, fusion, scope);
    }
    const { nest, buffers } = built;
    return pointsOf(nest.outer) === 0 ? [] : [{ kind: "nest", nest, buffers }];
  }

  /** How nodes in memory are loaded by a nest with these slots. */
  loads(scope: Scope, slots: SlotTable): LoadNode {
    const { table } = this;
    return (node, index, guard) => {
      const view = scope.views.get(node);
      if (view) return view(index, guard, slots);
      const place = this.place(node, scope);
      const position = table.affine([[flatten(table, node.shape, index), 1], [place.offset, 1]]);
      return table.load(node.dtype, slots.reading(place), position, { guard });
    };
  }

  /** Lowers nodes of a scope for a nest with these slots. */
  lowering(scope: Scope, slots: SlotTable, inMemory: (node: Node) => boolean): Lowering {
    const load = this.loads(scope, slots);
    return new Lowering(this.table, (node, index, guard) => inMemory(node) ? load(node, index, guard) : undefined);
  }

  #build({ nodes }: Group, { inMemory, stored }: Fusion, scope: Scope): BuiltNest {
    const { table } = this;
    const slots = new SlotTable();
    const load = this.loads(scope, slots);
    const [first, ...rest] = nodes;
    if (isScatter(first)) {
      const lowering = this.lowering(scope, slots, inMemory);
      return buildScatter(first, this.place(first, scope), table, lowering, slots, scope.counters);
    }
    const cluster = new Cluster(table, first, inMemory, load);
    for (const node of rest) {
      if (!cluster.admit(node)) throw new Error(`${node.op} no longer fits the kernel of ${first.op}`);
    }
    const kept = [...nodes].filter((node) => stored.has(node));
    return buildNest(cluster, kept, (node) => this.place(node, scope), slots, scope.counters);
  }
}

/**
 * The results, each in memory of its own: copies of what lies in memory already, and of what is a result twice. Only a
 * donated argument may be handed through.
 */
function ownResults({ parameters, results }: Graph, donated: ReadonlySet<number>): Node[] {
  const seen = new Set<Node>();
  return results.map((node) => {
    const handedOver = donated.has(parameters.indexOf(node as Node<"parameter">));
    const own = !seen.has(node) && (!isLeaf(node) || handedOver);
    seen.add(node);
    return own ? node : makeNode("stop", [node], {});
  });
}

/** The program of a graph. */
export function planGraph(graph: Graph, options: PlanOptions): Plan {
  const planner = new Planner(options);
  const parameters = graph.parameters.map((node) => planner.buffer("parameter", node));
  const places = new Map<Node, Place>(graph.parameters.map((node, i) => [node, parameters[i]]));
  const results = ownResults(graph, options.donated);
  const computed = [...new Set(results.filter((node) => !isLeaf(node)))];
  const free = new Set([...options.donated].filter((i) => !results.includes(graph.parameters[i])));
  const takeOver: Scope["takeOver"] = (group, node, groups) => {
    if (!computed.includes(node)) return undefined;
    const later = groups.slice(groups.indexOf(group) + 1);
    for (const i of free) {
      const parameter = graph.parameters[i];
      const fits = group.reads.has(parameter) && parameter.dtype === node.dtype &&
        sizeOf(parameter.shape) === sizeOf(node.shape);
      if (!fits || later.some(({ reads }) => reads.has(parameter))) continue;
      free.delete(i);
      return parameters[i];
    }
    return undefined;
  };
  const scope: Scope = { places, counters: [], targets: new Map(), views: new Map(), takeOver };
  const steps = planner.steps(computed, scope);
  return finish(planner, options, graph, results, steps, scope, parameters);
}

function finish(
  planner: Planner,
  { name }: PlanOptions,
  graph: Graph,
  results: readonly Node[],
  steps: readonly Step[],
  scope: Scope,
  parameters: readonly Place[],
): Plan {
  const owners = new Map(parameters.map(({ buffer }, i) => [buffer, i]));
  const sources = results.map((node): ResultSource => {
    const { buffer } = planner.place(node, scope);
    const parameter = owners.get(buffer);
    if (parameter === undefined) return { kind: "buffer", buffer };
    return { kind: graph.parameters[parameter] === node ? "handed" : "overwritten", parameter };
  });
  const kept = new Set(sources.flatMap((source) => source.kind === "buffer" ? [source.buffer] : []));
  const packed = packBuffers(
    planner.buffers.map((buffer, i) => kept.has(i) ? { ...buffer, role: "result" } : buffer),
    steps,
  );
  return {
    program: { name, buffers: packed.buffers, steps: packed.steps },
    parameters: parameters.map(({ buffer }) => packed.moved[buffer]),
    captured: [...planner.captured].map(([storage, { buffer }]) => ({ storage, buffer: packed.moved[buffer] })),
    results: sources.map((source) =>
      source.kind === "buffer" ? { ...source, buffer: packed.moved[source.buffer] } : source
    ),
    temporaries: packed.buffers.flatMap(({ role }, i) => role === "temporary" ? [i] : []),
  };
}
