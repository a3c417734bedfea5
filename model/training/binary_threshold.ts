/**
 * From which output on a metric of yes/no answers counts a yes.
 *
 * @module
 */

import { areShares, areUnknown, valuesOf } from "../../layers/output_values.ts";
import type { TensorSet } from "../../data/tensor_set.ts";
import type { Objective } from "../../optim/objectives.ts";
import { getObjective } from "../../optim/registry.ts";
import type { Network } from "../network.ts";
import { knownName, nameOf, optionsOf } from "./measure_names.ts";
import { showValues } from "./output_fit.ts";
import { belowZero, findTarget } from "./target_scan.ts";

/** Metrics of yes/no answers. */
const BINARY: ReadonlySet<string | undefined> = new Set(["binaryError", "binaryAccuracy"]);

/** Objectives under which outputs above 0 mean yes. */
const FROM_ZERO: ReadonlySet<string | undefined> = new Set(["binaryCrossentropyFromLogits", "binaryHingeError"]);

/** Objectives under which outputs approach the targets, so that yes begins halfway between them. */
const HALFWAY: ReadonlySet<string | undefined> = new Set([
  ...["meanSquaredError", "rootMeanSquaredError", "meanAbsoluteError", "huberError"],
  // They take probabilities, or refuse the network.
  ...["binaryCrossentropyError", "categoricalCrossentropyError", "kullbackLeiblerDivergence"],
]);

/** Whether a measure counts yes/no answers. */
export function countsAnswers(name: string | undefined): boolean {
  return BINARY.has(name);
}

/** What decides from which output on an answer is yes. */
export interface Answering {
  readonly network: Network;
  /** The set that is judged; without one, no target is below 0. */
  readonly set?: TensorSet | undefined;
  readonly objective: Objective;
}

/**
 * From which output on an answer is yes: 0.5 for probabilities, and 0 for outputs before a sigmoid and for those that are
 * compared with -1 and 1; undefined if nothing says it.
 */
export function yesFrom({ network, set, objective }: Answering): number | undefined {
  const values = valuesOf(network.outputLayer);
  if (areShares(values)) return 0.5;
  const known = knownName(objective);
  if (FROM_ZERO.has(known) || set && findTarget(set, belowZero)) return 0;
  return HALFWAY.has(known) || areUnknown(values) ? 0.5 : undefined;
}

/**
 * A metric with the threshold that fits the network and the objective, if it counts yes/no answers. Options that were
 * given stay, and so do other metrics.
 *
 * @param action what is to be done, for the message: `train "mlp" on digits`
 * @throws {TypeError} if nothing says where yes begins.
 */
export function withThreshold(action: string, metric: Objective, answering: Answering): Objective {
  const name = knownName(metric);
  const { outputLayer } = answering.network;
  if (name === undefined || !countsAnswers(name) || "configuration" in metric) return metric;
  const threshold = yesFrom(answering);
  if (threshold !== undefined) return threshold === 0.5 ? metric : getObjective(name, { threshold });
  throw new TypeError(
    `Cannot ${action} with ${name}: expected outputs from 0 to 1, or targets -1 and 1, or an objective that says from ` +
      `which output on the answer is yes, got ${showValues(outputLayer)} and ` +
      `${nameOf(answering.objective) || "an objective of your own"}; ` +
      `pass getObjective("${name}", { threshold }) as evaluationMetric`,
  );
}

/**
 * From which output on the only unit of a network means yes: as its metric says, if that counts yes/no answers, or as the
 * network and the objective say.
 *
 * @param action what is to be done, for the message: `predict classes with "mlp"`
 * @throws {TypeError} if nothing says it.
 */
export function thresholdOf(action: string, answering: Answering, metric: Objective | undefined): number {
  if (metric && countsAnswers(knownName(metric)) && "configuration" in metric) {
    return Number(optionsOf(metric).threshold ?? 0.5);
  }
  const threshold = yesFrom(answering);
  if (threshold !== undefined) return threshold;
  throw new TypeError(
    `Cannot ${action}: expected outputs from 0 to 1, or an objective that says from which output on the answer is yes, ` +
      `got ${showValues(answering.network.outputLayer)} and ` +
      `${nameOf(answering.objective) || "an objective of your own"}; ` +
      'pass getObjective("binaryError", { threshold }) as evaluationMetric of the model',
  );
}
