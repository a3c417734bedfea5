/**
 * The table of movements as index arithmetic: the source and the target of each element.
 *
 * @module
 */

import type { MovementAttributes } from "../graph/attributes.ts";
import type { Node } from "../graph/node.ts";
import { isKind } from "../graph/ops.ts";
import { windowCounts } from "../graph/primitives/window_geometry.ts";
import type { Checked, Expression } from "../nest/expression.ts";
import type { ExpressionTable } from "../nest/expression_table.ts";
import { type Index, reshapeIndex, rowMajorPosition } from "./indices.ts";

/** The element at `index` of an input. If `inside` is given and false, the element is not used. */
export interface Piece {
  readonly input: Node;
  readonly index: Index;
  readonly inside?: Expression | undefined;
}

/** The source of an element: the last piece that it is inside of, otherwise the number `fill`. */
export interface Origin {
  readonly pieces: readonly Piece[];
  /** Null if every element is inside a piece; the condition of the first piece is then not evaluated. */
  readonly fill: number | null;
  /** The check of the element, if it is an index. */
  readonly check?: Pick<Checked, "position" | "number" | "size">;
}

/** The index arithmetic of a movement. */
export interface IndexRule<M extends keyof MovementAttributes> {
  /** Returns the source of the element at `index` of the result. */
  origin(node: Node<M>, index: Index, table: ExpressionTable): Origin;
  /**
   * Returns the index in the result of the input's element at `index`; null for movements that drop, repeat or add
   * elements.
   */
  readonly target: ((node: Node<M>, index: Index, table: ExpressionTable) => Index) | null;
}

type Source<M extends keyof MovementAttributes> = (node: Node<M>, index: Index, table: ExpressionTable) => Index;

/** A movement that takes every element from its first input. */
function fromInput<M extends keyof MovementAttributes>(
  source: Source<M>,
  target: IndexRule<M>["target"],
): IndexRule<M> {
  return {
    origin: (node, index, table) => ({
      pieces: [{ input: node.inputs[0], index: source(node, index, table) }],
      fill: null,
    }),
    target,
  };
}

/** Moves nothing. */
const still = { source: (_: Node, index: Index): Index => index, target: (_: Node, index: Index): Index => index };

const turned: Source<"flip"> = ({ shape, attributes: { axes } }, index, table) =>
  index.map((i, axis) => axes.includes(axis) ? table.affine([[i, -1]], shape[axis] - 1) : i);

const padOrigin: IndexRule<"pad">["origin"] = ({ inputs: [input], attributes: { padding, value } }, index, table) => {
  const inner = index.map((i, axis) => table.affine([[i, 1]], -padding[axis][0]));
  const inside = inner.map((i, axis) => table.within(i, 0, input.shape[axis]))
    .reduce((all: Expression | undefined, one) => table.both(all, one), undefined);
  return { pieces: [{ input, index: inner, inside }], fill: value };
};

const concatOrigin: IndexRule<"concat">["origin"] = ({ inputs, attributes: { axis } }, index, table) => {
  let start = 0;
  const pieces = inputs.map((input): Piece => {
    const inner = index.with(axis, table.affine([[index[axis], 1]], -start));
    start += input.shape[axis];
    return { input, index: inner, inside: table.within(inner[axis], 0, input.shape[axis]) };
  });
  return { pieces, fill: null };
};

/** One row for each movement. */
const movements: { readonly [M in keyof MovementAttributes]: IndexRule<M> } = {
  reshape: fromInput(
    ({ shape, inputs: [x] }, index, table) => reshapeIndex(table, { from: shape, to: x.shape }, index),
    ({ shape, inputs: [x] }, index, table) => reshapeIndex(table, { from: x.shape, to: shape }, index),
  ),
  permute: fromInput(
    ({ attributes: { axes } }, index) => axes.map((_, axis) => index[axes.indexOf(axis)]),
    ({ attributes: { axes } }, index) => axes.map((axis) => index[axis]),
  ),
  expand: fromInput(
    ({ inputs: [x] }, index, table) => index.map((i, axis) => x.shape[axis] === 1 ? table.literal("i32", 0) : i),
    null,
  ),
  slice: fromInput(
    ({ attributes: { start, step } }, index, table) =>
      index.map((i, axis) => table.affine([[i, step[axis]]], start[axis])),
    null,
  ),
  pad: { origin: padOrigin, target: null },
  flip: fromInput(turned, turned),
  concat: { origin: concatOrigin, target: null },
  window: fromInput(({ inputs: [x], attributes: { size, strides, dilations } }, index, table) => {
    const lead = x.shape.length - size.length;
    const place = size.map((_, i) =>
      table.affine([[index[lead + i], strides[i]], [index[lead + size.length + i], dilations[i]]])
    );
    return [...index.slice(0, lead), ...place];
  }, null),
  stop: fromInput(still.source, still.target),
  barrier: fromInput(still.source, still.target),
  clipGradient: fromInput(still.source, still.target),
  checked: {
    origin: ({ inputs: [input], shape, attributes }, index, table) => ({
      pieces: [{ input, index }],
      fill: null,
      check: { ...attributes, position: rowMajorPosition(table, shape, index) },
    }),
    target: still.target,
  },
};

type AnyMovement = IndexRule<keyof MovementAttributes>;

/** Returns the source of the element at `index` of a movement. */
export function originOf(node: Node<keyof MovementAttributes>, index: Index, table: ExpressionTable): Origin {
  return (movements[node.op] as AnyMovement).origin(node, index, table);
}

/** Returns the index in a node of the element at `index` of its first input; undefined if there is not exactly one. */
export function targetOf(node: Node, index: Index, table: ExpressionTable): Index | undefined {
  return isKind(node, "movement") ? (movements[node.op] as AnyMovement).target?.(node, index, table) : undefined;
}

/** Returns the source of an element of `unwindow` with disjoint windows: one window or none. */
export function unwindowOrigin(node: Node<"unwindow">, index: Index, table: ExpressionTable): Origin {
  const { size, strides, shape } = node.attributes;
  const lead = shape.length - size.length;
  const counts = windowCounts(shape, node.attributes);
  const place = size.map((_, i) => table.quotient(index[lead + i], strides[i]));
  const tap = size.map((_, i) => table.remainder(index[lead + i], strides[i]));
  const inside = size.map((extent, i) =>
    table.both(table.within(place[i], 0, counts[i]), table.within(tap[i], 0, extent))!
  )
    .reduce((a, b) => table.both(a, b)!);
  return { pieces: [{ input: node.inputs[0], index: [...index.slice(0, lead), ...place, ...tap], inside }], fill: 0 };
}
