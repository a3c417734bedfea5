/**
 * From nodes to expressions: an element of a node is expressed in terms of elements in memory.
 *
 * Movements become index arithmetic here, and cost nothing.
 *
 * @module
 */

import type { Primitive, PrimitivesByKind } from "../graph/attributes.ts";
import type { Node } from "../graph/node.ts";
import { isElementwise, isKind } from "../graph/ops.ts";
import { contains, type Expression, walk } from "../nest/expression.ts";
import type { ExpressionTable } from "../nest/expression_table.ts";
import type { ScalarOp } from "../scalar/operations.ts";
import type { Index } from "./indices.ts";
import { type Origin, originOf, unwindowOrigin } from "./movements.ts";

/**
 * Returns an element that is not computed from the node's inputs: one in memory, or the result of a reduction.
 * Undefined if it is to be computed from the inputs. If the guard is given and false, the element is not used and
 * memory must not be touched.
 */
export type Resolve = (node: Node, index: Index, guard: Expression | undefined) => Expression | undefined;

/** The element that is needed. If the guard is given and false, it is not used. */
interface Wanted {
  readonly index: Index;
  readonly guard: Expression | undefined;
}

/** Expresses an element of a node. */
type Element<P extends Primitive> = (node: Node<P>, wanted: Wanted, lowering: Lowering) => Expression;

/**
 * Elements of primitives that are neither elementwise nor movements; null for primitives that are always in memory or
 * results of loops.
 */
const elements: {
  readonly [P in Exclude<Primitive, PrimitivesByKind["elementwise" | "movement"]>]: Element<P> | null;
} = {
  parameter: null,
  data: null,
  constant: (node, _, { table }) => table.literal(node.dtype, node.attributes.value),
  iota: (node, { index }, { table }) => table.apply("cast", node.dtype, [index[node.attributes.axis]]),
  sum: null,
  prod: null,
  maxOf: null,
  minOf: null,
  argmax: null,
  argmin: null,
  /** Reached only if the windows do not overlap. */
  unwindow: (node, { index, guard }, lowering) =>
    lowering.moved(node, unwindowOrigin(node, index, lowering.table), guard),
  dot: null,
  conv: null,
  gather: ({ inputs: [x, indices], attributes: { axis } }, { index, guard }, lowering) => {
    const end = axis + indices.shape.length;
    const chosen = lowering.clamp(lowering.element(indices, index.slice(axis, end), guard), x.shape[axis]);
    const element = lowering.element(x, [...index.slice(0, axis), chosen, ...index.slice(end)], guard);
    return lowering.afterChecks(chosen, element);
  },
  scatterAdd: null,
  pick: null,
  scan: null,
  checkpoint: null,
};

type IndexArithmetic = (table: ExpressionTable, operands: readonly Expression[]) => Expression | undefined;

/** Scalar operations on whole numbers that are index arithmetic if their operands allow it. */
const indexArithmetic: Partial<Record<ScalarOp, IndexArithmetic>> = {
  add: (table, [a, b]) => table.affine([[a, 1], [b, 1]]),
  sub: (table, [a, b]) => table.affine([[a, 1], [b, -1]]),
  neg: (table, [a]) => table.affine([[a, -1]]),
  mul: (table, [a, b]) => {
    if (b.kind === "literal") return table.affine([[a, b.value]]);
    return a.kind === "literal" ? table.affine([[b, a.value]]) : undefined;
  },
};

/** The checks of indices that an expression makes. */
function checksOf(expression: Expression): Expression[] {
  const checks: Expression[] = [];
  walk([expression], (part) => {
    if (part.kind === "checked") checks.push(part);
  });
  return checks;
}

/** Lowers nodes of one kernel. */
export class Lowering {
  readonly #memo = new Map<string, Expression>();
  readonly #ids = new Map<object, number>();

  constructor(readonly table: ExpressionTable, readonly resolve: Resolve) {}

