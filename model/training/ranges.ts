/**
 * Consecutive whole numbers.
 *
 * @module
 */

import type { Tensor } from "../../core/tensor.ts";
import { hostTensor } from "../../data/rows.ts";

/** The numbers from 0 up to `count`, i32, on the host until they are first used. */
export function inOrder(count: number): Tensor {
  return hostTensor("i32", range(0, count), [count]);
}

/** The numbers from `begin` up to, not including, `end`. */
export function range(begin: number, end: number): Int32Array {
  return Int32Array.from({ length: end - begin }, (_, i) => begin + i);
}
