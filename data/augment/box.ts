/**
 * Rectangles of images.
 *
 * @module
 */

import type { Tensor } from "../../core/tensor.ts";
import { counted, type ImageExtents } from "./moves.ts";

/** A rectangle for each example, i32 [example]; bottom and right are not included. */
export interface Box {
  readonly top: Tensor;
  readonly left: Tensor;
  readonly bottom: Tensor;
  readonly right: Tensor;
}

/** Which pixels are in a rectangle, bool [example, 1, row, column]. */
export function isInBox({ top, left, bottom, right }: Box, { rows, columns }: ImageExtents): Tensor {
  const [row, column] = [counted(rows).reshape([1, 1, rows, 1]), counted(columns).reshape([1, 1, 1, columns])];
  const each = (x: Tensor): Tensor => x.reshape([-1, 1, 1, 1]);
  const isRow = row.greaterEqual(each(top)).and(row.less(each(bottom)));
  return isRow.and(column.greaterEqual(each(left)).and(column.less(each(right))));
}
