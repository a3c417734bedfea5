/**
 * The table of primitives that need their own loops, with these loops.
 *
 * @module
 */

import type { PrimitivesByKind } from "../graph/attributes.ts";
import type { Node } from "../graph/node.ts";
import { ruleOf } from "../graph/ops.ts";
import { windowCounts } from "../graph/primitives/window_geometry.ts";
import type { Expression, Variable } from "../nest/expression.ts";
import type { ExpressionTable } from "../nest/expression_table.ts";
import type { Contraction, ReductionKind } from "../nest/nest.ts";
import type { Shape } from "../shape.ts";
import type { Index } from "./indices.ts";
import type { Lowering } from "./lower.ts";

/** How the elements of an anchor are reduced. */
export interface AnchorReduction {
  readonly kind: ReductionKind;
  readonly value: Expression;
  readonly contraction?: Contraction;
}

/** Loops over the output (`row`) and over the elements that are combined (`inner`). */
export interface AnchorLoops {
  readonly row: Index;
  readonly inner: Index;
}

type AxisReduction = Exclude<PrimitivesByKind["reduction"], "unwindow">;
type AnchorPrimitive = PrimitivesByKind["reduction" | "contraction"];

/** The loop that computes a node. */
interface Anchor<P extends AnchorPrimitive> {
  /** The extents of the loops whose elements it combines. */
  innerShape(node: Node<P>): Shape;
  /** The element that is combined at the current point of the loops. */
  reduce(node: Node<P>, loops: AnchorLoops, lowering: Lowering): AnchorReduction;
}

/** Returns the index in a reduction's input, given that in its output and that within the reduced axes. */
export function inputIndex(node: Node, { row, inner }: AnchorLoops): Expression[] {
  const { axes } = (node as Node<AxisReduction>).attributes;
  let next = 0;
  return node.inputs[0].shape.map((_, axis) => {
    const reduced = axes.indexOf(axis);
    return reduced >= 0 ? inner[reduced] : row[next++];
  });
}

/** Reduces all elements along some axes. */
const alongAxes: Anchor<AxisReduction> = {
  innerShape: ({ inputs: [x], attributes: { axes } }) => axes.map((axis) => x.shape[axis]),
  reduce: (node, loops, lowering) => ({
    kind: ruleOf(node).reduction,
    value: lowering.element(node.inputs[0], inputIndex(node, loops)),
  }),
};

const variables = (index: Index): Variable[] => index.filter((i): i is Variable => i.kind === "variable");

/** The loops of a product, by what they run over. */
type ContractionLoops = Readonly<Record<"batch" | "rows" | "columns" | "depth", Index>>;

function contraction(
  { table }: Lowering,
  [left, right]: readonly [Expression, Expression],
  { batch, rows, columns, depth }: ContractionLoops,
): AnchorReduction {
  return {
    kind: "sum",
    value: table.apply("mul", "f32", [left, right]),
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

const dot: Anchor<"dot"> = {
  innerShape: ({ inputs: [a] }) => [a.shape[2]],
  reduce: ({ inputs: [a, b] }, { row: [n, i, j], inner: [k] }, lowering) => {
    const factors = [lowering.element(a, [n, i, k]), lowering.element(b, [n, k, j])] as const;
    return contraction(lowering, factors, { batch: [n], rows: [i], columns: [j], depth: [k] });
  },
};

/** An index that may be outside of its tensor. */
interface Source {
  readonly index: Index;
  readonly inside: Expression | undefined;
}

/** The position in the input that a tap of the filter reads. */
function convSource(
  { inputs: [x], attributes }: Node<"conv">,
  { place, tap }: { readonly place: Index; readonly tap: Index },
  table: ExpressionTable,
): Source {
  const { strides, padding, dilations, inputDilations } = attributes;
  const space = x.shape.slice(3);
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

/** Returns the element, or 0 if the guard is false. A guarded load is 0 already. */
function guarded(table: ExpressionTable, guard: Expression | undefined, element: Expression): Expression {
  if (!guard || element.kind === "load") return element;
  return table.apply("where", element.dtype, [guard, element, table.literal(element.dtype, 0)]);
}

const conv: Anchor<"conv"> = {
  innerShape: ({ inputs: [x, w] }) => [x.shape[2], ...w.shape.slice(3)],
  reduce: (node, { row, inner }, lowering) => {
    const [x, w] = node.inputs;
    const [group, batch, filter, ...place] = row;
    const [channel, ...tap] = inner;
    const { index, inside } = convSource(node, { place, tap }, lowering.table);
    const element = lowering.element(x, [group, batch, channel, ...index], inside);
    const left = guarded(lowering.table, inside, element);
    const right = lowering.element(w, [group, filter, channel, ...tap]);
    return contraction(lowering, [left, right], {
      batch: [group],
      rows: [batch, ...place],
      columns: [filter],
      depth: inner,
    });
  },
};

/** The position in the windows at which a tap holds an element. */
function unwindowSource(
  { attributes }: Node<"unwindow">,
  { row, inner: tap }: AnchorLoops,
  table: ExpressionTable,
): Source {
  const { size, strides, dilations, shape } = attributes;
  const lead = shape.length - size.length;
  const counts = windowCounts(shape, attributes);
  let inside: Expression | undefined;
  const place = size.map((_, i) => {
    const start = table.affine([[row[lead + i], 1], [tap[i], -dilations[i]]]);
    inside = table.both(inside, table.within(start, 0, (counts[i] - 1) * strides[i] + 1));
    if (strides[i] === 1) return start;
    const zero = table.literal("i32", 0);
    inside = table.both(inside, table.apply("eq", "bool", [table.remainder(start, strides[i]), zero]));
    return table.quotient(start, strides[i]);
  });
  return { index: [...row.slice(0, lead), ...place, ...tap], inside };
}

const unwindow: Anchor<"unwindow"> = {
  innerShape: ({ attributes: { size } }) => size,
  reduce: (node, loops, lowering) => {
    const { index, inside } = unwindowSource(node, loops, lowering.table);
    const element = lowering.element(node.inputs[0], index, inside);
    return { kind: ruleOf(node).reduction, value: guarded(lowering.table, inside, element) };
  },
};

/** One row for each primitive that may need a loop. */
const anchors: { readonly [P in AnchorPrimitive]: Anchor<P> } = {
  sum: alongAxes,
  prod: alongAxes,
  maxOf: alongAxes,
  minOf: alongAxes,
  argmax: alongAxes,
  argmin: alongAxes,
  unwindow,
  dot,
  conv,
};

/** Returns the row of a node that is a reduction. */
function anchorOf(node: Node): Anchor<AnchorPrimitive> {
  return anchors[node.op as AnchorPrimitive] as Anchor<AnchorPrimitive>;
}

/** Returns the extents of the loops whose elements a reduction combines. */
export function innerShape(node: Node): Shape {
  return anchorOf(node).innerShape(node as Node<AnchorPrimitive>);
}

/** Returns the reduction that computes the element of `node` at `row`. */
export function anchorReduction(node: Node, loops: AnchorLoops, lowering: Lowering): AnchorReduction {
  return anchorOf(node).reduce(node as Node<AnchorPrimitive>, loops, lowering);
}
