/**
 * Reductions and what is made of them: means, variances, softmax.
 *
 * @module
 */

import { normalizeAxes, normalizeAxis, sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";

/** Which axes a reduction combines. */
export interface ReductionOptions {
  /** One axis or several; all of them where not given. Negative ones count from the last. */
  readonly axis?: number | readonly number[];
  /** Keeps the combined axes with extent 1. */
  readonly keepDims?: boolean;
}

type ReductionOp = "sum" | "prod" | "maxOf" | "minOf" | "argmax" | "argmin";

/** A reduction primitive over the axes of `options`. */
export function reduce(op: ReductionOp, x: Tensor, { axis, keepDims = false }: ReductionOptions = {}): Tensor {
  const axes = normalizeAxes(axis, x.shape.length, `take the ${op.replace("Of", "")}`);
  const input = x.dtype === "bool" ? x.cast("i32") : x;
  const arg = op === "argmax" || op === "argmin";
  const reduced = axes.length > 0 ? input.apply(op, [], { axes }) : arg ? input.fullLike(0, "i32") : input;
  return keepDims ? reduced.reshape(x.shape.map((extent, i) => axes.includes(i) ? 1 : extent)) : reduced;
}

function count(x: Tensor, { axis }: ReductionOptions): number {
  return sizeOf(normalizeAxes(axis, x.shape.length, "average").map((i) => x.shape[i]));
}

/** Σ x / n. */
export function mean(x: Tensor, options: ReductionOptions = {}): Tensor {
  return reduce("sum", x.cast("f32"), options).div(count(x, options));
}

/** Σ (x − mean)² / (n − correction). */
export function variance(x: Tensor, options: ReductionOptions & { readonly correction?: number } = {}): Tensor {
  const deviation = x.sub(mean(x, { ...options, keepDims: true }));
  return reduce("sum", deviation.square(), options).div(count(x, options) - (options.correction ?? 0));
}

/** x less its maximum along an axis, which changes no gradient. */
function centred(x: Tensor, axis: number): Tensor {
  return x.sub(reduce("maxOf", x, { axis, keepDims: true }).stopGradient());
}

/**
 * exp(x) / Σ exp(x) along an axis (the last one where none is given), safe for large x.
 *
 * @example
 * ```ts
 * import { softmax, tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await softmax(tensor([1000, 1000])).toArray(), [0.5, 0.5]);
 * ```
 */
export function softmax(x: Tensor, axis = -1): Tensor {
  const along = normalizeAxis(axis, x.shape.length, "take the softmax");
  if (x.shape[along] === 0) return x;
  const exponentials = centred(x, along).exp();
  // The sum is at least 1, so its reciprocal is safe: one division for each row.
  return exponentials.mul(reduce("sum", exponentials, { axis: along, keepDims: true }).reciprocal());
}

/**
 * log softmax(x) along an axis (the last one where none is given), exact where the softmax underflows.
 *
 * @example
 * ```ts
 * import { logSoftmax, tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await logSoftmax(tensor([0, 200])).toArray(), [-200, 0]);
 * ```
 */
export function logSoftmax(x: Tensor, axis = -1): Tensor {
  const along = normalizeAxis(axis, x.shape.length, "take the log softmax");
  if (x.shape[along] === 0) return x;
  const shifted = centred(x, along);
  return shifted.sub(reduce("sum", shifted.exp(), { axis: along, keepDims: true }).log());
}

/**
 * log Σ exp(x) over axes, safe for large x.
 *
 * @example
 * ```ts
 * import { logSumExp, tensor } from "@yadll/yadll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(await logSumExp(tensor([100, 100])).item(), 100 + Math.log(2), 1e-4);
 * ```
 */
export function logSumExp(x: Tensor, options: ReductionOptions = {}): Tensor {
  const greatest = reduce("maxOf", x, { ...options, keepDims: true }).stopGradient();
  // The difference of two infinities would be NaN.
  const most = greatest.abs().less(Infinity).where(greatest, 0);
  const kept = reduce("sum", x.sub(most).exp(), { ...options, keepDims: true }).log().add(most);
  return options.keepDims ? kept : kept.reshape(reduce("sum", x, options).shape);
}
