/**
 * Objectives: functions that measure how far predictions are from their targets. They return one number per example;
 * callers take the mean.
 *
 * @module
 */

import { converted } from "../core/functions/converted.ts";
import { safeSqrt } from "../core/functions/near_zero.ts";
import { positive, share, whole } from "../core/options/numbers.ts";
import type { Declaration } from "../core/options/option.ts";
import { readOptions } from "../core/options/read.ts";
import { logSoftmax } from "../core/functions/reduction.ts";
import { showShape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { softplus } from "../core/functions/activations.ts";
import { alike, areClasses, asRows, checkClasses, checkedClasses, inFloats, isClass } from "./targets.ts";

/** A function of predictions and targets, both [batch, …, feature], that returns one number per example. */
export type Objective = (prediction: Tensor, target: Tensor) => Tensor;

/** Probabilities are kept this far from 0 and 1. */
const EPSILON = 1e-8;

function meanOverFeatures(x: Tensor): Tensor {
  return x.mean({ axis: -1 });
}

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

/** Options of {@linkcode categoricalCrossentropyFromLogits}. */
export interface FromLogitsOptions {
  /** The share of the target that is spread evenly over all classes; default: 0. */
  readonly labelSmoothing?: number;
  /** The class number of targets that do not count, such as padding; default: none. */
  readonly ignoreIndex?: number;
}

/** The options of {@linkcode categoricalCrossentropyFromLogits}. */
export const fromLogitsOptions = {
  labelSmoothing: share({ default: 0, help: "share of the target that is spread evenly over all classes" }),
  ignoreIndex: whole({ otherwise: "none", help: "class number of targets that do not count, such as padding" }),
} satisfies Declaration<FromLogitsOptions>;

/**
 * Softmax and categorical cross-entropy in one: {@linkcode categoricalCrossentropyError} of softmax(logits). Its
 * gradient, softmax − target, is finite even if a probability underflows.
 *
 * A logit of −Infinity excludes a class; it costs nothing unless the target has a share in that class, so do not combine
 * it with label smoothing. Targets of the class `ignoreIndex` cost 0 and have no gradient, whatever their logits are,
 * even NaN. The mean over all targets still counts them: divide by the number of the others if you want their mean. A
 * model takes the option from `getObjective`; then the class may exceed its outputs, and is no error either.
 *
 * Source of label smoothing: Szegedy and others, "Rethinking the inception architecture for computer vision", 2015.
 *
 * @param logits [batch, …, class]
 * @param target rows of probabilities, or whole numbers (the classes) with one axis less
 * @throws {TypeError} if the shapes do not match, or targets are rows although `ignoreIndex` is given.
 *
 * @example
 * ```ts
 * import { categoricalCrossentropyFromLogits } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const logits = tensor([[0, 200], [0, 200]]);
 * assertEquals(await categoricalCrossentropyFromLogits(logits, tensor([0, 1])).toArray(), [200, 0]);
 * const masked = categoricalCrossentropyFromLogits(logits, tensor([0, -1]), { ignoreIndex: -1 });
 * assertEquals(await masked.toArray(), [200, 0]);
 * ```
 */
export function categoricalCrossentropyFromLogits(
  logits: Tensor,
  target: Tensor,
  options: FromLogitsOptions = {},
): Tensor {
  const name = "categoricalCrossentropyFromLogits";
  const { labelSmoothing, ignoreIndex } = readOptions(`compute ${name}`, fromLogitsOptions, options);
  checkClasses(name, logits, target);
  const z = inFloats(logits);
  if (!areClasses(z, target)) {
    if (ignoreIndex === undefined) return fromRows(z, smoothed(inFloats(target), labelSmoothing));
    throw new TypeError(
      `Cannot compute ${name} with ignoreIndex ${ignoreIndex}: expected class numbers of ` +
        `${showShape(z.shape.slice(0, -1))}, got rows of ${showShape(target.shape)}`,
    );
  }
  if (ignoreIndex === undefined) return fromClasses(z, checkedClasses(z, target), labelSmoothing);
  const counts = converted(target, "i32").notEqual(ignoreIndex);
  // Logits that do not count may be NaN, and 0 · NaN is NaN: they are replaced before anything is computed from them.
  const known = counts.expandDims(-1).broadcastTo(z.shape).where(z, 0);
  const classes = checkedClasses(z, counts.where(converted(target, "i32"), 0));
  return counts.where(fromClasses(known, classes, labelSmoothing), 0);
}

function smoothed(rows: Tensor, labelSmoothing: number): Tensor {
  return labelSmoothing === 0 ? rows : rows.mul(1 - labelSmoothing).add(labelSmoothing / (rows.shape.at(-1) ?? 1));
}

/** The logarithm of the target's probability is selected; a product with a one-hot row would be 0 · −∞ if masked. */
function fromClasses(logits: Tensor, target: Tensor, labelSmoothing: number): Tensor {
  const chosen = isClass(logits, target);
  const logarithms = logSoftmax(logits);
  const costs = labelSmoothing === 0
    ? chosen.where(logarithms, 0)
    : smoothed(chosen.cast("f32"), labelSmoothing).mul(logarithms);
  return costs.sum({ axis: -1 }).neg();
}

function fromRows(logits: Tensor, rows: Tensor): Tensor {
  return weighed(rows, logSoftmax(logits)).sum({ axis: -1 }).neg();
}

/** weight · x, which is 0 if the weight is 0 and x is infinite. */
function weighed(weight: Tensor, x: Tensor): Tensor {
  return weight.equal(0).and(x.abs().equal(Infinity)).where(0, x).mul(weight);
}

/**
 * Sigmoid and binary cross-entropy in one: the mean over j of softplus(x) − target · x. A logit of −Infinity costs
 * nothing if its target is 0, and neither does one of Infinity if its target is 1.
 *
 * @example
 * ```ts
 * import { binaryCrossentropyFromLogits } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await binaryCrossentropyFromLogits(tensor([[200, 200]]), tensor([[0, 1]])).toArray(), [100]);
 * ```
 */
export function binaryCrossentropyFromLogits(logits: Tensor, target: Tensor): Tensor {
  const [x, t] = alike("binaryCrossentropyFromLogits", logits, target);
  // Infinity with the target 1 would cost ∞ − ∞ = NaN. From 200 on, both terms are equal.
  const known = x.equal(Infinity).and(t.equal(1)).where(200, x);
  return meanOverFeatures(softplus(known).sub(weighed(t, known)));
}

/** The same for logits that are finite, such as those of a dense layer, in fewer operations. */
export function binaryCrossentropyOfFinite(logits: Tensor, target: Tensor): Tensor {
  return meanOverFeatures(softplus(logits).sub(target.mul(logits)));
}
