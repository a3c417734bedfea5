/**
 * Operands that must not change the shape of what they are combined with.
 *
 * @module
 */

import { sameShape, type Shape, showShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";

/** Whether a shape broadcasts to another one without changing it. */
function fits(shape: Shape, whole: Shape): boolean {
  const beside = whole.slice(whole.length - shape.length);
  return shape.length <= whole.length && sameShape(shape.map((extent, i) => extent === 1 ? beside[i] : extent), beside);
}

/**
 * Refuses tensors that do not broadcast to a shape, such as a slope for each feature with an axis too many: the result
 * would have another shape than expected.
 *
 * @param action the start of messages after "Cannot", such as `apply relu`
 * @throws {TypeError} if one does not fit; the message has its name and both shapes.
 */
export function checkFitting(action: string, given: Readonly<Record<string, Tensor | number>>, whole: Shape): void {
  for (const [name, value] of Object.entries(given)) {
    if (typeof value === "number" || fits(value.shape, whole)) continue;
    throw new TypeError(
      `Cannot ${action}: expected ${name} to broadcast to ${showShape(whole)}, got ${showShape(value.shape)}`,
    );
  }
}

/**
 * Adds named tensors that must not change the shape, such as biases.
 *
 * @throws {TypeError} if one does not fit.
 */
export function addFitting(action: string, x: Tensor, given: Readonly<Record<string, Tensor>>): Tensor {
  checkFitting(action, given, x.shape);
  return Object.values(given).reduce((sum, value) => sum.add(value), x);
}
