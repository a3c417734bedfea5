/**
 * From which output on a metric of yes/no answers counts a yes.
 *
 * @module
 */

import { areShares, valuesOf } from "../../layers/output_values.ts";
import type { TargetSet } from "../../data/tensor_set.ts";
import type { Objective } from "../../optim/objectives.ts";
import { getMetric } from "../../optim/metric_registry.ts";
import { getObjective } from "../../optim/registry.ts";
import type { Metric } from "../../optim/set_metrics/metric.ts";
import type { Network } from "../network.ts";
import { knownName, nameOf, optionsOf } from "./measure_names.ts";
import { showValues } from "./output_fit.ts";
import { belowOne, belowZero, findTarget } from "./target_scan.ts";

/** Metrics of yes/no answers. */
const BINARY: ReadonlySet<string | undefined> = new Set(["binaryError", "binaryAccuracy"]);

/** Objectives under which outputs above 0 mean yes. */
const FROM_ZERO: ReadonlySet<string | undefined> = new Set(["binaryCrossentropyFromLogits", "binaryHingeError"]);

/** Objectives under which outputs approach the targets, so that yes begins halfway between them. */
const HALFWAY: ReadonlySet<string | undefined> = new Set([
  ...["meanSquaredError", "rootMeanSquaredError", "meanAbsoluteError", "huberError"],
]);

/** Objectives of probabilities, which refuse other outputs. */
const OF_PROBABILITIES: ReadonlySet<string | undefined> = new Set([
  ...["binaryCrossentropyError", "categoricalCrossentropyError", "kullbackLeiblerDivergence"],
]);

/** Whether a measure counts yes/no answers. */
export function countsAnswers(name: string | undefined): boolean {
  return BINARY.has(name);
}

/** What decides from which output on an answer is yes. */
export interface Answering {
  readonly network: Network;
  /** All sets whose targets may say what the answer no is, not only the one that is judged; none if they are not known. */
  readonly answers: readonly TargetSet[];
  readonly objective: Objective;
}

/**
 * From which output on an answer is yes: 0.5 for probabilities, and 0 for outputs before a sigmoid and for those that are
 * compared with -1 and 1; undefined if nothing says it.
 */
export function yesFrom({ network, answers, objective }: Answering): number | undefined {
  if (areShares(valuesOf(network.outputLayer))) return 0.5;
  const known = knownName(objective);
  if (OF_PROBABILITIES.has(known)) return 0.5;
  if (FROM_ZERO.has(known) || answers.some((set) => findTarget(set, belowZero))) return 0;
  return HALFWAY.has(known) && !isOnlyYes(answers) ? 0.5 : undefined;
}

/** Whether all targets are 1, so that no may be 0 or -1. Class numbers begin at 0. */
function isOnlyYes(answers: readonly TargetSet[]): boolean {
  return answers.length > 0 && answers.every((set) => {
    const { dtype, shape } = set.rows.y;
    return !(dtype === "i32" && shape.length === 1) && findTarget(set, belowOne) === undefined;
  });
}

/** Why no output is known to be the first that means yes, for messages. */
export function misfitOfAnswers({ network, answers, objective }: Answering): string {
  if (HALFWAY.has(knownName(objective)) && isOnlyYes(answers)) return "expected targets of both answers, got only 1";
  return "expected outputs from 0 to 1, or targets -1 and 1, or an objective that says from which output on the answer is " +
    `yes, got ${showValues(network.outputLayer)} and ${nameOf(objective) || "an objective of your own"}`;
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
  if (name === undefined || !countsAnswers(name) || "configuration" in metric) return metric;
  const threshold = yesFrom(answering);
  if (threshold !== undefined) return threshold === 0.5 ? metric : getObjective(name, { threshold });
  throw new TypeError(
    `Cannot ${action} with ${name}: ${misfitOfAnswers(answering)}; pass getObjective("${name}", { threshold }) as ` +
      "evaluationMetric",
  );
}

/**
 * A metric of whole sets with the threshold that fits the network and the objective, if it counts yes/no answers. A
 * threshold that was given stays, and so do metrics of which nothing says where yes begins.
 */
export function wholeWithThreshold(metric: Metric, answering: Answering): Metric {
  const [name, { threshold: given } = {}] = metric.configuration ?? [];
  if (name === undefined || !countsAnswers(name) || given !== undefined) return metric;
  const threshold = yesFrom(answering);
  if (threshold === undefined || threshold === 0.5) return metric;
  return { ...getMetric(name, { threshold }), name: metric.name };
}

/**
 * From which output on the only unit of a network means yes: as its metric says, if that counts yes/no answers, or as the
 * network and the objective say.
 *
 * @param action what is to be done, for the message: `predict classes with "mlp"`
 * @throws {TypeError} if nothing says it.
 */
export function thresholdOf(action: string, answering: Answering, metric: Objective | undefined): number {
  // Only metrics of yes/no answers have a threshold.
  const given = metric && optionsOf(metric).threshold;
  if (typeof given === "number") return given;
  const threshold = yesFrom(answering);
  if (threshold !== undefined) return threshold;
  throw new TypeError(
    `Cannot ${action}: expected outputs from 0 to 1, or an objective that says from which output on the answer is yes, ` +
      `got ${showValues(answering.network.outputLayer)} and ` +
      `${nameOf(answering.objective) || "an objective of your own"}; ` +
      'pass getObjective("binaryError", { threshold }) as evaluationMetric of the model',
  );
}
