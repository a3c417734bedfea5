/**
 * Whether classes can be weighed, and targets smoothed.
 *
 * @module
 */

import type { TargetSet } from "../../data/tensor_set.ts";
import type { Objective } from "../../optim/objectives.ts";
import type { Network } from "../network.ts";
import { readClasses, type TargetClasses } from "./classes.ts";
import { smoothedTargets, type TaskEmphasis } from "./emphasis.ts";
import { ignoredBy } from "./ignored_class.ts";
import { nameOf, optionsOf } from "./measure_names.ts";
import { findTarget, otherThanAnswersOf } from "./target_scan.ts";
import { unitsIn } from "./unit_count.ts";

/** An emphasis, and what it is for. */
export interface Emphasized {
  readonly network: Network;
  readonly objective: Objective;
  readonly emphasis: TaskEmphasis;
}

/** The number of classes of a network; a single unit answers yes or no. */
export function classCount({ outputShape }: Network): number {
  return Math.max(2, unitsIn(outputShape));
}

/**
 * Throws if a network does not have as many classes as weights, or the targets of an objective cannot be smoothed.
 *
 * @param action what is to be done, for the message: `train "mlp" on digits`
 * @throws {RangeError} if there are not as many weights as classes, or all are 0.
 * @throws {TypeError} if the objective has no targets that can be smoothed.
 */
export function checkEmphasis(action: string, { network, objective, emphasis }: Emphasized): void {
  const { classWeights, labelSmoothing = 0, mixedBy } = emphasis;
  if (mixedBy !== undefined) checkMixing(action, objective, { classWeights, mixedBy });
  if (classWeights !== undefined) {
    const classes = classCount(network);
    if (classWeights.length !== classes) {
      throw new RangeError(
        `Cannot ${action} with classWeights: expected one for each of ${classes} classes, the outputs of the network, ` +
          `got ${classWeights.length}`,
      );
    }
    if (classWeights.every((one) => one === 0)) {
      throw new RangeError(`Cannot ${action} with classWeights: expected at least one above 0, got only zeros`);
    }
  }
  if (labelSmoothing === 0) return;
  const refuse = (cure: string): TypeError =>
    new TypeError(
      `Cannot ${action} with labelSmoothing: expected a cross-entropy as objective, got ${nameOf(objective)}${cure}`,
    );
  if (smoothedTargets(objective) === undefined) throw refuse("; smooth the targets of your own objective in it");
  if (Object.keys(optionsOf(objective)).length > 0) {
    throw refuse(" with options of its own; pass labelSmoothing to getObjective as well");
  }
}

/**
 * Throws if the costs of mixed targets would not be the mixed costs.
 *
 * @throws {TypeError} with the cure.
 */
function checkMixing(action: string, objective: Objective, { classWeights, mixedBy }: TaskEmphasis): void {
  const refuse = (option: string, expected: string): TypeError =>
    new TypeError(`Cannot ${action} with ${mixedBy} and ${option}: expected ${expected}, got ${nameOf(objective)}`);
  if (ignoredBy(objective) !== undefined) throw refuse("ignoreIndex", "an objective that counts all classes");
  if (classWeights !== undefined && smoothedTargets(objective) !== "classes") {
    throw refuse("classWeights", "a categorical cross-entropy as objective");
  }
}

/** A set whose classes are to be weighed, and what learns from it. */
export interface WeighedClasses {
  readonly network: Network;
  readonly objective: Objective;
  readonly set: TargetSet;
}

/**
 * Throws if the targets of a set are no classes, which could be weighed, or a row may have several of them.
 *
 * @throws {TypeError} with the cure.
 */
export function checkWeighedClasses(action: string, { network, objective, set }: WeighedClasses): void {
  const isSingle = unitsIn(network.outputShape) === 1;
  const { found, certain } = isSingle ? answersIn(set) : readClasses(set, network);
  if (certain || found !== "no" && smoothedTargets(objective) === "classes") return;
  if (found !== "no") {
    throw new TypeError(
      `Cannot ${action} with classWeights: expected one class per row of targets, got rows with several classes, or ` +
        "none; weigh the columns in an objective of your own",
    );
  }
  throw new TypeError(
    `Cannot ${action} with classWeights: expected targets that are classes${
      isSingle ? ", 0 and 1 or -1 and 1" : ""
    }, ` +
      "got other numbers; give the sets weights instead, one per example",
  );
}

/** Whether all targets are 0 and 1, or all are -1 and 1. */
function answersIn(set: TargetSet): TargetClasses {
  const certain = [0, -1].some((no) => findTarget(set, otherThanAnswersOf(no)) === undefined);
  return { found: certain ? "yes" : "no", certain };
}
