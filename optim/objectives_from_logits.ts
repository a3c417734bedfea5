/**
 * Objectives of logits, the values before a softmax or sigmoid: they compute both together, so that gradients stay finite.
 *
 * @module
 */

import { isFloat } from "../core/dtype.ts";
import { softplus } from "../core/functions/activations.ts";
import { converted } from "../core/functions/converted.ts";
import { logSoftmax } from "../core/functions/reduction.ts";
import { share, whole } from "../core/options/numbers.ts";
import type { Declaration } from "../core/options/option.ts";
import { readOptions } from "../core/options/read.ts";
import { showShape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { alike, areClasses, checkClasses, checkedClasses, inFloats, isClass, isOther } from "./targets.ts";
import { meanOverFeatures } from "./targets.ts";

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
 * Softmax and categorical cross-entropy in one: `categoricalCrossentropyError` of softmax(logits). Its
 * gradient, softmax − target, is finite even if a probability underflows.
 *
 * A logit of −Infinity excludes a class; it costs nothing unless the target has a share in that class, so do not combine
 * it with label smoothing. Targets of the class `ignoreIndex` cost 0 and have no gradient, whatever their logits are,
 * even NaN. If you take the mean yourself, divide by the number of the others. A training with the objective
 * `getObjective("categoricalCrossentropyFromLogits", { ignoreIndex })` does so, for the error too, and then the class may
 * exceed the outputs.
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
  const counts = isOther(target, ignoreIndex);
  // Logits that do not count may be NaN, and 0 · NaN is NaN: they are replaced before anything is computed from them.
  const known = counts.expandDims(-1).broadcastTo(z.shape).where(z, 0);
  const classes = checkedClasses(z, counts.where(isFloat(target.dtype) ? target : converted(target, "i32"), 0));
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
