/**
 * Products of matrices.
 *
 * @module
 */

import { tensorKind } from "../options/kinds.ts";
import { checkArguments } from "../options/read.ts";
import { broadcastShapes, type Shape, showShape, sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { converted } from "./converted.ts";
import { broadcastTo, reshape } from "./movement.ts";

/**
 * The matrix product over the last two axes; leading axes broadcast. A vector counts as a row on the left and as a column
 * on the right, and its axis is dropped from the result. Whole numbers are converted to `f32`, which rounds those above
 * 2²⁴; `a.mul(b).sum()` of integers stays exact.
 *
 * @throws {TypeError} if the inner axes differ.
 *
 * @example
 * ```ts
 * import { matmul, tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const [row, square] = [tensor([1, 2]), tensor([[1, 0], [3, 1]])];
 * assertEquals(await matmul(row, square).toArray(), [7, 2]);
 * ```
 */
export function matmul(a: Tensor, b: Tensor): Tensor {
  checkArguments("multiply matrices", { a, b }, tensorKind);
  if (a.shape.length === 0 || b.shape.length === 0) {
    throw new TypeError(
      `Cannot multiply ${showShape(a.shape)} by ${showShape(b.shape)}: expected at least one axis; use mul for scalars`,
    );
  }
  if (a.shape.length === 1) {
    const product = matmul(reshape(a, [1, -1]), b);
    return product.squeeze(b.shape.length === 1 ? 0 : product.shape.length - 2);
  }
  if (b.shape.length === 1) return matmul(a, reshape(b, [-1, 1])).squeeze(-1);
  const [rows, depth] = a.shape.slice(-2);
  const [inner, columns] = b.shape.slice(-2);
  if (depth !== inner) {
    throw new TypeError(
      `Cannot multiply ${showShape(a.shape)} by ${
        showShape(b.shape)
      }: inner axes must match, got ${depth} and ${inner}`,
    );
  }
  const left = converted(a, "f32");
  const right = converted(b, "f32");
  // With one matrix on the right, all leading axes of the left operand are rows.
  if (b.shape.length === 2) {
    const all = sizeOf(a.shape.slice(0, -1));
    return left.composed(() => {
      const product = reshape(left, [1, all, depth]).apply("dot", [reshape(right, [1, depth, columns])], {});
      return reshape(product, [...a.shape.slice(0, -1), columns]);
    });
  }
  const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2), "multiply the leading axes of");
  const flat = sizeOf(batch);
  const matrices = (x: Tensor, shape: Shape): Tensor => reshape(broadcastTo(x, [...batch, ...shape]), [flat, ...shape]);
  return left.composed(() => {
    const product = matrices(left, [rows, depth]).apply("dot", [matrices(right, [depth, columns])], {});
    return reshape(product, [...batch, rows, columns]);
  });
}
