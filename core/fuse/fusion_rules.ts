/**
 * Which nodes fit one kernel. Those of a kernel are a cluster: they run in the same loops.
 *
 * The outer loops (`outer`) run over rows of the output, and the inner loops (`inner`) over the elements of a row that
 * reductions combine. A member has either one element for each row, such as an operation after a product, or one for
 * each position within a row, such as a softmax.
 *
 * @module
 */

import type { Node } from "../graph/node.ts";
import { isElementwise } from "../graph/ops.ts";
import { sameShape, type Shape, sizeOf } from "../shape.ts";
import { anchorReduction, innerShape, inputIndex } from "./anchors.ts";
import { areChained } from "../nest/chained_rows.ts";
import type { Expression, Variable } from "../nest/expression.ts";
import type { ExpressionTable } from "../nest/expression_table.ts";
import { type Index, reshapeIndex } from "./indices.ts";
import { Lowering } from "./lower.ts";
import { originOf, targetOf } from "./movements.ts";
import { combinedAxes, isAlongAxes, isReduction } from "./node_roles.ts";
import type { Contraction, ReductionKind } from "../nest/nest.ts";

/** Makes loops over a shape: a variable for each axis, 0 for those of extent 1. */
export function loops(table: ExpressionTable, shape: Shape, name: string): Index {
  return shape.map((extent) => extent === 1 ? table.literal("i32", 0) : table.variable(name, extent));
}

/** Returns the variables among the loops. */
export function variablesOf(index: Index): Variable[] {
  return index.filter((i): i is Variable => i.kind === "variable");
}

/** A node of a cluster: its level and its index. */
export interface Member {
  readonly level: "row" | "place";
  readonly phase: number;
  /** The index of its element at the loops' current point. */
  readonly index: Index;
}

/** A reduction of a cluster. */
export interface ClusterReduction {
  readonly id: number;
  readonly phase: number;
  readonly kind: ReductionKind;
  readonly value: Expression;
}

/** Loads an element of a node that another kernel computes. */
export type LoadNode = (node: Node, index: Index, guard: Expression | undefined) => Expression;

/** The nodes that kernels find in memory. */
export interface MemoryView {
  readonly table: ExpressionTable;
  /** Whether a node is in memory for the kernels that do not compute it. */
  holds(node: Node): boolean;
  readonly load: LoadNode;
}

/**
 * Thrown if a node does not fit into a cluster that tries to admit it. It is thrown often, and one object for all spares
 * the listing of the calls.
 */
const misfit = new Error("the node does not fit into the cluster");

/** The nodes of a future kernel. */
export class Cluster {
  readonly reductions = new Map<Node, ClusterReduction>();
  readonly members = new Map<Node, Member>();
  readonly row: Index;
  readonly inner: Index;
  readonly innerShape: Shape;
  contraction: Contraction | undefined;
  /** The index of the first node's element at the loops' current point. */
  readonly #firstIndex: Index;

  /**
   * Makes a cluster around its first node, which the other nodes must fit. If all others need only a slice of it, the
   * loops compute no more than that.
   */
  constructor(readonly first: Node, readonly memory: MemoryView, readonly slice?: Node<"slice">) {
    this.row = loops(this.table, this.rowShape, "i");
    this.#firstIndex = slice ? originOf(slice, this.row, this.table).pieces[0].index : this.row;
    this.innerShape = isReduction(first) ? innerShape(first) : [];
    this.inner = loops(this.table, this.innerShape, "k");
    for (const node of slice ? [first, slice] : [first]) {
      if (!this.admit(node)) throw new Error(`Cannot make a cluster: its first node ${node.op} does not fit`);
    }
  }

  get table(): ExpressionTable {
    return this.memory.table;
  }

  /** The shape of the rows. */
  get rowShape(): Shape {
    return (this.slice ?? this.first).shape;
  }

  /** Adds a node if this kernel's loops can compute it. */
  admit(node: Node): boolean {
    try {
      if (isReduction(node)) this.#admitReduction(node);
      else this.#admitMember(node);
      return true;
    } catch (error) {
      if (error === misfit) return false;
      throw error;
    }
  }

  /** Returns the element of a member at the loops' current point. */
  element(node: Node): Expression {
    return this.#lowering(node).element(node, this.members.get(node)!.index);
  }

  /** Returns the index of a node's element at the loops' current point. */
  indexOf(node: Node): Index {
    return this.members.get(node)?.index ?? this.#rowIndex(node);
  }

