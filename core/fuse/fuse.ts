/**
 * From a graph to clusters: which nodes share a kernel.
 *
 * Nodes are visited in the order of computation. Each joins the latest kernel it depends on, or one that reads the same
 * data over the same loops, unless that would make two kernels wait for each other; otherwise it starts its own.
 *
 * @module
 */

import { type Graph, isNode, type Node, topological } from "../graph/node.ts";
import { ExpressionTable } from "../nest/expression_table.ts";
import { producerOf } from "../graph/ops.ts";
import { Cluster, type LoadNode } from "./fusion_rules.ts";
import { fuseScan, type View } from "./fuse_scan.ts";
import type { FusedScan, Fusion, Group } from "./fused_graph.ts";
import { fitsKernel, keepWithinLimits, type Reach, reachesOf } from "./kernel_limits.ts";
import { rowMajorPosition } from "./indices.ts";
import { Lowering } from "./lower.ts";
import { chooseMaterialized } from "./materialize.ts";
import { narrowedReductions } from "./narrowed.ts";
import { ownResults } from "./own_results.ts";
import { checksIndices, isLeaf, isReduction } from "./node_roles.ts";
import { ValueNumbers } from "./value_numbers.ts";

/** What fusion must know about the device and the call. */
export interface FusionOptions {
  /** The most buffers that one kernel may use. */
  readonly maxSlots: number;
  /** Parameters that may be passed through as results. */
  readonly donated?: ReadonlySet<number>;
}

/** What fusion must know about the graphs around the one that is fused. */
interface Surroundings {
  readonly maxSlots: number;
  readonly table: ExpressionTable;
  readonly numbers: ValueNumbers;
  readonly views: ReadonlyMap<Node, View>;
}

/** The dependencies of a node. */
interface Needs {
  /** The nodes in memory that it reads. */
  readonly reads: ReadonlySet<Node>;
  /** The groups that compute these nodes. */
  readonly after: ReadonlySet<Group>;
}

class Fuser {
  readonly groups: Group[] = [];
  readonly groupOf = new Map<Node, Group>();
  readonly #computed: readonly Node[];
  readonly #order: Node[];
  /** Reductions that are computed with the slice of them that is needed, by the slices. */
  readonly #narrowed: ReadonlyMap<Node, Node>;
  readonly #chosen: Set<Node>;
  readonly #reaches: ReadonlyMap<Node, Reach>;
  readonly #lowering: Lowering;

  constructor(readonly graph: Graph, readonly surroundings: Surroundings) {
    this.#computed = graph.results.filter((node) => !isLeaf(node));
    this.#order = topological(this.#computed);
    this.#narrowed = narrowedReductions(this.#order, this.#computed);
    this.#chosen = chooseMaterialized(this.#order, [...this.#computed, ...this.#narrowed.keys()]);
    keepWithinLimits(this.#order, this.#chosen, surroundings.maxSlots - 1);
    this.#reaches = reachesOf(this.#order, this.inMemory);
    this.#lowering = new Lowering(
      surroundings.table,
      (node, index, guard) => this.inMemory(node) ? this.#load(node, index, guard) : undefined,
    );
  }

  /** Whether a node is in memory for kernels other than its own. */
  inMemory = (node: Node): boolean => this.#chosen.has(node) || isLeaf(node);

