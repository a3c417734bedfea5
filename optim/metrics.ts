/**
 * Metrics: functions that judge predictions and return one number per example. Callers take the mean. A prediction that
 * is NaN, or a row that contains NaN, is never right.
 *
 * @module
 */

import type { Tensor } from "../core/tensor.ts";
import { firstGreatest } from "./first_greatest.ts";
import { alike, areClasses, checkClasses, checkedClasses } from "./targets.ts";

/**
 * The share of features whose prediction, rounded to 0 or 1, equals the target. A prediction that is NaN is wrong.
 *
 * @param prediction probabilities, [batch, …, feature]
 * @param target zeros and ones of the same shape
 *
 * @example
 * ```ts
 * import { binaryAccuracy } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await binaryAccuracy(tensor([[0.9, 0.2]]), tensor([[1, 1]])).toArray(), [0.5]);
 * ```
 */
export function binaryAccuracy(prediction: Tensor, target: Tensor): Tensor {
  return binaryScore("binaryAccuracy", prediction, target);
}

function binaryScore(name: string, prediction: Tensor, target: Tensor): Tensor {
  const [p, t] = alike(name, prediction, target);
  const right = t.greaterEqual(0.5).where(p.greaterEqual(0.5), p.less(0.5));
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
export function binaryError(prediction: Tensor, target: Tensor): Tensor {
  return binaryScore("binaryError", prediction, target).neg().add(1);
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
