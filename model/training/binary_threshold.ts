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
import { knownName, nameOf } from "./measure_names.ts";
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

/** What decides about the threshold of a metric. */
export interface AnswersOf {
  readonly network: Network;
  readonly set: TensorSet;
  readonly action: string;
  readonly objective: Objective;
}

/**
 * A metric with the threshold that fits the network and the objective, if it judges yes/no answers: 0.5 for
 * probabilities, and 0 for outputs before a sigmoid and for those that are compared with -1 and 1. Options that were
 * given stay, and so do other metrics.
 *
 * @throws {TypeError} if nothing says where yes begins.
 */
export function withThreshold(metric: Objective, { network, set, action, objective }: AnswersOf): Objective {
  const name = knownName(metric);
  const last = network.layers.at(-1)?.layer;
  if (!BINARY.has(name) || "configuration" in metric || !last || areShares(valuesOf(last))) return metric;
  const known = knownName(objective);
  if (FROM_ZERO.has(known) || findTarget(set, belowZero)) return getObjective(name!, { threshold: 0 });
  if (HALFWAY.has(known) || areUnknown(valuesOf(last))) return metric;
  throw new TypeError(
    `Cannot ${action} with ${name}: expected outputs from 0 to 1, or targets -1 and 1, or an objective that says from ` +
      `which output on the answer is yes, got ${showValues(last)} and ${
        nameOf(objective) || "an objective of your own"
      }; ` +
      `pass getObjective("${name}", { threshold }) as evaluationMetric`,
  );
}
