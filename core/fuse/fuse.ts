/**
 * From a graph to clusters: which nodes share a kernel.
 *
 * Nodes are visited in the order of computation. Each joins the latest kernel it depends on, or one that reads the same
 * data over the same loops, unless that would make two kernels wait for each other; otherwise it starts its own.
 *
 * @module
 */

import { type Node, topological } from "../graph/node.ts";
import { isTuple } from "../graph/ops.ts";
import { isReduction } from "./anchors.ts";
import { Cluster } from "./cluster.ts";
import type { Expression } from "../nest/expression.ts";
import type { ExpressionTable } from "../nest/expression_table.ts";
import { flatten, type Index } from "./lower.ts";
import { chooseMaterialized, isLeaf } from "./materialize.ts";
import { fitsKernel, keepWithinLimits, type Reach, reachesOf } from "./kernel_limits.ts";

/** A kernel, or a loop of kernels: one step of the schedule. */
export interface Group {
  /** Undefined for a scan or a scatter, which share with nobody. */
  readonly cluster: Cluster | undefined;
  /** The nodes that this step computes, in the order in which they joined. */
  readonly nodes: Set<Node>;
  /** These, and the nodes that are computed on the way to them. */
  readonly operations: Set<Node>;
  /** Nodes that must lie in memory before. */
  readonly reads: Set<Node>;
  /** Steps that come before. */
  readonly after: Set<Group>;
}

/** The steps of a graph in a valid order. */
export interface Fusion {
  readonly groups: readonly Group[];
  /** Nodes that are written to memory because another step or the caller needs them. */
  readonly stored: ReadonlySet<Node>;
  /** Whether other kernels find the node in memory. */
  inMemory(node: Node): boolean;
}

/** What fusion must know of the surroundings. */
export interface FusionOptions {
  readonly table: ExpressionTable;
  /** The most buffers that one kernel may use. */
  readonly maxSlots: number;
}

class Fuser {
  readonly groups: Group[] = [];
  readonly groupOf = new Map<Node, Group>();
  readonly #numbers = new Map<Node, number>();
  readonly #order: Node[];
  readonly #chosen: Set<Node>;
  readonly #reaches: ReadonlyMap<Node, Reach>;

  constructor(readonly results: readonly Node[], readonly options: FusionOptions) {
    this.#order = topological(results);
    this.#chosen = chooseMaterialized(this.#order, results.filter((node) => !isLeaf(node)));
    keepWithinLimits(this.#order, this.#chosen, isLeaf, options.maxSlots - 1);
    this.#reaches = reachesOf(this.#order, this.inMemory);
  }

  /** Whether a node lies in memory for kernels other than its own. */
  inMemory = (node: Node): boolean => this.#chosen.has(node) || isLeaf(node);

  /** Where nodes lie is not known yet: any expression will do that tells nodes and places apart. */
  #load = (node: Node, index: Index, guard: Expression | undefined): Expression => {
    const { table } = this.options;
    let slot = this.#numbers.get(node);
    if (slot === undefined) this.#numbers.set(node, slot = this.#numbers.size);
    return table.load(node.dtype, slot, flatten(table, node.shape, index), { guard });
  };

  /** The nodes in memory that `node` is computed from. */
  readsOf(node: Node): ReadonlySet<Node> {
    return this.#reaches.get(node)!.reads;
  }

  run(): Fusion {
    for (const node of this.#order) {
      if (this.#chosen.has(node)) this.#place(node, this.readsOf(node));
    }
    const stored = this.#stored();
    return { groups: this.#sorted(), stored, inMemory: this.inMemory };
  }

  #place(node: Node, reads: ReadonlySet<Node>): void {
    const before = new Set<Group>();
    for (const read of reads) {
      const group = this.groupOf.get(read.op === "pick" ? read.inputs[0] : read);
      if (group) before.add(group);
    }
    if (isTuple(node.op) || node.op === "scatterAdd") return this.#start(node, reads, before, undefined);
    for (const group of this.#candidates(node, reads, before)) {
      if (this.#join(group, node, reads, before)) return;
    }
    this.#start(node, reads, before, new Cluster(this.options.table, node, this.inMemory, this.#load));
  }

  #start(node: Node, reads: ReadonlySet<Node>, after: Set<Group>, cluster: Cluster | undefined): void {
    const operations = new Set(this.#reaches.get(node)!.operations);
    const group: Group = { cluster, nodes: new Set([node]), operations, reads: new Set(reads), after: new Set(after) };
    this.groups.push(group);
    this.groupOf.set(node, group);
  }

  /** Steps that the node depends on, latest first; then those that read the same data. */
  #candidates(node: Node, reads: ReadonlySet<Node>, before: Set<Group>): Group[] {
    const latest = this.groups.filter((group) => before.has(group)).reverse();
    const large = [...reads].filter(({ shape }) => shape.length > 0);
    const siblings = this.groups.filter((group) => {
      const { cluster } = group;
      if (!cluster || before.has(group) || isReduction(cluster.first) !== isReduction(node)) return false;
      return large.some((read) => group.reads.has(read) || group.nodes.has(read));
    });
    return [...latest, ...siblings.reverse()];
  }

  #join(group: Group, node: Node, reads: ReadonlySet<Node>, before: Set<Group>): boolean {
    if (!group.cluster) return false;
    if ([...before].some((other) => other !== group && this.#comesAfter(other, group))) return false;
    const all = new Set([...group.reads, ...reads, ...group.nodes]);
    const operations = new Set([...group.operations, ...this.#reaches.get(node)!.operations]);
    if (all.size + 1 > this.options.maxSlots || !fitsKernel(operations) || !group.cluster.admit(node)) return false;
    operations.forEach((operation) => group.operations.add(operation));
    group.nodes.add(node);
    for (const read of reads) if (!group.nodes.has(read)) group.reads.add(read);
    for (const other of before) if (other !== group) group.after.add(other);
    this.groupOf.set(node, group);
    return true;
  }

  /** Whether `late` has to wait for `early`. */
  #comesAfter(late: Group, early: Group): boolean {
    const seen = new Set<Group>();
    const visit = (group: Group): boolean => {
      if (group === early) return true;
      if (seen.has(group)) return false;
      seen.add(group);
      return [...group.after].some(visit);
    };
    return visit(late);
  }

  #stored(): Set<Node> {
    const stored = new Set<Node>(this.results);
    for (const group of this.groups) {
      for (const node of group.nodes) {
        for (const read of this.readsOf(node)) if (!group.nodes.has(read)) stored.add(read);
      }
    }
    return stored;
  }

  /** Steps in the order of their last nodes, each after those it waits for. */
  #sorted(): Group[] {
    const position = new Map(this.#order.map((node, i) => [node, i]));
    const last = new Map(
      this.groups.map((group) => [group, Math.max(...[...group.nodes].map((node) => position.get(node)!))]),
    );
    const waiting = [...this.groups].sort((a, b) => last.get(a)! - last.get(b)!);
    const done = new Set<Group>();
    const sorted: Group[] = [];
    while (waiting.length > 0) {
      const next = waiting.findIndex(({ after }) => [...after].every((group) => done.has(group)));
      const [group] = waiting.splice(next, 1);
      done.add(group);
      sorted.push(group);
    }
    return sorted;
  }
}

/** Decides which nodes share a kernel. */
export function fuse(results: readonly Node[], options: FusionOptions): Fusion {
  return new Fuser(results, options).run();
}
