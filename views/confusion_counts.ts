/**
 * The confusion of classes.
 *
 * @module
 */

import { refuseSurplus } from "../core/options/surplus.ts";
import { classCountKind, classesKind, modelKind, setKind } from "./argument_kinds.ts";
import { refuseOtherNames } from "../core/options/other_names.ts";
import { checkArgument, checkArguments } from "../core/options/read.ts";
import type { Tensor } from "../core/tensor.ts";
import type { NamedData } from "../data/data.ts";
import type { TensorSet } from "../data/tensor_set.ts";
import { isTensor } from "../model/predict.ts";
import type { Model } from "../model/model.ts";

/** The number of examples of each class that were predicted as each class. */
export interface Confusion {
  /** `counts[target][prediction]` */
  readonly counts: readonly (readonly number[])[];
  /** All examples. */
  readonly total: number;
  /** The misclassified ones. */
  readonly wrong: number;
}

/**
 * Counts how often each class was predicted as each class.
 *
 * @param predictions the predicted classes
 * @param targets the true classes @param classes the number of classes; default: one more than the highest class
 * @throws {RangeError} if there are not as many predictions as targets, or a class is not a whole number below
 *   `classes`.
 *
 * @example
 * ```ts
 * import { countConfusion } from "@yadll/yadll/views";
 * import { assertEquals } from "@std/assert";
 *
 * const { counts, total, wrong } = countConfusion([0, 1, 1], [0, 1, 0]);
 * assertEquals(counts, [[1, 1], [0, 1]]);
 * assertEquals([total, wrong], [3, 1]);
 * ```
 */
export function countConfusion(
  predictions: ArrayLike<number>,
  targets: ArrayLike<number>,
  classes?: number,
): Confusion {
  checkArguments("count confusions", { predictions, targets }, classesKind);
  const count = classes === undefined ? highest(predictions, highest(targets, -1)) + 1 : classes;
  checkArguments("count confusions", { classes: count }, classCountKind);
  const total = targets.length;
  if (predictions.length !== total) {
    throw new RangeError(`Cannot compare ${predictions.length} predictions with ${total} targets`);
  }
  const counts = Array.from({ length: count }, () => new Array<number>(count).fill(0));
  let wrong = 0;
  for (let i = 0; i < total; i++) {
    const [target, prediction] = [targets[i], predictions[i]];
    for (const one of [target, prediction]) {
      if (one in counts) continue;
      throw new RangeError(
        `Cannot count class ${one} of example ${i}: expected a whole number from 0 to ${count - 1}`,
      );
    }
    counts[target][prediction]++;
    if (target !== prediction) wrong++;
  }
  return { counts, total, wrong };
}

function highest(classes: ArrayLike<number>, least: number): number {
  let found = least;
  for (let i = 0; i < classes.length; i++) found = Math.max(found, classes[i]);
  return found;
}

/**
 * Counts how often a trained model predicts each class as each class.
 *
 * @param set the examples; default: the test set, or the validation set if there is no test set
 * @throws {TypeError} if the model does not end in a softmax.
 * @throws {RangeError} if an output of the model is NaN.
 *
 * @example
 * ```ts
 * import { data, digitsLoader, inputLayer, logisticRegression, model, network } from "@yadll/yadll";
 * import { confusionOf } from "@yadll/yadll/views";
 * import { assertEquals } from "@std/assert";
 *
 * const input = inputLayer({ shape: [null, 784] });
 * const { model: trained, report } = await model({
 *   network: network("softmax", [input, logisticRegression(input, { nClass: 10 })]),
 *   data: data(digitsLoader({ sizes: [200, 50, 50] })),
 *   hyperparameters: { batchSize: 50, nEpochs: 1, learningRate: 0.1 },
 * }).train();
 * const { total, wrong } = await confusionOf(trained);
 * assertEquals((wrong / total * 100).toFixed(3), report.testError!.toFixed(3));
 * ```
 */
export async function confusionOf(
  model: Model<NamedData>,
  given?: Pick<TensorSet, "x" | "y">,
): Promise<Confusion> {
  refuseSurplus("confusionOf", arguments, 3);
  checkArgument("count confusions", model, modelKind);
  const set = given === undefined ? model.data.test ?? model.data.validation : given;
  checkArguments("count confusions", { set }, setKind);
  if (given) refuseOtherNames("count confusions", given, { what: "the set", names: ["x", "y"] });
  if (!model.network.hasLogits) {
    throw new TypeError(
      `Cannot count confusions of network ${JSON.stringify(model.network.name)}: expected a softmax at its end`,
    );
  }
  const { x, y } = set;
  if (!isTensor(x) || !isTensor(y)) {
    throw new TypeError(
      `Cannot count confusions of network ${JSON.stringify(model.network.name)}: expected sets of one input and one ` +
        "output without names, got several by name; pass the predicted and the true classes to countConfusion",
    );
  }
  const predictions = await model.predict(x).data();
  const undefinedAt = predictions.indexOf(-1);
  if (undefinedAt >= 0) {
    throw new RangeError(
      `Cannot count confusions of network ${JSON.stringify(model.network.name)}: ` +
        `its output for example ${undefinedAt} is NaN`,
    );
  }
  return countConfusion(predictions, await classesOf(y).data(), model.network.outputShape.at(-1) ?? undefined);
}

/** Returns class numbers, which may be given as one-hot rows. */
function classesOf(y: Tensor): Tensor {
  return y.shape.length === 1 ? y : y.argmax({ axis: -1 });
}
