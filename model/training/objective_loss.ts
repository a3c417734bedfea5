/**
 * The loss of objectives of the outputs and the targets.
 *
 * @module
 */

import { refuseOtherNames } from "../../core/options/other_names.ts";
import { showValue } from "../../core/options/show.ts";
import { custom, type Declaration } from "../../core/options/option.ts";
import { either } from "../../core/options/values.ts";
import { Tensor } from "../../core/tensor.ts";
import { categoricalCrossentropyError, type Objective } from "../../optim/objectives.ts";
import { getObjective } from "../../optim/registry.ts";
import { lossWeightsOption, objectiveOption } from "../model_options.ts";
import { checkNames } from "../check_names.ts";
import { isPlainRecord } from "../files/json.ts";
import type { Network } from "../network.ts";
import { checkEmphasis } from "./check_emphasis.ts";
import { classWeights, type Emphasis, labelSmoothing, smoothedTargets } from "./emphasis.ts";
import type { Loss, RecordBatch } from "./loss.ts";
import { outcome } from "./outcome.ts";
import { checkOutput } from "./output_fit.ts";
import { checkBatchTargets, meanCostOf, outcomesOf, type Output, totalCost } from "./outputs.ts";

/** What a training step minimizes. */
export interface ObjectiveOptions extends Emphasis {
  /**
   * The function to minimize, or its name (default: the categorical cross-entropy). For several outputs, a record of these
   * by the names of the outputs, and targets by these names; a network of one named output takes both forms.
   */
  readonly objective?: Objective | string | Readonly<Record<string, Objective | string>> | undefined;
  /** The factors of the costs of several outputs, by their names (default: all 1). */
  readonly lossWeights?: Readonly<Record<string, number>> | undefined;
  /**
   * The weight of each class (default: all 1). Unless the objective compares classes, each row of targets must be of one
   * class, and targets of a single unit must be 0 and 1, or -1 and 1: others are reported by the next read.
   */
  readonly classWeights?: readonly number[] | undefined;
}

const objectiveRecord = custom<Readonly<Record<string, Objective | string>>>({
  expected: "a record of objectives by the names of the outputs",
  accepts: (value): value is Readonly<Record<string, Objective | string>> =>
    isPlainRecord(value) && Object.keys(value).length > 0 && Object.values(value).every(objectiveOption.accepts),
});

/** {@linkcode ObjectiveOptions}, declared. */
export const objectiveOptions = {
  objective: either([objectiveOption, objectiveRecord], {
    help: "function to minimize, or its name; for several outputs, a record of these by their names",
    otherwise: "categoricalCrossentropyError",
  }),
  lossWeights: lossWeightsOption,
  classWeights,
  labelSmoothing,
} satisfies Declaration<ObjectiveOptions>;

/**
 * The loss of objectives for a network.
 *
 * @param mixedBy the augmentation that mixes targets, if there is one
 * @throws {TypeError} if an objective does not fit its layer, or its targets cannot be weighed or smoothed.
 * @throws {RangeError} if there are not as many weights as classes, or names are not those of the outputs.
 */
export function objectiveLoss(
  network: Network,
  options: ObjectiveOptions,
  mixedBy?: string,
): Loss<RecordBatch> {
  const { objective: given = categoricalCrossentropyError, lossWeights, classWeights, labelSmoothing } = options;
  const action = `make a training step of ${showValue(network.name)}`;
  if (network.outputNames.length > 1 || network.namedOutputs && typeof given === "object") {
    return lossOfOutputs(action, network, options);
  }
  if (typeof given === "object" || lossWeights !== undefined) {
    throw new TypeError(`Cannot ${action} with an objective for each output: the network has only one output`);
  }
  const emphasis = { classWeights, labelSmoothing, mixedBy };
  const objective = resolved(given);
  checkOutput(action, network, objective);
  checkEmphasis(action, { network, objective, emphasis });
  const checksClasses = smoothedTargets(objective) !== "classes";
  return ({ network, ...passing }, batch) => {
    checkBatch(network, batch);
    const { x, y, weights: given } = batch;
    if (!(y instanceof Tensor)) throw new TypeError(`Cannot ${action}: expected one tensor of targets, got a record`);
    const measures = { network, objective, error: null, emphasis, checksClasses };
    const { cost, weights, state } = outcome(measures, { x, y, weights: given }, passing);
    return { cost, divisor: weights?.cost.sum(), state };
  };
}

/** Refuses what only a loss of your own could read. */
function checkBatch({ name }: Network, batch: RecordBatch): void {
  refuseOtherNames(`train ${showValue(name)}`, batch, {
    what: "the batch",
    names: ["x", "y", "weights"] satisfies (keyof RecordBatch)[],
  });
}

function resolved(objective: Objective | string): Objective {
  return typeof objective === "string" ? getObjective(objective) : objective;
}

function lossOfOutputs(action: string, network: Network, options: ObjectiveOptions): Loss<RecordBatch> {
  const outputs = outputsOf(action, network, options);
  return ({ network, ...passing }, batch) => {
    checkBatch(network, batch);
    checkBatchTargets(network, outputs, batch.y);
    const found = outcomesOf(outputs, batch, passing);
    const figures = outputs.map(({ name }, i) => [`${name}/loss`, meanCostOf(found[i])] as const);
    return { ...totalCost(outputs, found), state: found[0].state, figures: Object.fromEntries(figures) };
  };
}

/**
 * The outputs of a network with their objectives.
 *
 * @throws {RangeError} for the name of an output that the network does not have; the message has the nearest one.
 * @throws {TypeError} if an output has no objective, or classes are to be weighed.
 */
function outputsOf(action: string, network: Network, options: ObjectiveOptions): Output[] {
  const { objective, lossWeights = {}, classWeights, labelSmoothing } = options;
  if (classWeights !== undefined || labelSmoothing) {
    throw new TypeError(
      `Cannot ${action} with classWeights or labelSmoothing: expected a network with one output, got several; use a loss ` +
        "of your own",
    );
  }
  const expected = network.outputNames;
  if (typeof objective !== "object") {
    throw new TypeError(`Cannot ${action}: expected an objective for each of the outputs ${expected.join(", ")}`);
  }
  checkNames(action, "objectives", { expected, got: Object.keys(objective) });
  checkNames(action, "outputs", { expected, got: [...expected, ...Object.keys(lossWeights)] });
  return expected.map((name) => {
    const own = { network: network.withOutput(name), objective: resolved(objective[name]), error: null };
    checkOutput(action, own.network, own.objective);
    return { name, weight: lossWeights[name] ?? 1, ...own };
  });
}
