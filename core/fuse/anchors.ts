/**
 * Nodes that need a loop of their own, and the loops they need.
 *
 * @module
 */

import { type Attributes, isNode, type Node } from "../graph/node.ts";
import { windowCounts } from "../graph/rules/movement.ts";
import type { Shape } from "../shape.ts";
import type { Expression, Variable } from "../nest/expression.ts";
import type { ExpressionTable } from "../nest/expression_table.ts";
import { type Index, isDisjoint, type Lowering } from "./lower.ts";
import type { Contraction, ReductionKind } from "../nest/nest.ts";

/** How the elements of an anchor are reduced, given loops over the output (`row`) and over what is combined (`inner`). */
export interface AnchorReduction {
  readonly kind: ReductionKind;
  readonly value: Expression;
  readonly contraction?: Contraction;
}

const kinds: Partial<Record<Node["op"], ReductionKind>> = {
  sum: "sum",
  prod: "prod",
  maxOf: "max",
  minOf: "min",
  argmax: "argmax",
  argmin: "argmin",
};

/** Whether the node is computed by a loop that combines elements. */
export function isReduction(node: Node): boolean {
  return node.op in kinds || (isNode(node, "unwindow") && !isDisjoint(node.attributes)) || isContraction(node);
}

/** Whether the node is a product whose loops may be tiled. */
export function isContraction(node: Node): boolean {
  return node.op === "dot" || node.op === "conv";
}

/** The extents of the loops that an anchor combines. */
export function innerShape(node: Node): Shape {
  const [x, w] = node.inputs;
  if (node.op === "dot") return [x.shape[2]];
  if (node.op === "conv") return [x.shape[2], ...w.shape.slice(3)];
  if (isNode(node, "unwindow")) return node.attributes.size;
  return (node.attributes as Attributes["sum"]).axes.map((axis) => x.shape[axis]);
}

/** The index of a reduction's input, from that of its output and that within the reduced axes. */
export function inputIndex(node: Node, row: Index, inner: Index): Expression[] {
  const { axes } = node.attributes as Attributes["sum"];
  let next = 0;
  return node.inputs[0].shape.map((_, axis) => {
    const reduced = axes.indexOf(axis);
    return reduced >= 0 ? inner[reduced] : row[next++];
  });
}

/** The reduction that gives the element of `node` at `row`. */
export function anchorReduction(node: Node, row: Index, inner: Index, lowering: Lowering): AnchorReduction {
  if (isNode(node, "dot")) return dot(node, row, inner, lowering);
  if (isNode(node, "conv")) return conv(node, row, inner, lowering);
  if (isNode(node, "unwindow")) return { kind: "sum", value: unwindow(node, row, inner, lowering) };
  return { kind: kinds[node.op]!, value: lowering.element(node.inputs[0], inputIndex(node, row, inner)) };
}

const variables = (index: Index): Variable[] => index.filter((i): i is Variable => i.kind === "variable");

function contraction(
  lowering: Lowering,
  [left, right]: readonly [Expression, Expression],
  [batch, rows, columns, depth]: readonly Index[],
): AnchorReduction {
  const value = lowering.table.apply("mul", "f32", [left, right]);
  return {
    kind: "sum",
    value,
    contraction: {
      batch: variables(batch),
      rows: variables(rows),
      columns: variables(columns),
      depth: variables(depth),
      left,
      right,
    },
  };
}

function dot(node: Node<"dot">, [n, i, j]: Index, [k]: Index, lowering: Lowering): AnchorReduction {
  const [a, b] = node.inputs;
  return contraction(lowering, [lowering.element(a, [n, i, k]), lowering.element(b, [n, k, j])], [[n], [i], [j], [k]]);
}

/** Where a tap of the filter meets the input: index expressions, and whether that is inside of it. */
function convSource(
  node: Node<"conv">,
  place: Index,
  tap: Index,
  table: ExpressionTable,
): { index: Expression[]; inside: Expression | undefined } {
  const { strides, padding, dilations, inputDilations } = node.attributes;
  const space = node.inputs[0].shape.slice(3);
  let inside: Expression | undefined;
  const index = space.map((extent, i) => {
    const at = table.affine([[place[i], strides[i]], [tap[i], dilations[i]]], -padding[i][0]);
    const step = inputDilations[i];
    inside = table.both(inside, table.within(at, 0, extent === 0 ? 0 : (extent - 1) * step + 1));
    if (step === 1) return at;
    inside = table.both(inside, table.apply("eq", "bool", [table.remainder(at, step), table.literal("i32", 0)]));
    return table.quotient(at, step);
  });
  return { index, inside };
}

function conv(node: Node<"conv">, row: Index, inner: Index, lowering: Lowering): AnchorReduction {
  const [x, w] = node.inputs;
  const [group, batch, filter, ...place] = row;
  const [channel, ...tap] = inner;
  const { index, inside } = convSource(node, place, tap, lowering.table);
  const element = lowering.element(x, [group, batch, channel, ...index], inside);
  const left = inside ? guarded(lowering.table, inside, element) : element;
  const right = lowering.element(w, [group, filter, channel, ...tap]);
  return contraction(lowering, [left, right], [[group], [batch, ...place], [filter], inner]);
}

/** 0 where the guard is false; a guarded load is that by itself. */
function guarded(table: ExpressionTable, guard: Expression, element: Expression): Expression {
  if (element.kind === "load") return element;
  return table.apply("where", element.dtype, [guard, element, table.literal(element.dtype, 0)]);
}

/** The share of one tap of the window in an element. */
function unwindow(node: Node<"unwindow">, row: Index, tap: Index, lowering: Lowering): Expression {
  const { table } = lowering;
  const { size, strides, dilations, shape } = node.attributes;
  const lead = shape.length - size.length;
  const counts = windowCounts(shape, node.attributes);
  let inside: Expression | undefined;
  const place = size.map((_, i) => {
    const start = table.affine([[row[lead + i], 1], [tap[i], -dilations[i]]]);
    inside = table.both(inside, table.within(start, 0, (counts[i] - 1) * strides[i] + 1));
    if (strides[i] === 1) return start;
    inside = table.both(
      inside,
      table.apply("eq", "bool", [table.remainder(start, strides[i]), table.literal("i32", 0)]),
    );
    return table.quotient(start, strides[i]);
  });
  const element = lowering.element(node.inputs[0], [...row.slice(0, lead), ...place, ...tap], inside);
  return inside ? guarded(table, inside, element) : element;
}
