/**
 * A limit for gradients in the backward pass.
 *
 * @module
 */

import { tensorKind } from "../options/kinds.ts";
import { positive } from "../options/numbers.ts";
import { checkArguments } from "../options/read.ts";
import type { Tensor } from "../tensor.ts";

const anyLimit = positive({ infinite: true });

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
  checkArguments("clip a gradient", { x }, tensorKind);
  checkArguments("clip a gradient", { limit }, anyLimit);
  return x.viewed(x.apply("clipGradient", [], { limit }));
}