  #load: LoadNode = (node, index, guard) => {
    const { table, numbers, views } = this.surroundings;
    const view = views.get(node);
    if (view) return view(index, guard);
    return table.load(node.dtype, numbers.of(node), rowMajorPosition(table, node.shape, index), { guard });
  };

  /** Returns the nodes in memory from which `node` is computed. */
  readsOf(node: Node): ReadonlySet<Node> {
    return this.#reaches.get(node)!.reads;
  }

  run(): Fusion {
    const narrowed = new Set(this.#narrowed.values());
    for (const node of this.#order) {
      if (this.#chosen.has(node) && !narrowed.has(node)) {
        this.#place(node, this.readsOf(this.#narrowed.get(node) ?? node));
      }
    }
    const { graph, surroundings: { table, numbers } } = this;
    return { graph, table, numbers, groups: this.#sorted(), stored: this.#stored(), lowering: this.#lowering };
  }

  #place(node: Node, reads: ReadonlySet<Node>): void {
    const before = new Set<Group>();
    for (const read of reads) {
      const group = this.groupOf.get(producerOf(read));
      if (group) before.add(group);
    }
    if (isNode(node, "scan")) return this.#start(node, this.#scan(node), { reads, after: before });
    if (isNode(node, "scatterAdd")) return this.#start(node, node, { reads, after: before });
    // Loops of other kernels cannot compute the reduction below such a slice.
    if (this.#narrowed.has(node)) return this.#start(node, this.#cluster(node), { reads, after: before });
    const earlier = waitedForBy(before);
    for (const group of this.#candidates(node, reads, before)) {
      // A group that others of them wait for would wait for itself.
      if (!earlier.has(group) && this.#join(group, node, { reads, after: before })) return;
    }
    this.#start(node, this.#cluster(node), { reads, after: before });
  }

  #cluster(node: Node): Cluster {
    const memory = { table: this.surroundings.table, holds: this.inMemory, load: this.#load };
    const whole = this.#narrowed.get(node);
    return whole && isNode(node, "slice") ? new Cluster(whole, memory, node) : new Cluster(node, memory);
  }

  #start(node: Node, work: Group["work"], { reads, after }: Needs): void {
    const whole = this.#narrowed.get(node);
    const nodes = new Set(whole ? [whole, node] : [node]);
    const operations = new Set([...nodes].flatMap((one) => [...this.#reaches.get(one)!.operations]));
    const group: Group = { work, nodes, operations, reads: new Set(reads), after: new Set(after) };
    this.groups.push(group);
    for (const one of nodes) this.groupOf.set(one, group);
  }

  #scan(node: Node<"scan">): FusedScan {
    const { table, numbers, maxSlots } = this.surroundings;
    return fuseScan(node, {
      table,
      numbers,
      order: this.#order,
      lowering: this.#lowering,
      fuseBody: (body, views) => new Fuser(body, { table, maxSlots, views, numbers: numbers.inner() }).run(),
    });
  }

  /** Returns the groups that the node depends on, latest first; then those that read the same data. */
  #candidates(node: Node, reads: ReadonlySet<Node>, before: ReadonlySet<Group>): Group[] {
    const latest = this.groups.filter((group) => before.has(group)).reverse();
    const large = [...reads].filter(({ shape }) => shape.length > 0);
    const siblings = this.groups.filter((group) => {
      const { work } = group;
      if (!(work instanceof Cluster) || before.has(group) || isReduction(work.first) !== isReduction(node)) {
        return false;
      }
      return large.some((read) => group.reads.has(read) || group.nodes.has(read));
    });
    return [...latest, ...siblings.reverse()];
  }

  #join(group: Group, node: Node, { reads, after }: Needs): boolean {
    if (!(group.work instanceof Cluster)) return false;
    const all = new Set([...group.reads, ...reads, ...group.nodes]);
    const operations = new Set([...group.operations, ...this.#reaches.get(node)!.operations]);
    const slots = all.size + 1 + Number(checksIndices(operations));
    if (slots > this.surroundings.maxSlots || !fitsKernel(operations) || !group.work.admit(node)) return false;
    operations.forEach((operation) => group.operations.add(operation));
    group.nodes.add(node);
    for (const read of reads) if (!group.nodes.has(read)) group.reads.add(read);
    for (const other of after) if (other !== group) group.after.add(other);
    this.groupOf.set(node, group);
    return true;
  }

  #stored(): Set<Node> {
    const stored = new Set<Node>(this.#computed);
    for (const group of this.groups) {
      for (const node of group.nodes) {
        for (const read of this.readsOf(node)) if (!group.nodes.has(read)) stored.add(read);
      }
    }
    return stored;
  }

  /** Returns the groups in the order of their last nodes, each after those it waits for. */
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

/** Returns the groups that others of these groups wait for, directly or not. */
function waitedForBy(groups: Iterable<Group>): Set<Group> {
  const found = new Set<Group>();
  const waiting = [...groups];
  for (const { after } of waiting) {
    for (const before of after) {
      if (found.has(before)) continue;
      found.add(before);
      waiting.push(before);
    }
  }
  return found;
}

/** Decides which nodes of a graph share a kernel. */
export function fuse({ parameters, results }: Graph, { maxSlots, donated }: FusionOptions): Fusion {
  const handedOver = new Set<Node>([...donated ?? []].map((i) => parameters[i]));
  const graph = { parameters, results: ownResults(results, (node) => handedOver.has(node)) };
  const table = new ExpressionTable();
  return new Fuser(graph, { maxSlots, table, numbers: new ValueNumbers(), views: new Map() }).run();
}
