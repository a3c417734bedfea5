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
import { getObjective } from "../../optim/registry.ts";
import { checkedAnswers, checkedRows } from "./checked_classes.ts";
import { areClasses, asRows, inFloats, isClass } from "../../optim/targets.ts";
import { countedTargets } from "./ignored_class.ts";
import { knownName, nameOf, optionsOf } from "./measure_names.ts";
import { unitsIn } from "./unit_count.ts";

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

/** Predictions [example, …, class], and their targets: class numbers, or rows of the same shape. */
interface Compared {
  readonly prediction: Tensor;
  readonly target: Tensor;
}

/**
 * Whether class weights are factors of the terms of a cost, that of each class with the weight of this class, and not of
 * the whole cost: in categorical cross-entropies of targets with shares of several classes.
 */
export function weighsTerms(objective: Objective, emphasis: TaskEmphasis, compared: Compared): boolean {
  if (emphasis.classWeights === undefined || smoothedTargets(objective) !== "classes") return false;
  return smoothingIn(objective, emphasis) > 0 || !areClasses(compared.prediction, compared.target);
}

/** The label smoothing of a training, or of the objective itself. */
function smoothingIn(objective: Objective, { labelSmoothing = 0 }: TaskEmphasis): number {
  const { labelSmoothing: own } = optionsOf(objective);
  return typeof own === "number" && own > 0 ? own : labelSmoothing;
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
  if (smoothedTargets(objective) === "answers") {
    if (labelSmoothing === 0) return objective;
    return (prediction, target) =>
      objective(prediction, spread(inFloats(target), { share: labelSmoothing, classes: 2 }));
  }
  if (labelSmoothing === 0 && classWeights === undefined) return objective;
  return (prediction, target) => {
    if (classWeights && !weighsTerms(objective, emphasis, { prediction, target })) return objective(prediction, target);
    return ofTerms(objective, emphasis, { prediction, target });
  };
}

function ofTerms(objective: Objective, emphasis: TaskEmphasis, { prediction, target }: Compared): Tensor {
  const { classWeights } = emphasis;
  const counts = countedTargets(objective, { prediction, target });
  // What does not count may be NaN, and its class may exceed the predictions.
  const known = counts ? counts.expandDims(-1).broadcastTo(prediction.shape).where(prediction, 0) : prediction;
  const rows = asRows("labelSmoothing", known, counts ? counts.where(target, 0) : target);
  const smooth = spread(rows, { share: smoothingIn(objective, emphasis), classes: unitsIn(rows.shape) });
  const costs = withoutOptions(objective)(known, classWeights ? smooth.mul(tensor([...classWeights])) : smooth);
  return counts ? counts.where(costs, 0) : costs;
}

/** The objective of which another one has options. */
function withoutOptions(objective: Objective): Objective {
  const hasOptions = Object.keys(optionsOf(objective)).length > 0;
  return hasOptions ? getObjective(nameOf(objective)) : objective;
}

/** How targets are spread. */
interface Spreading {
  readonly share: number;
  readonly classes: number;
}

function spread(rows: Tensor, { share, classes }: Spreading): Tensor {
  return share === 0 ? rows : rows.mul(1 - share).add(share / classes);
}

/** Predictions and targets that are weighed by their classes. */
export interface Weighed extends Compared {
  /**
   * The weights of the examples, if targets are to be checked by the device: what counts must be of one class, or an
   * answer (default: no checks).
   */
  readonly checked?: Tensor | undefined;
}

/** The class weight of each target, [example], or of each time step. */
export function weightsOfTargets(objective: Objective, classWeights: readonly number[], weighed: Weighed): Tensor {
  const { prediction, target } = weighed;
  const haveShares = smoothedTargets(objective) === "classes" && !areClasses(prediction, target);
  return haveShares ? weightsOfShares(classWeights, inFloats(target)) : weightsOfClasses(classWeights, weighed);
}

/**
 * The mean weight of the classes of rows by their shares, Σⱼ wⱼ tⱼ / Σⱼ tⱼ: that of the class if there is only one. All
 * classes have the same share in a row without any.
 */
function weightsOfShares(classWeights: readonly number[], rows: Tensor): Tensor {
  const total = rows.sum({ axis: -1 });
  const isEmpty = total.equal(0);
  const mean = classWeights.reduce((sum, one) => sum + one, 0) / classWeights.length;
  return isEmpty.where(mean, rows.mul(tensor([...classWeights])).sum({ axis: -1 }).div(isEmpty.where(1, total)));
}

/**
 * The weight of the class of each target, [example], or of each time step. Rows of one class name it by their greatest
 * element, and targets of a single unit are class 1 from 0.5 on. Other class numbers have the weight 0.
 */
function weightsOfClasses(
  classWeights: readonly number[],
  { prediction, target, checked }: Weighed,
): Tensor {
  const classes = prediction.shape.at(-1)!;
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
