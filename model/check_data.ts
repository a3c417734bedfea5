/**
 * Whether data fit a network, and what it learns.
 *
 * @module
 */

import { showValue } from "../core/options/show.ts";
import { sameShape, showShape } from "../core/shape.ts";
import type { Data } from "../data/data.ts";
import { checkTokens } from "./check_tokens.ts";
import type { ResolvedParts } from "./model_options.ts";
import type { Objective } from "../optim/objectives.ts";
import type { Network } from "./network.ts";
import { isCategorical } from "./training/choose_task.ts";
import { countClasses, ignoredBy } from "./training/ignored_class.ts";
import { knownName } from "./training/measure_names.ts";
import type { Task } from "./training/task.ts";

/** The functions that decide which classes count. */
type Measures = Pick<ResolvedParts, "objective" | "evaluationMetric">;

/** How networks of several inputs or outputs learn. */
const TRAIN_SEVERAL = "trainStep trains several by their names";

/** A network, and data for it. */
interface Fitted {
  readonly network: Network;
  readonly data: Data;
}

/** Throws if data do not fit a network, so it cannot be trained on them. */
export function checkFit(measures: Measures, { network, data }: Fitted, batchSize: number): void {
  checkData("train", { network, data }, measures);
  const { name, training } = data;
  const [extent] = network.inputShapes[0] ?? [null];
  if (extent !== null && (extent !== batchSize || batchSize > training.length)) {
    throw new TypeError(
      `Cannot train ${showValue(network.name)} on ${name}: expected batches of ${extent}, as its input requires, ` +
        `got batchSize ${batchSize} of ${training.length}`,
    );
  }
}

/**
 * Throws if a network cannot take the samples of data, or cannot have their classes.
 *
 * @param action what is done with them, for the message: `train`
 * @throws {TypeError} with what the network takes, and what the data have.
 * @throws {RangeError} if inputs are tokens that the network does not have.
 */
export function checkData(action: string, { network, data }: Fitted, measures: Measures): void {
  const { name, sampleShape } = data;
  const refuse = (expected: string, got: string): TypeError =>
    new TypeError(`Cannot ${action} ${showValue(network.name)} on ${name}: expected ${expected}, got ${got}`);
  const [input = [], ...others] = network.inputShapes;
  if (others.length > 0) throw refuse("a network of one input", `${others.length + 1} inputs; ${TRAIN_SEVERAL}`);
  const { outputNames } = network;
  if (outputNames.length > 1) {
    throw refuse("a network of one output", `the outputs ${outputNames.join(", ")}; ${TRAIN_SEVERAL}`);
  }
  const inner = input.slice(1);
  if (!sameShape(inner.map((extent, i) => extent ?? sampleShape[i] ?? 0), sampleShape)) {
    throw refuse(`samples of ${showShape(inner)}, the input of the network`, showShape(sampleShape));
  }
  checkTokens(action, network, data);
  const { objective, evaluationMetric } = measures;
  // Functions that do not compare classes decide what the numbers mean, as for a network with one output.
  const areOwn = objective && evaluationMetric && ![objective, evaluationMetric].some(isCategorical);
  if ((network.outputShape.at(-1) ?? 1) > 1 && !areOwn) checkCount(action, { network, data }, objective);
}

/** Throws if data have more classes than a network has outputs, unless the functions of the task do not compare classes. */
export function checkClasses({ network, objective, error }: Task, data: Data): void {
  if (![objective, error].some((one) => one !== null && isCategorical(one))) return;
  checkCount("train", { network, data }, objective);
}

function checkCount(action: string, { network, data }: Fitted, objective: Measures["objective"]): void {
  const units = network.outputShape.at(-1) ?? Infinity;
  const { name, classes = 0 } = data;
  if (classes <= units) return;
  const ignored = objective && ignoredBy(objective);
  const counted = ignored === undefined ? classes : countClasses(data, ignored);
  if (counted <= units) return;
  throw new TypeError(
    `Cannot ${action} ${showValue(network.name)} on ${name}: expected at most ${units} classes, its outputs, ` +
      `got ${counted}; ${ignoringCure(objective)}`,
  );
}

/** How to say which targets do not count. What an objective of one's own ignores is not known to the default metric. */
function ignoringCure(objective: Objective | undefined): string {
  if (objective === undefined || knownName(objective) !== undefined) {
    return "targets that do not count are named by ignoreIndex of categoricalCrossentropyFromLogits";
  }
  return "the metric counts all targets, whichever the objective ignores; if one class does not count, pass the objective " +
    'getObjective("categoricalCrossentropyFromLogits", { ignoreIndex }), otherwise an evaluationMetric of your own';
}
