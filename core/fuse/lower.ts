/**
 * From nodes to expressions: what one element of a node is, in terms of elements in memory.
 *
 * Movements become index arithmetic here, and cost nothing.
 *
 * @module
 */

import { type Attributes, isNode, type Node } from "../graph/node.ts";
import { isElementwise } from "../graph/ops.ts";
import { windowCounts } from "../graph/rules/movement.ts";
import { type Shape, stridesOf } from "../shape.ts";
import type { Expression } from "../nest/expression.ts";
import type { ScalarOp } from "../nest/scalar_ops.ts";
import type { ExpressionTable } from "../nest/expression_table.ts";

/** The place of an element: one i32 expression for each axis. */
export type Index = readonly Expression[];

/**
 * What an element is where it does not follow from the node's inputs: one in memory, or the result of a reduction.
 * Undefined where it is to be computed from the inputs. Where the guard is given and false, the element is not used and
 * memory must not be touched.
 */
export type Resolve = (node: Node, index: Index, guard: Expression | undefined) => Expression | undefined;

/** Row-major position of an element. */
export function flatten(table: ExpressionTable, shape: Shape, index: Index): Expression {
  const strides = stridesOf(shape);
  return table.affine(index.flatMap((i, axis) => shape[axis] === 1 ? [] : [[i, strides[axis]] as const]));
}

/** The index of the element at a row-major position. */
export function unflatten(table: ExpressionTable, shape: Shape, position: Expression): Expression[] {
  const strides = stridesOf(shape);
  const outermost = shape.findIndex((extent) => extent !== 1);
  return shape.map((extent, axis) => {
    if (extent === 1) return table.literal("i32", 0);
    const quotient = table.quotient(position, Math.max(1, strides[axis]));
    return axis === outermost ? quotient : table.remainder(quotient, extent);
  });
}

/**
 * The index in shape `to` of the element at `index` of shape `from`, each smallest run of axes with equally many elements
 * by itself: axes that stay need no division, which could not be simplified where an index may lie outside of its axis.
 */
export function reshapeIndex(table: ExpressionTable, from: Shape, to: Shape, index: Index): Expression[] {
  const result: Expression[] = [];
  let [start, begin] = [0, 0];
  while (begin < to.length) {
    let [end, stop] = [start, begin + 1];
    let [left, right] = [1, to[begin]];
    while (left !== right && (end < from.length || stop < to.length)) {
      if ((left < right && end < from.length) || stop >= to.length) left *= from[end++];
      else right *= to[stop++];
    }
    const axes = index.slice(start, end);
    const alike = axes.length === 1 && stop === begin + 1;
    const target = to.slice(begin, stop);
    result.push(...alike ? axes : unflatten(table, target, flatten(table, from.slice(start, end), axes)));
    [start, begin] = [end, stop];
  }
  return result;
}

/** Whether windows do not overlap, so that each element lies in one window at most. */
export function isDisjoint({ size, strides, dilations }: Attributes["window"]): boolean {
  return size.every((extent, i) => (extent - 1) * dilations[i] < strides[i] && (dilations[i] === 1 || extent === 1));
}

/** Lowers nodes of one kernel. */
export class Lowering {
  readonly #memo = new Map<string, Expression>();
  readonly #ids = new Map<object, number>();

  constructor(readonly table: ExpressionTable, readonly resolve: Resolve) {}

  /** The element of `node` at `index`. */
  element(node: Node, index: Index, guard?: Expression): Expression {
    // Nobody ever comes to an element of an empty tensor, and no device can load from one.
    if (node.shape.includes(0)) return this.table.literal(node.dtype, 0);
    const key = [node, ...index, ...(guard ? [guard] : [])].map((part) => this.#id(part)).join(" ");
    let expression = this.#memo.get(key);
    if (!expression) {
      expression = this.resolve(node, index, guard) ?? this.#compute(node, index, guard);
      this.#memo.set(key, expression);
    }
    return expression;
  }

  #id(part: object): number {
    let id = this.#ids.get(part);
    if (id === undefined) this.#ids.set(part, id = this.#ids.size);
    return id;
  }

  #compute(node: Node, index: Index, guard?: Expression): Expression {
    if (isNode(node, "constant")) return this.table.literal(node.dtype, node.attributes.value);
    if (isNode(node, "iota")) return this.table.apply("cast", node.dtype, [index[node.attributes.axis]]);
    if (isElementwise(node)) {
      return this.scalar(node.op, node, node.inputs.map((input) => this.element(input, index, guard)));
    }
    if (isNode(node, "pad")) return this.#pad(node, index, guard);
    if (isNode(node, "concat")) return this.#concat(node, index, guard);
    if (isNode(node, "unwindow")) return this.#unwindow(node, index, guard);
    if (isNode(node, "gather")) return this.#gather(node, index, guard);
    return this.element(node.inputs[0], this.#source(node, index), guard);
  }

  /** A scalar operation; sums and products of bounded integers are index arithmetic. */
  scalar(op: ScalarOp, { dtype }: Pick<Node, "dtype">, args: readonly Expression[]): Expression {
    const { table } = this;
    if (dtype === "i32" && args.every((arg) => arg.dtype === "i32" && table.range(arg))) {
      const affine = this.#affine(op, args);
      // Where the result wraps around it is no index.
      if (affine && table.range(affine)) return affine;
    }
    return table.apply(op, dtype, args);
  }

