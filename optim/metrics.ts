/**
 * Metrics: functions that judge predictions and return one number per example. Callers take the mean. A prediction that
 * is NaN, or a row that contains NaN, is never right.
 *
 * @module
 */

import { finite } from "../core/options/numbers.ts";
import type { Declaration } from "../core/options/option.ts";
import { readOptions } from "../core/options/read.ts";
import { refuseSurplus } from "../core/options/surplus.ts";
import type { Tensor } from "../core/tensor.ts";
import { firstGreatest } from "./first_greatest.ts";
import { alike, areClasses, checkClasses, checkedClasses } from "./targets.ts";

/** Options of {@linkcode binaryAccuracy} and {@linkcode binaryError}. */
export interface BinaryOptions {
  /** The least prediction that means yes; default: 0.5. */
  readonly threshold?: number;
}

/** The options of {@linkcode binaryAccuracy} and {@linkcode binaryError}. */
export const binaryOptions = {
  threshold: finite({ default: 0.5, help: "least prediction that means yes" }),
} satisfies Declaration<BinaryOptions>;

/**
 * The share of features whose prediction means the same as the target. Predictions from the threshold on mean yes: 0.5
 * for probabilities; use 0 for values before a sigmoid, and for those that are compared with −1 and 1. A prediction or a
 * target that is NaN is wrong.
 *
 * A model chooses the threshold that fits its network and objective, unless `getObjective` sets one.
 *
 * @param prediction probabilities, or numbers with a threshold, [batch, …, feature]
 * @param target zeros and ones, or −1 and 1, of the same shape; from 0.5 on they mean yes
 *
 * @example
 * ```ts
 * import { binaryAccuracy } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await binaryAccuracy(tensor([[0.9, 0.2]]), tensor([[1, 1]])).toArray(), [0.5]);
 * const [logits, signs] = [tensor([[0.2, -3]]), tensor([[1, -1]])];
 * assertEquals(await binaryAccuracy(logits, signs, { threshold: 0 }).toArray(), [1]);
 * ```
 */
export function binaryAccuracy(prediction: Tensor, target: Tensor, options: BinaryOptions = {}): Tensor {
  refuseSurplus("binaryAccuracy", arguments, 3);
  const { threshold } = readOptions("compute binaryAccuracy", binaryOptions, options);
  return binaryScore("binaryAccuracy", { prediction, target }, threshold);
}

interface Compared {
  readonly prediction: Tensor;
  readonly target: Tensor;
}

function binaryScore(name: string, { prediction, target }: Compared, threshold: number): Tensor {
  const [p, t] = alike(name, prediction, target);
  const no = t.less(0.5).and(p.less(threshold));
  const right = t.greaterEqual(0.5).where(p.greaterEqual(threshold), no);
  return right.cast("f32").mean({ axis: -1 });
}

/**
 * 1 − {@linkcode binaryAccuracy}.
 *
 * @example
 * ```ts
 * import { binaryError } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await binaryError(tensor([[0.9, 0.2, 0, 0]]), tensor([[1, 1, 0, 0]])).toArray(), [0.25]);
 * ```
 */
export function binaryError(prediction: Tensor, target: Tensor, options: BinaryOptions = {}): Tensor {
  refuseSurplus("binaryError", arguments, 3);
  const { threshold } = readOptions("compute binaryError", binaryOptions, options);
  return binaryScore("binaryError", { prediction, target }, threshold).neg().add(1);
}

/**
 * 1 if the greatest prediction is that of the target's class, otherwise 0. If several are greatest, the first one counts.
 * If one is NaN, none of them is right.
 *
 * @param prediction [batch, …, class]
 * @param target rows whose greatest element is the class, or whole numbers (the classes) with one axis less
 *
 * @example
 * ```ts
 * import { categoricalAccuracy } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const prediction = tensor([[0.2, 0.8], [0.7, 0.3]]);
 * assertEquals(await categoricalAccuracy(prediction, tensor([1, 1])).toArray(), [1, 0]);
 * ```
 */
export function categoricalAccuracy(prediction: Tensor, target: Tensor): Tensor {
  return categoricalScore("categoricalAccuracy", prediction, target);
}

function categoricalScore(name: string, prediction: Tensor, target: Tensor): Tensor {
  checkClasses(name, prediction, target);
  const count = prediction.shape.at(-1)!;
  const classes = areClasses(prediction, target)
    ? checkedClasses(prediction, target)
    : firstGreatest(target, { ofNaN: count + 1 });
  return firstGreatest(prediction, { ofNaN: count }).equal(classes).cast("f32");
}

/**
 * 1 − {@linkcode categoricalAccuracy}.
 *
 * @example
 * ```ts
 * import { categoricalError } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const prediction = tensor([[0.2, 0.8], [0.7, 0.3]]);
 * assertEquals(await categoricalError(prediction, tensor([[0, 1], [0, 1]])).toArray(), [0, 1]);
 * ```
 */
export function categoricalError(prediction: Tensor, target: Tensor): Tensor {
  return categoricalScore("categoricalError", prediction, target).neg().add(1);
}
