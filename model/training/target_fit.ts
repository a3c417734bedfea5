/**
 * Whether an objective of yes/no answers fits the targets: others would give costs below 0, no gradient, or margins that
 * mean nothing.
 *
 * @module
 */

import { showValue } from "../../core/options/show.ts";
import type { Data } from "../../data/data.ts";
import type { Objective } from "../../optim/objectives.ts";
import { featuresOf } from "../../data/samples.ts";
import { isCategorical } from "./choose_task.ts";
import { firstTargets } from "./classes.ts";
import type { Network } from "../network.ts";
import { knownName, nameOf } from "./measure_names.ts";

/** The targets of an objective. */
interface Answers {
  readonly expected: string;
  /** Whether a target fits. */
  readonly fits: (target: number) => boolean;
  readonly cure: string;
}

const probabilities: Answers = {
  expected: "targets from 0 to 1",
  fits: (target) => !(target < 0 || target > 1),
  cure: "for more than two classes end the network in logisticRegression, without an objective",
};

const signs: Answers = {
  expected: "targets -1 and 1, or 0 and 1",
  fits: (target) => target === 0 || Math.abs(target) === 1,
  cure: "for numbers use another objective, such as meanSquaredError",
};

const answers: Readonly<Record<string, Answers>> = {
  binaryCrossentropyError: probabilities,
  binaryCrossentropyFromLogits: probabilities,
  binaryHingeError: { ...signs, cure: `${signs.cure}, and for more than two classes categoricalHingeError` },
  categoricalHingeError: signs,
};

/** A network, and the data that it learns from. */
interface Learned {
  readonly network: Network;
  readonly data: Data;
}

/**
 * Throws if an objective of yes/no answers is used for targets that are none. Of targets that are not class numbers,
 * the first examples are tried.
 *
 * @param action what is to be done, for the message: `train "mlp" on digits`
 * @throws {TypeError} with a target, and the cure.
 */
export function checkTargets(action: string, { network, data }: Learned, objective: Objective): void {
  const { training, classes = 0 } = data;
  const known = knownName(objective);
  if (known === undefined || !Object.hasOwn(answers, known)) return;
  const { dtype, shape } = training.rows.y;
  // Class numbers have one axis less than the outputs; categorical objectives make rows of them.
  if (isCategorical(objective) && shape.length < network.outputShape.length) return;
  const { expected, fits, cure } = answers[known];
  const isNumbered = dtype === "i32" && shape.length === 1;
  const targets = isNumbered ? Array.from({ length: classes }, (_, i) => i) : firstTargets(training);
  const at = targets.findIndex((target) => !fits(target));
  if (at < 0) return;
  const row = Math.floor(at / featuresOf(shape));
  const got = isNumbered ? `class ${at}` : `${showValue(targets[at])} in row ${row} of the training set`;
  throw new TypeError(`Cannot ${action} with ${nameOf(objective)}: expected ${expected}, got ${got}; ${cure}`);
}