  #affine(op: ScalarOp, [a, b]: readonly Expression[]): Expression | undefined {
    const { table } = this;
    if (op === "add") return table.affine([[a, 1], [b, 1]]);
    if (op === "sub") return table.affine([[a, 1], [b, -1]]);
    if (op === "neg") return table.affine([[a, -1]]);
    if (op === "mul" && b.kind === "literal") return table.affine([[a, b.value]]);
    if (op === "mul" && a.kind === "literal") return table.affine([[b, a.value]]);
    return undefined;
  }

  /** Where a movement of one input takes the element from. */
  #source(node: Node, index: Index): Index {
    const { table } = this;
    const [input] = node.inputs;
    if (isNode(node, "reshape")) return reshapeIndex(table, node.shape, input.shape, index);
    if (isNode(node, "permute")) return input.shape.map((_, axis) => index[node.attributes.axes.indexOf(axis)]);
    if (isNode(node, "expand")) return index.map((i, axis) => input.shape[axis] === 1 ? table.literal("i32", 0) : i);
    if (isNode(node, "slice")) {
      const { start, step } = node.attributes;
      return index.map((i, axis) => table.affine([[i, step[axis]]], start[axis]));
    }
    if (isNode(node, "flip")) {
      const { axes } = node.attributes;
      return index.map((i, axis) => axes.includes(axis) ? table.affine([[i, -1]], node.shape[axis] - 1) : i);
    }
    if (isNode(node, "window")) {
      const { size, strides, dilations } = node.attributes;
      const lead = input.shape.length - size.length;
      return [
        ...index.slice(0, lead),
        ...size.map((_, i) =>
          table.affine([[index[lead + i], strides[i]], [index[lead + size.length + i], dilations[i]]])
        ),
      ];
    }
    if (node.op === "stop" || node.op === "barrier" || node.op === "clipGradient") return index;
    throw new Error(`${node.op} has no lowering as a movement`);
  }

  #pad(node: Node<"pad">, index: Index, guard?: Expression): Expression {
    const { table } = this;
    const [input] = node.inputs;
    const { padding, value } = node.attributes;
    const inner = index.map((i, axis) => table.affine([[i, 1]], -padding[axis][0]));
    const inside = inner.map((i, axis) => table.within(i, 0, input.shape[axis]))
      .reduce((all: Expression | undefined, one) => table.both(all, one), undefined);
    if (!inside) return this.element(input, inner, guard);
    const element = this.element(input, inner, table.both(guard, inside));
    return table.apply("where", node.dtype, [inside, element, table.literal(node.dtype, value)]);
  }

  #concat(node: Node<"concat">, index: Index, guard?: Expression): Expression {
    const { table } = this;
    const { axis } = node.attributes;
    let start = 0;
    let result: Expression | undefined;
    for (const input of node.inputs) {
      const inner = index.with(axis, table.affine([[index[axis], 1]], -start));
      const inside = table.within(inner[axis], 0, input.shape[axis]);
      const element = this.element(input, inner, table.both(guard, inside));
      result = result ? table.apply("where", node.dtype, [inside, element, result]) : element;
      start += input.shape[axis];
    }
    return result!;
  }

  /** Windows that do not overlap: an element comes from one window, or from none. */
  #unwindow(node: Node<"unwindow">, index: Index, guard?: Expression): Expression {
    const { table } = this;
    const { size, strides, shape } = node.attributes;
    const lead = shape.length - size.length;
    const counts = windowCounts(shape, node.attributes);
    const place = size.map((_, i) => table.quotient(index[lead + i], strides[i]));
    const tap = size.map((_, i) => table.remainder(index[lead + i], strides[i]));
    const inside = size.map((extent, i) =>
      table.both(table.within(place[i], 0, counts[i]), table.within(tap[i], 0, extent))!
    )
      .reduce((a, b) => table.both(a, b)!);
    const element = this.element(
      node.inputs[0],
      [...index.slice(0, lead), ...place, ...tap],
      table.both(guard, inside),
    );
    return table.apply("where", node.dtype, [inside, element, table.literal(node.dtype, 0)]);
  }

  #gather(node: Node<"gather">, index: Index, guard?: Expression): Expression {
    const { axis } = node.attributes;
    const [input, indices] = node.inputs;
    const end = axis + indices.shape.length;
    const chosen = this.clamp(this.element(indices, index.slice(axis, end), guard), input.shape[axis]);
    return this.element(input, [...index.slice(0, axis), chosen, ...index.slice(end)], guard);
  }

  /** An index brought into 0 … extent − 1. */
  clamp(index: Expression, extent: number): Expression {
    const { table } = this;
    const range = table.range(index);
    if (range && range[0] >= 0 && range[1] < extent) return index;
    const below = table.apply("min", "i32", [index, table.literal("i32", extent - 1)]);
    return table.apply("max", "i32", [below, table.literal("i32", 0)]);
  }
}