  /** Returns the element of `node` at `index`. */
  element(node: Node, index: Index, guard?: Expression): Expression {
    // An empty tensor has no elements to load.
    if (node.shape.includes(0)) return this.table.literal(node.dtype, 0);
    const key = [node, ...index, ...(guard ? [guard] : [])].map((part) => this.#id(part)).join(" ");
    let expression = this.#memo.get(key);
    if (!expression) {
      expression = this.resolve(node, index, guard) ?? this.#compute(node, { index, guard });
      this.#memo.set(key, expression);
    }
    return expression;
  }

  #id(part: object): number {
    let id = this.#ids.get(part);
    if (id === undefined) this.#ids.set(part, id = this.#ids.size);
    return id;
  }

  #compute(node: Node, wanted: Wanted): Expression {
    const { index, guard } = wanted;
    if (isElementwise(node)) {
      return this.scalar(node.op, node, node.inputs.map((input) => this.element(input, index, guard)));
    }
    if (isKind(node, "movement")) return this.moved(node, originOf(node, index, this.table), guard);
    const element = elements[node.op as keyof typeof elements] as Element<keyof typeof elements> | null;
    if (!element) throw new Error(`Cannot lower ${node.op}: it must be in memory or the result of a loop`);
    return element(node as Node<keyof typeof elements>, wanted, this);
  }

  /** Returns a scalar operation; sums and products of bounded integers are index arithmetic. */
  scalar(op: ScalarOp, { dtype }: Pick<Node, "dtype">, args: readonly Expression[]): Expression {
    const { table } = this;
    if (dtype === "i32" && args.every((arg) => arg.dtype === "i32" && table.range(arg))) {
      const affine = indexArithmetic[op]?.(table, args);
      // If the result may wrap around, it is no index.
      if (affine && table.range(affine)) return affine;
    }
    return table.apply(op, dtype, args);
  }

  /** Returns the element that comes from an origin. */
  moved({ dtype }: Pick<Node, "dtype">, { pieces, fill, check }: Origin, guard: Expression | undefined): Expression {
    const { table } = this;
    let result: Expression | undefined;
    for (const { input, index, inside } of pieces) {
      const element = this.element(input, index, table.both(guard, inside));
      result ??= fill === null ? undefined : table.literal(dtype, fill);
      result = inside && result ? table.apply("where", dtype, [inside, element, result]) : element;
    }
    return check ? this.#checked(result!, check, guard) : result!;
  }

  /** Checks an index. If the guard is given and false, the index can be anything and is not used. */
  #checked(index: Expression, check: NonNullable<Origin["check"]>, guard: Expression | undefined): Expression {
    const { table } = this;
    if (!guard || index.kind === "load") return table.checked(index, check);
    return table.checked(table.apply("where", "i32", [guard, index, table.literal("i32", 0)]), check);
  }

  /**
   * Returns an element that is chosen by an index, with the checks of the index. They would be lost if all elements of
   * the table are equal, so the element becomes a choice that depends on the index, though never on its value.
   */
  afterChecks(index: Expression, element: Expression): Expression {
    const { table } = this;
    const checks = checksOf(index);
    if (checks.every((check) => contains(element, (part) => part === check))) return element;
    const isHalf = table.apply("eq", "bool", [table.apply("cast", "f32", [index]), table.literal("f32", 0.5)]);
    const other = table.literal(element.dtype, element.kind === "literal" && element.value === 0 ? 1 : 0);
    return table.apply("where", element.dtype, [isHalf, other, element]);
  }

  /** Clamps an index to 0 … extent − 1. */
  clamp(index: Expression, extent: number): Expression {
    const { table } = this;
    const range = table.range(index);
    if (range && range[0] >= 0 && range[1] < extent) return index;
    const below = table.apply("min", "i32", [index, table.literal("i32", extent - 1)]);
    return table.apply("max", "i32", [below, table.literal("i32", 0)]);
  }
}
