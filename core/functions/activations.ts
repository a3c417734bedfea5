/**
 * Activation functions.
 *
 * @module
 */

import { tensorKind } from "../options/kinds.ts";
import { checkArguments, readOptions } from "../options/read.ts";
import { refuseSurplus } from "../options/surplus.ts";
import type { Tensor } from "../tensor.ts";
import { type ActivationOptions, eluOptions, reluOptions } from "./activation_options.ts";
import { converted, separate } from "./converted.ts";
import { checkFitting } from "./fitting.ts";
import { expm1NotAbove0, log1pOfShare } from "./near_zero.ts";

export type { ActivationOptions };
export { softmax } from "./reduction.ts";

/** A function that is applied to each element, or to each row, of a layer's output. */
export type ActivationFunction = (x: Tensor, options?: ActivationOptions) => Tensor;

/**
 * φ(x) = x.
 *
 * @example
 * ```ts
 * import { linear } from "@yadll/yadll/layers";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await linear(tensor([-1, 2])).toArray(), [-1, 2]);
 * ```
 */
export function linear(x: Tensor): Tensor {
  refuseSurplus("linear", arguments, 1);
  checkArguments("apply linear", { x }, tensorKind);
  return separate(x, x);
}

/**
 * φ(x) = 1 / (1 + e⁻ˣ), in 0 … 1; accurate for x of any magnitude.
 *
 * @example
 * ```ts
 * import { sigmoid } from "@yadll/yadll/layers";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await sigmoid(tensor([-200, 0, 200])).toArray(), [0, 0.5, 1]);
 * ```
 */
export function sigmoid(x: Tensor): Tensor {
  refuseSurplus("sigmoid", arguments, 1);
  checkArguments("apply sigmoid", { x }, tensorKind);
  return x.sigmoid();
}

/**
 * A sigmoid of one rational and two linear pieces, at most 0.028 from the true one.
 *
 * Source: Theano's `ultra_fast_sigmoid`, after N. Schraudolph and others; with z = |x| / 2 the pieces of 2 φ − 1 are
 * 1.5 z / (1 + z) below 1.7, then a line up to 3, then a constant.
 *
 * @example
 * ```ts
 * import { ultraFastSigmoid } from "@yadll/yadll/layers";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await ultraFastSigmoid(tensor([0, 2])).toArray(), [0.5, 0.875]);
 * ```
 */
export function ultraFastSigmoid(x: Tensor): Tensor {
  refuseSurplus("ultraFastSigmoid", arguments, 1);
  checkArguments("apply ultraFastSigmoid", { x }, tensorKind);
  const half = x.mul(0.5);
  const negative = half.less(0);
  // Unlike that of |x|, the gradient of this size is not 0 at 0.
  const z = negative.where(half.neg(), half);
  const isFar = z.greaterEqual(1.7);
  // The branch of small numbers also takes NaN. It must not get infinity, whose gradient there would be NaN.
  const near = isFar.where(0, z);
  const curved = near.mul(1.5).div(near.add(1));
  const straight = z.sub(1.7).mul(0.0458812946797165).add(0.935409070603099);
  const size = isFar.where(z.less(3).where(straight, 0.99505475368673), curved);
  return negative.where(size.neg(), size).add(1).mul(0.5);
}

/**
 * φ(x) = tanh(x), in −1 … 1.
 *
 * @example
 * ```ts
 * import { tanh } from "@yadll/yadll/layers";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await tanh(tensor([-50, 0, 50])).toArray(), [-1, 0, 1]);
 * ```
 */
export function tanh(x: Tensor): Tensor {
  refuseSurplus("tanh", arguments, 1);
  checkArguments("apply tanh", { x }, tensorKind);
  return x.tanh();
}

/**
 * φ(x) = log(1 + eˣ), without overflow for large x and without loss of digits for small x.
 *
 * @example
 * ```ts
 * import { softplus } from "@yadll/yadll/layers";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(await softplus(tensor(0)).item(), Math.log(2), 1e-6);
 * ```
 */
export function softplus(x: Tensor): Tensor {
  refuseSurplus("softplus", arguments, 1);
  checkArguments("apply softplus", { x }, tensorKind);
  // Negated whole numbers without a sign wrap around.
  const float = converted(x, "f32");
  const positive = float.greater(0);
  // Each term yields one half of the gradient at 0 only if both switch at the same point.
  return positive.where(float, 0).add(log1pOfShare(positive.where(float.neg(), float).exp()));
}

