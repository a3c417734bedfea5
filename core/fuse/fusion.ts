/**
 * What fusion gives: the kernels of a graph, as data.
 *
 * @module
 */

import type { Graph, Node } from "../graph/node.ts";
import type { Expression, Variable } from "../nest/expression.ts";
import type { ExpressionTable } from "../nest/expression_table.ts";
import type { Cluster } from "./cluster.ts";
import type { Lowering } from "./lower.ts";
import type { ValueNumbers } from "./value_numbers.ts";

/** A kernel, or a loop of kernels. */
export interface Group {
  /** What computes it. A scan and a scatter share with nobody. */
  readonly work: Cluster | FusedScan | Node<"scatterAdd">;
  /** The nodes that it computes, in the order in which they joined. */
  readonly nodes: Set<Node>;
  /** These, and the nodes that are computed on the way to them. */
  readonly operations: Set<Node>;
  /** Nodes that must lie in memory before. */
  readonly reads: Set<Node>;
  /** Groups that come before. */
  readonly after: Set<Group>;
}

/** The kernels of a graph in a valid order. */
export interface Fusion {
  /** The graph, with copies of results that could not share the memory they lie in. */
  readonly graph: Graph;
  readonly table: ExpressionTable;
  readonly groups: readonly Group[];
  /** Nodes that are written to memory because another group or the caller needs them. */
  readonly stored: ReadonlySet<Node>;
  /** The numbers by which expressions name what lies in memory. */
  readonly numbers: ValueNumbers;
  /** Lowers nodes to what lies in memory. */
  readonly lowering: Lowering;
}

/** A stacked output that holds the values of a carry: those before each turn, or those after it. */
export interface CarryHistory {
  readonly carry: number;
  readonly after: boolean;
}

/** A result of the body that each turn computes. */
export interface TurnResult {
  /** Its position among the results of the scan. */
  readonly index: number;
  readonly node: Node;
}

/** A scan whose body is fused. */
export interface FusedScan {
  readonly node: Node<"scan">;
  /** The loop's counter. */
  readonly counter: Variable;
  /** The number of the turn: the counter, or 0 where there is only one turn. */
  readonly turn: Expression;
  /** The position of the turn along the leading axis. */
  readonly time: Expression;
  /** For each result of the scan that is needed, the numbers of the values that are this result. */
  readonly picks: ReadonlyMap<number, readonly number[]>;
  /** The needed stacked outputs that are read from the memory of a carry. */
  readonly histories: ReadonlyMap<number, CarryHistory>;
  readonly computed: readonly TurnResult[];
  /** The kernels of one turn. */
  readonly body: Fusion;
}
