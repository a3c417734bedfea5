/**
 * exp(x) − 1 and log(1 + x) without loss of digits for x near 0, and a root and a quotient with finite
 * gradients at 0.
 *
 * @module
 */

import { tensorKind } from "../options/kinds.ts";
import { checkArguments } from "../options/read.ts";
import type { Tensor } from "../tensor.ts";
import { converted } from "./converted.ts";

/**
 * exp(x) − 1 without loss of digits near 0.
 *
 * @example
 * ```ts
 * import { expm1, tensor } from "@yadll/yadll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(await expm1(tensor(1e-6)).item(), 1.0000005e-6, 1e-12);
 * ```
 */
export function expm1(x: Tensor): Tensor {
  checkArguments("compute expm1", { x }, tensorKind);
  const near = x.abs().less(1);
  // Each branch gets numbers for which its gradient is finite, because 0 · ∞ would be NaN.
  return near.where(expm1NotAbove0(near.where(x, 0)), x.exp().sub(1));
}

/** exp(x) − 1 for x ≤ 0, computed as tanh(x / 2) · (exp(x) + 1). Its gradient would overflow for large x. */
export function expm1NotAbove0(x: Tensor): Tensor {
  return x.mul(0.5).tanh().mul(x.exp().add(1));
}

/** 2 / (2 k + 1): the coefficients of 2 · atanh(s) in powers of s², from the highest. */
const series = [2 / 15, 2 / 13, 2 / 11, 2 / 9, 2 / 7, 2 / 5, 2 / 3, 2];

/**
 * log(1 + x) without loss of digits near 0; −∞ at −1, and NaN below.
 *
 * @example
 * ```ts
 * import { log1p, tensor } from "@yadll/yadll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(await log1p(tensor(1e-6)).item(), 9.999995e-7, 1e-12);
 * assertAlmostEquals(await log1p(tensor(99)).item(), Math.log(100), 1e-6);
 * ```
 */
export function log1p(x: Tensor): Tensor {
  checkArguments("compute log1p", { x }, tensorKind);
  // The greatest whole number plus 1 wraps around.
  const float = converted(x, "f32");
  const near = float.greater(-0.5).and(float.less(1));
  return near.where(log1pOfShare(near.where(float, 0)), float.add(1).log());
}

/**
 * log(1 + x) for x from −½ to 1, computed by the series of 2 · atanh(x / (2 + x)). The relative error is below 10⁻⁸ from
 * 0 to 1, and below 10⁻⁷ for negative x.
 */
export function log1pOfShare(x: Tensor): Tensor {
  const s = x.div(x.add(2));
  const square = s.square();
  const sum = series.slice(1).reduce(
    (total: Tensor, coefficient) => total.mul(square).add(coefficient),
    s.fullLike(series[0]),
  );
  return s.mul(sum);
}

/**
 * √x with the gradient 0 at 0, where that of `sqrt` is infinite. The root is taken of a number that cannot be 0, because
 * a `where` after it would pass 0 · ∞ = NaN to the gradient.
 */
export function safeSqrt(x: Tensor): Tensor {
  const zero = x.equal(0);
  return zero.where(0, zero.where(1, x).sqrt());
}

/** a / b, or 0 where b is 0, with the gradient 0 there. */
export function safeQuotient(a: Tensor, b: Tensor): Tensor {
  const zero = b.equal(0);
  return zero.where(0, a.div(zero.where(1, b)));
}
