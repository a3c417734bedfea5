/**
 * The loss of an objective of the output and the targets.
 *
 * @module
 */

import { showValue } from "../../core/options/show.ts";
import type { Declaration } from "../../core/options/option.ts";
import { categoricalCrossentropyError, type Objective } from "../../optim/objectives.ts";
import { getObjective } from "../../optim/registry.ts";
import { modelParts } from "../model_options.ts";
import type { Network } from "../network.ts";
import { checkEmphasis } from "./check_emphasis.ts";
import { classWeights, type Emphasis, labelSmoothing } from "./emphasis.ts";
import type { Batch, Loss } from "./loss.ts";
import { outcome } from "./outcome.ts";
import { checkOutput } from "./output_fit.ts";

/** What a training step minimizes. */
export interface ObjectiveOptions extends Emphasis {
  /** The function to minimize, or its name (default: the categorical cross-entropy). */
  readonly objective?: Objective | string | undefined;
}

/** {@linkcode ObjectiveOptions}, declared. */
export const objectiveOptions = {
  objective: modelParts.objective,
  classWeights,
  labelSmoothing,
} satisfies Declaration<ObjectiveOptions>;

/**
 * The loss of an objective for a network.
 *
 * @throws {TypeError} if the objective does not fit the last layer, or its targets cannot be weighed or smoothed.
 * @throws {RangeError} if there are not as many weights as classes.
 */
export function objectiveLoss(network: Network, options: ObjectiveOptions): Loss<Batch> {
  const { objective: given = categoricalCrossentropyError, classWeights, labelSmoothing } = options;
  const emphasis = { classWeights, labelSmoothing };
  const objective = typeof given === "string" ? getObjective(given) : given;
  const action = `make a training step of ${showValue(network.name)}`;
  checkOutput(action, network, objective);
  checkEmphasis(action, { network, objective, emphasis });
  return ({ network, ...passing }, batch) => {
    const { cost, weights, state } = outcome({ network, objective, error: null, emphasis }, batch, passing);
    return { cost, divisor: weights?.cost.sum(), state };
  };
}
