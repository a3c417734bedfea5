/**
 * Random bits of a tensor whose rows have their own keys.
 *
 * @module
 */

import { makeNode } from "../graph/ops.ts";
import { type Shape, sizeOf } from "../shape.ts";
import { Tensor } from "../tensor.ts";

/** The high word of the counter: other than those of the bits and keys of `bits.ts`. */
const ROWS = 4;

/**
 * Random words, u32, in rows that each have a key of two words: an element depends on the key of its row, and its
 * position within the row.
 *
 * @param first [row], u32
 * @param second [row], u32
 * @param shape [row, …]
 */
export function rowBits(first: Tensor, second: Tensor, shape: Shape): Tensor {
  const [rows, ...others] = shape;
  const wide = (word: Tensor): Tensor => word.reshape([rows, 1]).broadcastTo([rows, sizeOf(others)]);
  const size = { shape: [rows, sizeOf(others)], dtype: "u32", axis: 1 } as const;
  const low = new Tensor(makeNode("iota", [], size));
  return wide(first).apply("threefry", [wide(second), low.fullLike(ROWS), low], {}).reshape(shape);
}
