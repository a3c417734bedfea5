/**
 * Whether an objective of yes/no answers fits the targets: others would give costs below 0, or no gradient.
 *
 * @module
 */

import { showValue } from "../../core/options/show.ts";
import type { Data } from "../../data/data.ts";
import type { Objective } from "../../optim/objectives.ts";
import { firstTargets } from "./classes.ts";
import { knownName, nameOf } from "./measure_names.ts";

/** The targets of an objective. */
interface Answers {
  readonly expected: string;
  /** Returns the first target that does not fit, if there is one. */
  readonly misfit: (targets: readonly number[]) => number | undefined;
  readonly cure: string;
}

const probabilities: Answers = {
  expected: "targets from 0 to 1",
  misfit: (targets) => targets.find((one) => one < 0 || one > 1),
  cure: "for more than two classes end the network in logisticRegression, without an objective",
};

const answers: Readonly<Record<string, Answers>> = {
  binaryCrossentropyError: probabilities,
  binaryCrossentropyFromLogits: probabilities,
};

/**
 * Throws if an objective of yes/no answers is used for targets that are none. Of targets that are not class numbers,
 * the first examples are tried.
 *
 * @param action what is to be done, for the message: `train "mlp" on digits`
 * @throws {TypeError} with a target, and the cure.
 */
export function checkTargets(action: string, { training, classes }: Data, objective: Objective): void {
  const known = knownName(objective);
  if (known === undefined || !Object.hasOwn(answers, known)) return;
  const { expected, misfit, cure } = answers[known];
  const { dtype, shape } = training.rows.y;
  const isNumbered = dtype === "i32" && shape.length === 1;
  const targets = isNumbered ? Array.from({ length: classes ?? 0 }, (_, i) => i) : firstTargets(training);
  const odd = misfit(targets);
  if (odd === undefined) return;
  const got = isNumbered ? `class ${odd}` : showValue(odd);
  throw new TypeError(`Cannot ${action} with ${nameOf(objective)}: expected ${expected}, got ${got}; ${cure}`);
}
