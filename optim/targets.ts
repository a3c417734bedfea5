/**
 * Targets in the shape that an objective or a metric needs.
 *
 * @module
 */

import { converted } from "../core/functions/converted.ts";
import { checkedIndices } from "../core/functions/checked_indices.ts";
import { isFloat } from "../core/dtype.ts";
import { tensorKind } from "../core/options/kinds.ts";
import { checkArguments } from "../core/options/read.ts";
import { sameShape, showShape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";

/** The mean over the last axis. */
export function meanOverFeatures(x: Tensor): Tensor {
  return x.mean({ axis: -1 });
}

/** Numbers in f32 unless they are floats: differences of whole numbers wrap around, and their means are cut off. */
export function inFloats(x: Tensor): Tensor {
  return isFloat(x.dtype) ? x : converted(x, "f32");
}

/**
 * Predictions and targets in one shape, as floats. [N] and [N, 1] are both taken as [N, 1]; nothing else is broadcast,
 * because that would compare each prediction with the targets of other examples.
 *
 * @throws {TypeError} if the shapes do not match.
 */
export function alike(name: string, prediction: Tensor, target: Tensor): [prediction: Tensor, target: Tensor] {
  checkArguments(`compute ${name}`, { prediction, target }, tensorKind);
  const [p, t] = [inFloats(prediction), inFloats(target)];
  if (p.shape.length + t.shape.length === 0) {
    throw new TypeError(
      `Cannot compute ${name} of two scalars: expected predictions of [example, …], and their targets`,
    );
  }
  if (sameShape(p.shape, t.shape)) return p.shape.length === 1 ? [p.expandDims(-1), t.expandDims(-1)] : [p, t];
  if (sameShape(p.shape, [...t.shape, 1])) return [p, t.reshape(p.shape)];
  if (sameShape(t.shape, [...p.shape, 1])) return [p.reshape(t.shape), t];
  throw new TypeError(
    `Cannot compute ${name} of predictions ${showShape(prediction.shape)} and targets ${showShape(target.shape)}: ` +
      `expected targets of the shape of the predictions${areClasses(prediction, target) ? ADVICE : ""}`,
  );
}

const ADVICE = "; for class numbers use a categorical objective and metric, or rows made by oneHot";

/** Whether targets are class numbers: they have one axis less than the predictions. */
export function areClasses(prediction: Tensor, target: Tensor): boolean {
  return sameShape(target.shape, prediction.shape.slice(0, -1)) && prediction.shape.length > 0;
}

/**
 * Throws unless targets are class numbers, or rows of the shape of the predictions.
 *
 * @throws {TypeError} if the shapes do not match.
 */
export function checkClasses(name: string, prediction: Tensor, target: Tensor): void {
  checkArguments(`compute ${name}`, { prediction, target }, tensorKind);
  if (areClasses(prediction, target) || sameShape(prediction.shape, target.shape)) return;
  const classes = prediction.shape.slice(0, -1);
  throw new TypeError(
    `Cannot compute ${name} of predictions ${showShape(prediction.shape)} and targets ${showShape(target.shape)}: ` +
      `expected class numbers of ${showShape(classes)}, or rows of ${showShape(prediction.shape)}`,
  );
}

/**
 * Class numbers as i32. Those that do not belong to the predictions are refused if the host has them, and otherwise
 * reported by the next read.
 *
 * @throws {RangeError} with the class and the number of classes.
 */
export function checkedClasses(prediction: Tensor, classes: Tensor): Tensor {
  const size = prediction.shape.at(-1) ?? 1;
  return checkedIndices(classes, { size, action: "compare with class", table: "the prediction", entries: "classes" });
}

/** Which targets are of another class than the one to be ignored, as bool of their shape. */
export function isOther(target: Tensor, ignored: number): Tensor {
  // As a whole number, 0.5 would be 0 and -0.5 too, and NaN would be a class.
  return (isFloat(target.dtype) ? target : converted(target, "i32")).notEqual(ignored);
}

/**
 * Targets with class 0 instead of class numbers of weight 0, which may be those of no class, or NaN. Other targets are
 * returned as they are.
 *
 * @param weights numbers or bool, of the first axes of the targets; if they have another shape, nothing is replaced
 */
export function countedClasses(prediction: Tensor, target: Tensor, weights: Tensor | undefined): Tensor {
  if (weights === undefined || target.dtype === "bool" || !areClasses(prediction, target)) return target;
  const rank = weights.shape.length;
  if (!sameShape(target.shape.slice(0, rank), weights.shape)) return target;
  const counts = weights.dtype === "bool" ? weights : weights.notEqual(0);
  const others = target.shape.slice(rank).map(() => 1);
  return counts.reshape([...weights.shape, ...others]).broadcastTo(target.shape).where(target, 0);
}

/** Which element of each row belongs to the class, as bool of the shape of the predictions. */
export function isClass(prediction: Tensor, classes: Tensor): Tensor {
  const wide = converted(classes, "i32").expandDims(-1).broadcastTo(prediction.shape);
  return wide.equal(wide.indexAlong(-1));
}

/**
 * Targets as rows of floats: those given, or one-hot rows of class numbers.
 *
 * @throws {TypeError} if the shapes do not match.
 */
export function asRows(name: string, prediction: Tensor, target: Tensor): Tensor {
  checkClasses(name, prediction, target);
  if (!areClasses(prediction, target)) return inFloats(target);
  return isClass(prediction, checkedClasses(prediction, target)).cast("f32");
}
