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
import type { OneOrNamed } from "../../data/named.ts";
import type { Network } from "../network.ts";
import { isPerOutput, perOutput, valueFor } from "../per_output.ts";
import { checkEmphasis } from "./check_emphasis.ts";
import { checkOutputNames } from "./choose_outputs.ts";
import { classWeights, labelSmoothing, smoothedTargets } from "./emphasis.ts";
import type { Figures, Loss, RecordBatch } from "./loss.ts";
import { checkOutput } from "./output_fit.ts";
import { checkBatchTargets, meanCostOf, outcomesOf, type Output, totalCost } from "./outputs.ts";

/** What a training step minimizes. */
export interface ObjectiveOptions {
  /**
   * The function to minimize, or its name (default: the categorical cross-entropy). For several outputs, a record of these
   * by the names of the outputs, and targets by these names; a network of one named output takes both forms.
   */
  readonly objective?: Objective | string | Readonly<Record<string, Objective | string>> | undefined;
  /** The factors of the costs of several outputs, by their names (default: all 1). */
  readonly lossWeights?: Readonly<Record<string, number>> | undefined;
  /**
   * The weight of each class (default: all 1). Unless the objective compares classes, each row of targets must be of one
   * class, and targets of a single unit must be 0 and 1, or -1 and 1: others are reported by the next read. For several
   * outputs, a record by their names.
   */
  readonly classWeights?: OneOrNamed<readonly number[]> | undefined;
  /**
   * The share of each target that is spread evenly over all classes (default: 0). For several outputs, a record by their
   * names.
   */
  readonly labelSmoothing?: OneOrNamed<number> | undefined;
}

/** The options that say what counts more. */
type Emphasizer = Pick<ObjectiveOptions, "classWeights" | "labelSmoothing">;

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
  classWeights: perOutput<readonly number[]>(classWeights),
  labelSmoothing: perOutput<number>(labelSmoothing),
} satisfies Declaration<ObjectiveOptions>;

/**
 * The loss of objectives for a network.
 *
 * @param mixedBy the augmentation that mixes targets, if there is one
 * @throws {TypeError} if an objective does not fit its layer, or its targets cannot be weighed or smoothed.
 * @throws {RangeError} if there are not as many weights as classes, or names are not those of the outputs.
 */
export function objectiveLoss(network: Network, options: ObjectiveOptions, mixedBy?: string): Loss<RecordBatch> {
  const action = `make a training step of ${showValue(network.name)}`;
  const isByName = network.outputNames.length > 1 || network.namedOutputs && isPerOutput(options.objective ?? "");
  const outputs = isByName
    ? outputsByName(action, network, options).map((output) => withEmphasis(action, output, { options, mixedBy }))
    : [withEmphasis(action, onlyOutputOf(action, network, options), { options, mixedBy })];
  return ({ network, ...passing }, batch) => {
    checkBatch(network, batch);
    if (isByName) checkBatchTargets(network, outputs, batch.y);
    else if (!(batch.y instanceof Tensor)) {
      const got = batch.y === undefined ? "a batch without y" : "a record";
      throw new TypeError(`Cannot ${action}: expected one tensor of targets, got ${got}`);
    }
    const found = outcomesOf(outputs, batch, passing);
    const losses = (): Figures =>
      Object.fromEntries(outputs.map(({ name }, i) => [`${name}/loss`, meanCostOf(found[i])]));
    return { ...totalCost(outputs, found), state: found[0].state, ...(isByName && { figures: losses() }) };
  };
}

/** What emphasizes targets of an output. */
interface Emphasizing {
  readonly options: Emphasizer;
  readonly mixedBy: string | undefined;
}

/** An output with what counts more in it. */
function withEmphasis(action: string, output: Output, { options, mixedBy }: Emphasizing): Output {
  const { name, network, objective } = output;
  const emphasis = {
    classWeights: valueFor(options.classWeights, name),
    labelSmoothing: valueFor(options.labelSmoothing, name),
    mixedBy,
  };
  checkOutput(action, network, objective);
  checkEmphasis(action, { network, objective, emphasis });
  return { ...output, emphasis, checksClasses: smoothedTargets(objective) !== "classes" };
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

function onlyOutputOf(
  action: string,
  network: Network,
  { objective, lossWeights, ...others }: ObjectiveOptions,
): Output {
  if (typeof objective === "object" || lossWeights !== undefined) {
    throw new TypeError(`Cannot ${action} with an objective for each output: the network has only one output`);
  }
  checkOutputNames(action, network, emphasisIn(others));
  const [name] = network.outputNames;
  return { name, network, weight: 1, objective: resolved(objective ?? categoricalCrossentropyError), error: null };
}

/**
 * The outputs of a network with their objectives.
 *
 * @throws {RangeError} for the name of an output that the network does not have; the message has the nearest one.
 * @throws {TypeError} if an output has no objective.
 */
function outputsByName(action: string, network: Network, options: ObjectiveOptions): Output[] {
  const { objective, lossWeights = {} } = options;
  const expected = network.outputNames;
  if (typeof objective !== "object") {
    throw new TypeError(`Cannot ${action}: expected an objective for each of the outputs ${expected.join(", ")}`);
  }
  checkNames(action, "objectives", { expected, got: Object.keys(objective) });
  checkNames(action, "outputs", { expected, got: [...expected, ...Object.keys(lossWeights)] });
  checkOutputNames(action, network, emphasisIn(options));
  return expected.map((name) => {
    const own = { network: network.withOutput(name), objective: resolved(objective[name]), error: null };
    return { name, weight: lossWeights[name] ?? 1, ...own };
  });
}

function emphasisIn({ classWeights, labelSmoothing }: Emphasizer): Emphasizer {
  return { classWeights, labelSmoothing };
}
