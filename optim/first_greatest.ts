/**
 * The predicted class of each row.
 *
 * @module
 */

import type { Tensor } from "../core/tensor.ts";

/**
 * The position of the first greatest element of each row, as i32. Unlike `argmax`, it has no position for rows that
 * contain NaN, whose result is `ofNaN`, a number that is at least the length of the row.
 */
export function firstGreatest(x: Tensor, { ofNaN }: { readonly ofNaN: number }): Tensor {
  const isGreatest = x.greaterEqual(x.max({ axis: -1, keepDims: true }));
  return isGreatest.where(x.indexAlong(-1), ofNaN).min({ axis: -1 });
}
