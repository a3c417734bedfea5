/**
 * Reductions, and functions composed of them: means, variances, softmax.
 *
 * @module
 */

import { tensorKind } from "../options/kinds.ts";
import { checkArguments, readOptions } from "../options/read.ts";
import { finite, whole } from "../options/numbers.ts";
import type { Declaration, OptionValues } from "../options/option.ts";
import { either, flag, list } from "../options/values.ts";
import { normalizeAxes, normalizeAxis, sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import type { ActivationOptions } from "./activation_options.ts";
import { converted, separate } from "./converted.ts";

/** The axes that a reduction combines. */
export interface ReductionOptions {
  /** One axis or several; default: all of them. Negative ones count from the last. */
  readonly axis?: number | readonly number[];
  /** Keeps the combined axes with extent 1. */
  readonly keepDims?: boolean;
}

const reductionOptions = {
  axis: either([whole(), list(whole())], { otherwise: "all axes", help: "the axis or axes to combine" }),
  keepDims: flag({ default: false, help: "whether combined axes stay, with extent 1" }),
} satisfies Declaration<ReductionOptions>;

type Reduction = OptionValues<typeof reductionOptions>;

/** The primitives, and the words for each in messages. */
const actions = {
  sum: "take the sum",
  prod: "take the product",
  maxOf: "take the maximum",
  minOf: "take the minimum",
  argmax: "take the argmax",
  argmin: "take the argmin",
} as const;

/** A reduction primitive over the axes of `options`. */
export function reduce(op: keyof typeof actions, x: Tensor, options?: ReductionOptions): Tensor {
  return combine(op, x, readOptions(actions[op], reductionOptions, options));
}

function combine(op: keyof typeof actions, x: Tensor, { axis, keepDims }: Reduction): Tensor {
  const axes = normalizeAxes(axis, x.shape.length, actions[op]);
  const input = x.dtype === "bool" ? x.cast("i32") : x;
  const arg = op === "argmax" || op === "argmin";
  const reduced = axes.length > 0 ? input.apply(op, [], { axes }) : arg ? input.fullLike(0, "i32") : input;
  return keepDims ? reduced.reshape(x.shape.map((extent, i) => axes.includes(i) ? 1 : extent)) : reduced;
}

function count(x: Tensor, { axis }: Reduction): number {
  return sizeOf(normalizeAxes(axis, x.shape.length, "average").map((i) => x.shape[i]));
}

function average(x: Tensor, options: Reduction): Tensor {
  return combine("sum", converted(x, "f32"), options).div(count(x, options));
}

/** Σ x / n. */
export function mean(x: Tensor, options?: ReductionOptions): Tensor {
  return average(x, readOptions("take the mean", reductionOptions, options));
}

/** Options of a variance. */
export interface VarianceOptions extends ReductionOptions {
  /** The number that is subtracted from the number of elements before dividing; default: 0. */
  readonly correction?: number;
}

const varianceOptions = {
  ...reductionOptions,
  correction: finite({ default: 0, help: "number that is subtracted from the number of elements" }),
} satisfies Declaration<VarianceOptions>;

/** Σ (x − mean)² / (n − correction); a divisor below 0 counts as 0, so that no variance is negative. */
export function variance(x: Tensor, options?: VarianceOptions): Tensor {
  const { correction, ...reduction } = readOptions("take the variance", varianceOptions, options);
  const deviation = x.sub(average(x, { ...reduction, keepDims: true }));
  return combine("sum", deviation.square(), reduction).div(Math.max(0, count(x, reduction) - correction));
}

const noOptions = {} satisfies Declaration<Record<never, never>>;

/** The last axis, for a record without options. */
function withoutOptions(given: object): number {
  readOptions<Record<never, never>, typeof noOptions>("take the softmax", noOptions, given);
  return -1;
}

/** x minus its maximum along an axis, which changes no gradient. */
function centered(x: Tensor, axis: number): Tensor {
  return x.sub(combine("maxOf", x, { axis, keepDims: true }).stopGradient());
}

/**
 * exp(x) / Σ exp(x) along the last axis, as an activation of layers: rows of positive numbers whose sum is 1. It has no
 * options.
 *
 * @example
 * ```ts
 * import { denseLayer, inputLayer, softmax } from "@yadll/yadll";
 * import { assertEquals } from "@std/assert";
 *
 * const layer = denseLayer(inputLayer({ shape: [null, 4] }), { nUnits: 3, activation: softmax });
 * assertEquals(layer.outputValues, "softmax");
 * ```
 */
export function softmax(x: Tensor, options?: ActivationOptions): Tensor;
/**
 * exp(x) / Σ exp(x) along an axis (default: the last), without overflow for large x.
 *
 * @example
 * ```ts
 * import { softmax, tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await softmax(tensor([1000, 1000])).toArray(), [0.5, 0.5]);
 * ```
 */
export function softmax(x: Tensor, axis?: number): Tensor;
export function softmax(x: Tensor, given: number | ActivationOptions = -1): Tensor {
  checkArguments("take the softmax", { x }, tensorKind);
  const axis = typeof given === "object" && given !== null ? withoutOptions(given) : given;
  const along = normalizeAxis(axis, x.shape.length, "take the softmax");
  // Differences of whole numbers wrap around.
  const floats = converted(x, "f32");
  if (x.shape[along] === 0) return separate(x, floats);
  return floats.composed(() => {
    const exponentials = centered(floats, along).exp();
    // The sum is at least 1, so its reciprocal is safe: one division for each row.
    return exponentials.mul(combine("sum", exponentials, { axis: along, keepDims: true }).reciprocal());
  });
}

/**
 * log softmax(x) along an axis (default: the last), accurate even if the softmax underflows.
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
  checkArguments("take the log softmax", { x }, tensorKind);
  const along = normalizeAxis(axis, x.shape.length, "take the log softmax");
  const floats = converted(x, "f32");
  if (x.shape[along] === 0) return separate(x, floats);
  return floats.composed(() => {
    const shifted = centered(floats, along);
    return shifted.sub(combine("sum", shifted.exp(), { axis: along, keepDims: true }).log());
  });
}

/**
 * log Σ exp(x) over axes, without overflow for large x.
 *
 * @example
 * ```ts
 * import { logSumExp, tensor } from "@yadll/yadll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(await logSumExp(tensor([100, 100])).item(), 100 + Math.log(2), 1e-4);
 * ```
 */
export function logSumExp(x: Tensor, options?: ReductionOptions): Tensor {
  checkArguments("take the log-sum-exp", { x }, tensorKind);
  const { axis, keepDims } = readOptions("take the log-sum-exp", reductionOptions, options);
  const floats = converted(x, "f32");
  const greatest = combine("maxOf", floats, { axis, keepDims: true }).stopGradient();
  // The difference of two infinities would be NaN.
  const most = greatest.abs().less(Infinity).where(greatest, 0);
  const sum = combine("sum", floats.sub(most).exp(), { axis, keepDims: true });
  // Only if all elements are −∞ the sum is 0. Its logarithm would pass ∞ · 0 = NaN to the gradient.
  const none = sum.equal(0);
  const kept = none.where(-Infinity, none.where(1, sum).log().add(most));
  return keepDims ? kept : kept.reshape(combine("sum", floats, { axis, keepDims }).shape);
}