  #rowIndex(node: Node): Index {
    if (node === this.first) return this.#firstIndex;
    if (this.reductions.has(node) && sameShape(node.shape, this.rowShape)) return this.row;
    return this.#carried(node) ?? reshapeIndex(this.table, { from: this.rowShape, to: node.shape }, this.row);
  }

  /**
   * Returns the index to which movements map that of a node of this cluster, so that transposed results can stay in it.
   */
  #carried(node: Node): Index | undefined {
    const below = new Map<Node, Index | undefined>();
    const visit = (node: Node): Index | undefined => {
      if (this.reductions.has(node)) return this.#rowIndex(node);
      const member = this.members.get(node);
      if (member) return member.level === "row" ? member.index : undefined;
      if (below.has(node)) return below.get(node);
      below.set(node, undefined);
      let index: Index | undefined;
      if (isElementwise(node)) {
        for (const input of node.inputs) if (!this.memory.holds(input) || this.#computes(input)) index ??= visit(input);
      } else if (node.inputs.length === 1 && (!this.memory.holds(node.inputs[0]) || this.#computes(node.inputs[0]))) {
        const inner = visit(node.inputs[0]);
        index = inner && targetOf(node, inner, this.table);
      }
      below.set(node, index);
      return index;
    };
    return visit(node);
  }

  #computes(node: Node): boolean {
    return this.reductions.has(node) || this.members.has(node);
  }

  #placeIndexOf(node: Node): Index {
    const shape = this.#placeShape();
    const index = this.#placeIndex();
    return sameShape(node.shape, shape) ? index : reshapeIndex(this.table, { from: shape, to: node.shape }, index);
  }

  #placeShape(): Shape {
    return this.first.inputs[0].shape;
  }

  #placeIndex(): Index {
    if (!isAlongAxes(this.first)) throw misfit;
    return inputIndex(this.first, this);
  }

  #admitReduction(node: Node): void {
    const { first } = this;
    if (node !== first) {
      // Only reductions along axes, over equal loops, can be siblings or form a chain.
      if (!isAlongAxes(first) || !isAlongAxes(node)) throw misfit;
      const sameLoops = sizeOf(node.shape) === sizeOf(this.rowShape) &&
        JSON.stringify([node.inputs[0].shape, innerShape(node)]) ===
          JSON.stringify([first.inputs[0].shape, this.innerShape]) &&
        combinedAxes(node)?.join() === combinedAxes(first)?.join();
      if (!sameLoops) throw misfit;
    }
    const used = new Set<number>();
    const at = { row: node === first ? this.#firstIndex : this.row, inner: this.inner };
    const { kind, value, contraction } = anchorReduction(node, at, this.#lowering(node, used));
    const phase = used.size === 0 ? 0 : 1 + Math.max(...used);
    if (phase > 0) this.#checkRowLength();
    this.contraction ??= contraction;
    this.reductions.set(node, { id: this.reductions.size, phase, kind, value });
  }

  #admitMember(node: Node): void {
    const size = sizeOf(node.shape);
    const level = size === sizeOf(this.rowShape) ? "row" : "place";
    if (level === "place") {
      if (!isReduction(this.first) || size !== sizeOf(this.rowShape) * sizeOf(this.innerShape)) throw misfit;
      this.#checkRowLength();
    }
    const used = new Set<number>();
    const index = level === "row" ? this.#rowIndex(node) : this.#placeIndexOf(node);
    this.#lowering(node, used).element(node, index);
    this.members.set(node, { level, index, phase: used.size === 0 ? 0 : 1 + Math.max(...used) });
  }

  #checkRowLength(): void {
    if (!areChained({ length: sizeOf(this.innerShape), rows: sizeOf(this.rowShape) })) throw misfit;
  }

  /**
   * Lowers `target`. If nodes of this cluster are needed at the current point, they are results or are computed in
   * place.
   */
  #lowering(target: Node, used = new Set<number>()): Lowering {
    return new Lowering(this.table, (node, index, guard) => {
      const reduction = this.reductions.get(node);
      if (reduction) {
        this.#expectSame(index, this.#rowIndex(node));
        used.add(reduction.phase);
        return this.table.result(node.dtype, reduction.id);
      }
      const member = this.members.get(node);
      if (member) {
        this.#expectSame(index, member.index);
        return undefined;
      }
      return node !== target && this.memory.holds(node) ? this.memory.load(node, index, guard) : undefined;
    });
  }

  #expectSame(index: Index, expected: Index): void {
    if (index.some((i, axis) => i !== expected[axis])) throw misfit;
  }
}
