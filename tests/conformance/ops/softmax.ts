/**
 * Softmax and related functions.
 *
 * @module
 */

import { logSoftmax, oneHot, softmax, type Tensor } from "../../../core/mod.ts";
import { normalizeAxis, sizeOf } from "../../../core/shape.ts";
import type { Operator, Operators } from "../operator.ts";

/**
 * A function along an axis. Before version 13 of the operators, the axis (default: 1) meant itself and all following
 * axes, merged into one.
 */
const along = (fn: (x: Tensor, axis: number) => Tensor): Operator => (inputs, attributes, { opset }) => {
  const x = inputs.tensor(0);
  const flat = opset < 13;
  const axis = normalizeAxis(attributes.number("axis", flat ? 1 : -1), x.shape.length, "take the softmax");
  if (!flat) return [fn(x, axis)];
  const rows = sizeOf(x.shape.slice(0, axis));
  return [fn(x.reshape([rows, sizeOf(x.shape) / rows]), 1).reshape(x.shape)];
};

function hardmax(x: Tensor, axis: number): Tensor {
  const last = oneHot(x.argmax({ axis }), x.shape[axis]);
  const order = x.shape.map((_, i) => i < axis ? i : i === axis ? x.shape.length - 1 : i - 1);
  return last.transpose(order);
}

/** Operators by name. */
export const softmaxes: Operators = {
  Softmax: along(softmax),
  LogSoftmax: along(logSoftmax),
  Hardmax: along(hardmax),
};
