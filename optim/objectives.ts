/**
 * Objectives: functions that measure how far predictions are from their targets. They return one number per example;
 * callers take the mean. Those of values before a softmax or sigmoid are in `objectives_from_logits.ts`.
 *
 * @module
 */

import { safeSqrt } from "../core/functions/near_zero.ts";
import { positive } from "../core/options/numbers.ts";
import type { Declaration } from "../core/options/option.ts";
import { readOptions } from "../core/options/read.ts";
import type { Tensor } from "../core/tensor.ts";
import { alike, asRows, inFloats, meanOverFeatures } from "./targets.ts";

/** A function of predictions and targets, both [batch, …, feature], that returns one number per example. */
export type Objective = (prediction: Tensor, target: Tensor) => Tensor;

/** Probabilities are kept this far from 0 and 1. */
const EPSILON = 1e-8;

/** log max(p, ε), which is finite even if p is 1 − q and q rounds to 1. */
function safeLog(p: Tensor): Tensor {
  return p.less(EPSILON).where(EPSILON, p).log();
}

function meanSquare(name: string, prediction: Tensor, target: Tensor): Tensor {
  const [p, t] = alike(name, prediction, target);
  return meanOverFeatures(p.sub(t).square());
}

/**
 * Mean squared error: MSEᵢ = 1/n Σⱼ (predictionᵢⱼ − targetᵢⱼ)².
 *
 * @example
 * ```ts
 * import { meanSquaredError } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await meanSquaredError(tensor([[1, 5]]), tensor([[3, 5]])).toArray(), [2]);
 * ```
 */
export function meanSquaredError(prediction: Tensor, target: Tensor): Tensor {
  return meanSquare("meanSquaredError", prediction, target);
}

/**
 * Root mean squared error: RMSEᵢ = √(1/n Σⱼ (targetᵢⱼ − predictionᵢⱼ)²). Its gradient is 0 where all predictions equal
 * their targets.
 *
 * @example
 * ```ts
 * import { rootMeanSquaredError } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await rootMeanSquaredError(tensor([[1, 1]]), tensor([[3, 3]])).toArray(), [2]);
 * ```
 */
export function rootMeanSquaredError(prediction: Tensor, target: Tensor): Tensor {
  return safeSqrt(meanSquare("rootMeanSquaredError", prediction, target));
}

/**
 * Mean absolute error: MAEᵢ = 1/n Σⱼ |predictionᵢⱼ − targetᵢⱼ|.
 *
 * @example
 * ```ts
 * import { meanAbsoluteError } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await meanAbsoluteError(tensor([[1, 5]]), tensor([[3, 5]])).toArray(), [1]);
 * ```
 */
export function meanAbsoluteError(prediction: Tensor, target: Tensor): Tensor {
  const [p, t] = alike("meanAbsoluteError", prediction, target);
  return meanOverFeatures(p.sub(t).abs());
}

/**
 * Binary hinge error: BHEᵢ = 1/n Σⱼ max(0, 1 − targetᵢⱼ · predictionᵢⱼ).
 *
 * @param target −1 and 1; a target of 0 counts as −1, so 0 and 1 may be used as well (Keras has the same convention:
 * https://keras.io/api/losses/hinge_losses)
 *
 * @example
 * ```ts
 * import { binaryHingeError } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await binaryHingeError(tensor([[0.5, 2]]), tensor([[-1, 1]])).toArray(), [0.75]);
 * assertEquals(await binaryHingeError(tensor([[0.5, 2]]), tensor([[0, 1]])).toArray(), [0.75]);
 * ```
 */
export function binaryHingeError(prediction: Tensor, target: Tensor): Tensor {
  return hinge(...alike("binaryHingeError", prediction, target));
}

function hinge(prediction: Tensor, target: Tensor): Tensor {
  // The product with a target of 0 would have no gradient, so "no" would never be learned.
  const sign = target.equal(0).where(-1, target);
  const margin = sign.mul(prediction).neg().add(1);
  return meanOverFeatures(margin.lessEqual(0).where(0, margin));
}

/**
 * Categorical hinge error: CHEᵢ = 1/n Σⱼ max(1 − targetᵢⱼ · predictionᵢⱼ, 0), with one column per class: each class
 * against the rest.
 *
 * @param target rows with 1 in the column of the class and −1 in the others, where 0 counts as −1, or whole numbers (the
 * classes) with one axis less, which become such rows
 *
 * @example
 * ```ts
 * import { categoricalHingeError } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await categoricalHingeError(tensor([[0.5, 2]]), tensor([[-1, 1]])).toArray(), [0.75]);
 * assertEquals(await categoricalHingeError(tensor([[0.5, 2]]), tensor([1])).toArray(), [0.75]);
 * ```
 */
