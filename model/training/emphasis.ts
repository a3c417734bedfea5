/**
 * What counts more in training: classes by their weights, and less certain targets by smoothing. Validation and test
 * measure the objective as it is.
 *
 * @module
 */

import { tensor } from "../../core/creation.ts";
import { finite, share } from "../../core/options/numbers.ts";
import { list } from "../../core/options/values.ts";
import type { Tensor } from "../../core/tensor.ts";
import { firstGreatest } from "../../optim/first_greatest.ts";
import type { Objective } from "../../optim/objectives.ts";
import { checkedAnswers, checkedRows } from "./checked_classes.ts";
import { areClasses, asRows, inFloats, isClass } from "../../optim/targets.ts";
import { knownName } from "./measure_names.ts";

/** How a training weighs classes and smooths targets. */
export interface Emphasis {
  /** The weight of each class (default: all 1). */
  readonly classWeights?: readonly number[] | undefined;
  /** The share of each target that is spread evenly over all classes (default: 0). */
  readonly labelSmoothing?: number | undefined;
}

/** What counts more in a training, and whether targets are mixed. */
export interface TaskEmphasis extends Emphasis {
  /** The augmentation that mixes targets, so a row has shares of several classes (default: none does). */
  readonly mixedBy?: string | undefined;
}

/** The weights of classes, as an option. */
export const classWeights = list(finite({ least: 0 }), { items: "weights", help: "weight of each class in training" });

/** Label smoothing, as an option. */
export const labelSmoothing = share({
  default: 0,
  help: "share of each target that is spread evenly over all classes in training",
});

/** Objectives whose targets may be smoothed: of one class among several, or of yes/no answers. */
const smoothable: Readonly<Record<string, "classes" | "answers">> = {
  categoricalCrossentropyError: "classes",
  categoricalCrossentropyFromLogits: "classes",
  binaryCrossentropyError: "answers",
  binaryCrossentropyFromLogits: "answers",
};

/** What the targets of an objective are that may be smoothed; undefined for others. */
export function smoothedTargets(objective: Objective): "classes" | "answers" | undefined {
  const name = knownName(objective);
  return name !== undefined && Object.hasOwn(smoothable, name) ? smoothable[name] : undefined;
}

/** Whether the costs of an objective are multiplied by the class weights already, because its targets are. */
export function hasWeightedTargets(objective: Objective, emphasis: TaskEmphasis): boolean {
  const { classWeights, labelSmoothing = 0, mixedBy } = emphasis;
  return (labelSmoothing > 0 || mixedBy !== undefined) && classWeights !== undefined &&
    smoothedTargets(objective) === "classes";
}

/**
 * An objective of smoothed targets: 1 − ε for the class, and ε evenly for all, so that each of C classes has at least
 * ε / C. With class weights, the share of each class has its weight.
 *
 * Source: Szegedy and others, "Rethinking the inception architecture for computer vision", 2015. The weights are those
 * of `torch.nn.CrossEntropyLoss`.
 */
export function smoothing(objective: Objective, emphasis: TaskEmphasis): Objective {
  const { classWeights, labelSmoothing = 0 } = emphasis;
  if (labelSmoothing === 0 && !hasWeightedTargets(objective, emphasis)) return objective;
  const spread = (rows: Tensor, classes: number): Tensor =>
    labelSmoothing === 0 ? rows : rows.mul(1 - labelSmoothing).add(labelSmoothing / classes);
  if (smoothedTargets(objective) === "answers") {
    return (prediction, target) => objective(prediction, spread(inFloats(target), 2));
  }
  return (prediction, target) => {
    const rows = asRows("labelSmoothing", prediction, target);
    const smooth = spread(rows, rows.shape.at(-1) ?? 1);
    return objective(prediction, classWeights ? smooth.mul(tensor([...classWeights])) : smooth);
  };
}

/** Predictions and targets that are weighed by their classes. */
export interface Weighed {
  /** [example, …, class] */
  readonly prediction: Tensor;
  readonly target: Tensor;
  /**
   * The weights of the examples, if targets are to be checked by the device: what counts must be of one class, or an
   * answer (default: no checks).
   */
  readonly checked?: Tensor | undefined;
}

/** The mean weight of the classes of mixed targets, by their shares, [example]: that of the class if it is not mixed. */
export function weightsOfShares(classWeights: readonly number[], { prediction, target }: Weighed): Tensor {
  return asRows("classWeights", prediction, target).mul(tensor([...classWeights])).sum({ axis: -1 });
}

/**
 * The weight of the class of each target, [example], or of each time step. Rows name their class by their greatest
 * element, and targets of a single unit are class 1 from 0.5 on. Other class numbers, such as those that an objective
 * ignores, have the weight 0.
 */
export function weightsOfClasses(
  classWeights: readonly number[],
  { prediction, target, checked }: Weighed,
): Tensor {
  const classes = prediction.shape.at(-1) ?? 1;
  if (classes === 1) {
    const answers = areClasses(prediction, target) ? target : target.reshape(target.shape.slice(0, -1));
    const numbers = inFloats(answers);
    const isYes = checked ? checkedAnswers(numbers, checked).equal(1) : numbers.greaterEqual(0.5);
    return isYes.where(classWeights[1], classWeights[0]);
  }
  const rows = inFloats(target);
  const named = areClasses(prediction, target) ? target : firstGreatest(rows, { ofNaN: classes });
  const numbers = checked && named !== target ? checkedRows(rows, named, checked) : named;
  return isClass(prediction, numbers).where(tensor([...classWeights]), 0).sum({ axis: -1 });
}
