/**
 * Targets in the shape that an objective or a metric needs.
 *
 * @module
 */

import { converted } from "../core/functions/converted.ts";
import { checkedIndices } from "../core/functions/checked_indices.ts";
import { tensorKind } from "../core/options/kinds.ts";
import { checkArguments } from "../core/options/read.ts";
import { sameShape, showShape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";

/**
 * Predictions and targets in one shape. [N] and [N, 1] are both taken as [N, 1]; nothing else is broadcast, because
 * that would compare each prediction with the targets of other examples.
 *
 * @throws {TypeError} if the shapes do not match.
 */
export function alike(name: string, prediction: Tensor, target: Tensor): [prediction: Tensor, target: Tensor] {
  checkArguments(`compute ${name}`, { prediction, target }, tensorKind);
  if (sameShape(prediction.shape, target.shape)) return [prediction, target];
  if (sameShape(prediction.shape, [...target.shape, 1])) return [prediction, target.reshape(prediction.shape)];
  if (sameShape(target.shape, [...prediction.shape, 1])) return [prediction.reshape(target.shape), target];
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

/** Which element of each row belongs to the class, as bool of the shape of the predictions. */
export function isClass(prediction: Tensor, classes: Tensor): Tensor {
  const wide = converted(classes, "i32").expandDims(-1).broadcastTo(prediction.shape);
  return wide.equal(wide.indexAlong(-1));
}

/**
 * Targets as rows: those given, or one-hot rows of class numbers.
 *
 * @throws {TypeError} if the shapes do not match.
 */
export function asRows(name: string, prediction: Tensor, target: Tensor): Tensor {
  checkClasses(name, prediction, target);
  if (!areClasses(prediction, target)) return target;
  return isClass(prediction, checkedClasses(prediction, target)).cast("f32");
}
