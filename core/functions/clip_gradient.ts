/**
 * A limit for gradients in the backward pass.
 *
 * @module
 */

import { checkNumber, checkTensors } from "../arguments.ts";
import type { Tensor } from "../tensor.ts";

/**
 * Returns the tensor unchanged; each element of its gradient is clipped to −limit … limit.
 *
 * @throws {RangeError} if the limit is not above 0.
 *
 * @example
 * ```ts
 * import { clipGradient, grad, tensor, type Tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const f = (x: Tensor) => clipGradient(x, 1).mul(tensor([5, 0.5])).sum();
 * assertEquals(await grad(f)(tensor([1, 1])).toArray(), [1, 0.5]);
 * ```
 */
export function clipGradient(x: Tensor, limit: number): Tensor {
  checkTensors("clip a gradient", { x });
  checkNumber("clip a gradient", "the limit", limit);
  if (limit > 0) return x.viewed(x.apply("clipGradient", [], { limit }));
  throw new RangeError(`Cannot clip a gradient: expected a limit above 0, got ${limit}`);
}