/**
 * The rectifier: x where x > 0, α x elsewhere (default: α = 0). The gradient at 0 is α.
 *
 * Source: Glorot, Bordes and Bengio, "Deep sparse rectifier neural networks", 2011; with a learned α: He, Zhang, Ren and
 * Sun, "Delving deep into rectifiers", 2015.
 *
 * @example
 * ```ts
 * import { relu } from "@yadll/yadll/layers";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await relu(tensor([-2, 3])).toArray(), [0, 3]);
 * assertEquals(await relu(tensor([-2, 3]), { alpha: 0.5 }).toArray(), [-1, 3]);
 * ```
 */
export function relu(x: Tensor, options?: ActivationOptions): Tensor {
  checkArguments("apply relu", { x }, tensorKind);
  const { alpha } = readOptions("apply relu", reluOptions, options);
  checkFitting("apply relu", { alpha }, x.shape);
  // In this order NaN stays NaN.
  const negative = x.lessEqual(0);
  return negative.where(alpha === 0 ? 0 : rising(x, { alpha, negative }), x);
}

/** α x for negative x. The gradient of a tensor α is a product with x, which must not be infinite where it is positive. */
function rising(
  x: Tensor,
  { alpha, negative }: { readonly alpha: number | Tensor; readonly negative: Tensor },
): Tensor {
  return typeof alpha === "number" ? x.mul(alpha) : negative.where(x, 0).mul(alpha);
}

/**
 * The exponential linear unit: x where x > 0, α (eˣ − 1) elsewhere (default: α = 1).
 *
 * Source: Clevert, Unterthiner and Hochreiter, "Fast and accurate deep network learning by exponential linear units", 2015.
 *
 * @example
 * ```ts
 * import { elu } from "@yadll/yadll/layers";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await elu(tensor([-100, 0, 3]), { alpha: 2 }).toArray(), [-2, 0, 3]);
 * ```
 */
export function elu(x: Tensor, options?: ActivationOptions): Tensor {
  checkArguments("apply elu", { x }, tensorKind);
  const { alpha } = readOptions("apply elu", eluOptions, options);
  checkFitting("apply elu", { alpha }, x.shape);
  const positive = x.greater(0);
  // The branch that is not chosen must not overflow, because its gradient would be 0 · ∞. NaN takes it, so that its
  // gradient is NaN too.
  const z = positive.where(0, x);
  const gradient = z.exp();
  // The gradient of the exact formula is a difference that loses all digits where exp(z) is small, so it is replaced.
  const value = expm1NotAbove0(z).stopGradient().add(gradient.sub(gradient.stopGradient()));
  return positive.where(x, value.mul(alpha));
}

/** α of {@linkcode selu}. */
export const SELU_ALPHA = 1.6732632423543772;
/** The scale of {@linkcode selu}. */
export const SELU_SCALE = 1.0507009873554805;

/**
 * The self-normalizing unit: 1.0507 · elu(x) with α = 1.6733; its layers keep mean 0 and variance 1.
 *
 * Source: Klambauer, Unterthiner, Mayr and Hochreiter, "Self-normalizing neural networks", 2017.
 *
 * @example
 * ```ts
 * import { selu } from "@yadll/yadll/layers";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(await selu(tensor(2)).item(), 2.101402, 1e-6);
 * ```
 */
export function selu(x: Tensor): Tensor {
  refuseSurplus("selu", arguments, 1);
  checkArguments("apply selu", { x }, tensorKind);
  return elu(x, { alpha: SELU_ALPHA }).mul(SELU_SCALE);
}

/** Where |x| is greater, Φ is 0 or 1 in single precision, and x times its derivative is 0. */
const STRAIGHT_FROM = 15;

/**
 * The Gaussian error linear unit: x · Φ(x), where Φ is the normal distribution function.
 *
 * Source: Hendrycks and Gimpel, "Gaussian error linear units", 2016.
 *
 * @example
 * ```ts
 * import { gelu } from "@yadll/yadll/layers";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(await gelu(tensor(1)).item(), 0.8413447, 1e-6);
 * ```
 */
export function gelu(x: Tensor): Tensor {
  refuseSurplus("gelu", arguments, 1);
  checkArguments("apply gelu", { x }, tensorKind);
  const isFar = x.abs().greater(STRAIGHT_FROM);
  // Far from 0 the function is the rectifier. The formula would be NaN at −Infinity, and its gradient at ±Infinity.
  const near = isFar.where(0, x);
  const curved = near.mul(near.mul(Math.SQRT1_2).erf().add(1).mul(0.5));
  return isFar.where(x.less(0).where(0, x), curved);
}
