/**
 * Indices of elements as expressions, and their conversion from one shape to another.
 *
 * @module
 */

import type { Expression } from "../nest/expression.ts";
import type { ExpressionTable } from "../nest/expression_table.ts";
import { type Shape, stridesOf } from "../shape.ts";

/** The index of an element: one i32 expression for each axis. */
export type Index = readonly Expression[];

/** Returns the row-major position of an element. */
export function rowMajorPosition(table: ExpressionTable, shape: Shape, index: Index): Expression {
  const strides = stridesOf(shape);
  return table.affine(index.flatMap((i, axis) => shape[axis] === 1 ? [] : [[i, strides[axis]] as const]));
}

/** Returns the index of the element at a row-major position. */
export function indexAtPosition(table: ExpressionTable, shape: Shape, position: Expression): Expression[] {
  const strides = stridesOf(shape);
  const outermost = shape.findIndex((extent) => extent !== 1);
  return shape.map((extent, axis) => {
    if (extent === 1) return table.literal("i32", 0);
    const quotient = table.quotient(position, Math.max(1, strides[axis]));
    return axis === outermost ? quotient : table.remainder(quotient, extent);
  });
}

/**
 * Returns the index in shape `to` of the element at `index` of shape `from`. Each smallest run of axes with equally
 * many elements is converted separately, so axes that stay need no division. A division could not be simplified if an
 * index may be outside of its axis.
 */
export function reshapeIndex(
  table: ExpressionTable,
  { from, to }: { readonly from: Shape; readonly to: Shape },
  index: Index,
): Expression[] {
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
    result.push(
      ...alike ? axes : indexAtPosition(table, target, rowMajorPosition(table, from.slice(start, end), axes)),
    );
    [start, begin] = [end, stop];
  }
  return result;
}
