/**
 * Whether an objective can be learned from.
 *
 * @module
 */

import { zeros } from "../../core/creation.ts";
import { hasGradient } from "../../core/has_gradient.ts";
import type { TargetSet } from "../../data/tensor_set.ts";
import type { Objective } from "../../optim/objectives.ts";
import type { Network } from "../network.ts";
import { knownName } from "./measure_names.ts";

/** The batches from which a network learns. */
interface LearnedBatches {
  readonly network: Network;
  readonly set: TargetSet;
  readonly batchSize: number;
}

/**
 * Throws if the gradient of an objective of the user's own is 0 everywhere, so that training would change nothing. Only
 * its formula is read; nothing is computed.
 *
 * @param action what is to be done, for the message: `train "mlp" on digits`
 * @throws {TypeError} with the cure.
 */
export function checkGradient(action: string, objective: Objective, batches: LearnedBatches): void {
  if (knownName(objective) !== undefined || mayLearn(objective, batches)) return;
  throw new TypeError(
    `Cannot ${action} with ${objective.name || "an objective of your own"}: expected a cost that changes with the ` +
      "prediction, got one whose gradient is 0 everywhere; comparisons, counts, whole numbers and constants have no " +
      "gradient: use them as evaluationMetric",
  );
}

function mayLearn(objective: Objective, { network, set, batchSize }: LearnedBatches): boolean {
  const { dtype, shape } = set.rows.y;
  const examples = Math.min(batchSize, set.length);
  const outputs = network.outputShape.slice(1).map((extent, i) => extent ?? shape[i + 1] ?? 1);
  try {
    const target = zeros([examples, ...shape.slice(1)], { dtype });
    return hasGradient(objective, [zeros([examples, ...outputs]), target]);
  } catch {
    // What it refuses is reported when it is compiled for the batches of training.
    return true;
  }
}