export function categoricalHingeError(prediction: Tensor, target: Tensor): Tensor {
  const rows = asRows("categoricalHingeError", prediction, target);
  return hinge(inFloats(prediction), rows);
}

/**
 * Binary cross-entropy: BCEᵢ = −1/n Σⱼ (targetᵢⱼ log predictionᵢⱼ + (1 − targetᵢⱼ) log(1 − predictionᵢⱼ)). Probabilities
 * below 10⁻⁸ count as 10⁻⁸.
 *
 * @example
 * ```ts
 * import { binaryCrossentropyError } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const error = binaryCrossentropyError(tensor([[0.25]]), tensor([[1]]));
 * assertAlmostEquals(await error.item(), Math.log(4), 1e-6);
 * ```
 */
export function binaryCrossentropyError(prediction: Tensor, target: Tensor): Tensor {
  const [p, t] = alike("binaryCrossentropyError", prediction, target);
  const yes = t.mul(safeLog(p));
  const no = t.neg().add(1).mul(safeLog(p.neg().add(1)));
  return meanOverFeatures(yes.add(no)).neg();
}

/**
 * Categorical cross-entropy: CCEᵢ = −Σⱼ targetᵢⱼ log predictionᵢⱼ over the classes j. Probabilities below 10⁻⁸ count as
 * 10⁻⁸.
 *
 * Formulas in print often have a factor 1/n. It stands for the mean over examples, which callers take; it was never a
 * mean over classes, and learning rates are chosen for the sum.
 *
 * @param prediction probabilities, [batch, …, class]
 * @param target rows of probabilities, or whole numbers (the classes) with one axis less
 *
 * @example
 * ```ts
 * import { categoricalCrossentropyError } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const error = categoricalCrossentropyError(tensor([[0.75, 0.25]]), tensor([1]));
 * assertAlmostEquals(await error.item(), Math.log(4), 1e-6);
 * ```
 */
export function categoricalCrossentropyError(prediction: Tensor, target: Tensor): Tensor {
  const rows = asRows("categoricalCrossentropyError", prediction, target);
  return rows.mul(safeLog(inFloats(prediction))).sum({ axis: -1 }).neg();
}

/**
 * Kullback-Leibler divergence: KLDᵢ = Σⱼ targetᵢⱼ log(targetᵢⱼ / predictionᵢⱼ). Probabilities below 10⁻⁸ count as 10⁻⁸.
 *
 * @example
 * ```ts
 * import { kullbackLeiblerDivergence } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const divergence = kullbackLeiblerDivergence(tensor([[0.25, 0.75]]), tensor([[1, 0]]));
 * assertAlmostEquals(await divergence.item(), Math.log(4), 1e-6);
 * ```
 */
export function kullbackLeiblerDivergence(prediction: Tensor, target: Tensor): Tensor {
  const [p, t] = alike("kullbackLeiblerDivergence", prediction, target);
  return t.mul(safeLog(t).sub(safeLog(p))).sum({ axis: -1 });
}

/** Options of {@linkcode huberError}. */
export interface HuberOptions {
  /** The error at which the parabola turns into a line; default: 1. */
  readonly delta?: number;
}

/** The options of {@linkcode huberError}. */
export const huberOptions = {
  delta: positive({ default: 1, help: "difference at which the error changes from quadratic to linear" }),
} satisfies Declaration<HuberOptions>;

/**
 * Huber's error: the mean over j of d² / 2 if |d| ≤ δ, otherwise of δ (|d| − δ / 2), where d is prediction − target.
 *
 * Source: P. J. Huber, "Robust estimation of a location parameter", 1964.
 *
 * @example
 * ```ts
 * import { huberError } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await huberError(tensor([[1, 4]]), tensor([[0, 0]])).toArray(), [2]);
 * ```
 */
export function huberError(prediction: Tensor, target: Tensor, options: HuberOptions = {}): Tensor {
  const { delta } = readOptions("compute huberError", huberOptions, options);
  const [p, t] = alike("huberError", prediction, target);
  const size = p.sub(t).abs();
  const small = size.lessEqual(delta);
  // The gradient of the parabola is 0 · ∞ = NaN where the size is infinite.
  const parabola = small.where(size, 0).square().mul(0.5);
  const line = size.sub(0.5 * delta).mul(delta);
  return meanOverFeatures(small.where(parabola, line));
}
