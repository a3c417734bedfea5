/**
 * Tensors in the shapes of others.
 *
 * @module
 */

import { type Shape, sizeOf } from "../../../core/shape.ts";
import type { Tensor } from "../../../core/tensor.ts";
import type { Choices } from "./choices.ts";

const broadcasts = (from: Shape, to: Shape): boolean =>
  from.length <= to.length && from.every((extent, i) => extent === 1 || extent === to[to.length - from.length + i]);

/** The first elements along each axis, with zeros or repeated elements after them. */
function cut(y: Tensor, shape: Shape): Tensor {
  const rank = shape.length;
  let x = y;
  if (x.shape.length > rank) x = x.reshape([-1]).slice([0], [1]).reshape(shape.map(() => 1));
  if (x.shape.length < rank) x = x.reshape([...shape.slice(x.shape.length).map(() => 1), ...x.shape]);
  x = x.slice(shape.map(() => 0), shape.map((extent, axis) => Math.min(extent, x.shape[axis])));
  return x.pad(shape.map((extent, axis): [number, number] => [0, extent - x.shape[axis]]));
}

/** `y` in this shape: the same elements, repeated ones, or some of them. */
export function fitted(y: Tensor, shape: Shape, choose: Choices): Tensor {
  if (String(y.shape) === String(shape)) return y;
  if (broadcasts(y.shape, shape)) return y.broadcastTo(shape);
  if (sizeOf(y.shape) === sizeOf(shape)) return y.reshape(shape);
  if (y.shape.length > 0 && sizeOf(y.shape) > 0 && choose.below(3) === 0) {
    return y.reshape([-1]).slice([0], [1]).reshape([]).broadcastTo(shape);
  }
  if (sizeOf(y.shape) === 0 && y.shape.length > shape.length) {
    return y.fullLike(1).sum().cast(y.dtype).broadcastTo(shape);
  }
  return cut(y, shape);
}
