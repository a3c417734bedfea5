/**
 * The result of fusion: the kernels of a graph, as data.
 *
 * @module
 */

import type { Graph, Node } from "../graph/node.ts";
import type { Expression, Variable } from "../nest/expression.ts";
import type { ExpressionTable } from "../nest/expression_table.ts";
import type { Cluster } from "./fusion_rules.ts";
import type { Lowering } from "./lower.ts";
import type { ValueNumbers } from "./value_numbers.ts";

/** A kernel, or a loop of kernels. */
export interface Group {
  /** The cluster that computes it. Scans and scatters have their own groups. */
  readonly work: Cluster | FusedScan | Node<"scatterAdd">;
  /** The nodes that it computes, in the order in which they joined. */
  readonly nodes: Set<Node>;
  /** These nodes, and those that are computed in place for them. */
  readonly operations: Set<Node>;
  /** Nodes that must be in memory before it runs. */
  readonly reads: Set<Node>;
  /** Groups that must run before it. */
  readonly after: Set<Group>;
}

/** The kernels of a graph in a valid order. */
export interface Fusion {
  /** The graph, with copies of the results that cannot share memory with a parameter, a constant or another result. */
  readonly graph: Graph;
  readonly table: ExpressionTable;
  readonly groups: readonly Group[];
  /** Nodes that are written to memory because another group or the caller needs them. */
  readonly stored: ReadonlySet<Node>;
  /** The numbers by which expressions refer to values in memory. */
  readonly numbers: ValueNumbers;
  /** Lowers nodes to expressions of values in memory. */
  readonly lowering: Lowering;
}

/** A stacked output that holds the values of a carry: those before each iteration, or those after it. */
export interface CarryHistory {
  readonly carry: number;
  readonly after: boolean;
}

/** A result of the body that each iteration computes. */
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
  /** The number of the iteration: the counter, or 0 if there is only one iteration. */
  readonly turn: Expression;
  /** The position of the iteration along the leading axis. */
  readonly time: Expression;
  /** For each needed result of the scan, the numbers of the values that hold it. */
  readonly picks: ReadonlyMap<number, readonly number[]>;
  /** The needed stacked outputs that are read from the memory of a carry. */
  readonly histories: ReadonlyMap<number, CarryHistory>;
  readonly computed: readonly TurnResult[];
  /** The kernels of one iteration. */
  readonly body: Fusion;
}
