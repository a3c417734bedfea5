/**
 * The task of a training, from the parts of a model, and whether they fit together.
 *
 * @module
 */

import type { Data } from "../../data/data.ts";
import { categoricalCrossentropyError } from "../../optim/objectives.ts";
import { sgd } from "../../optim/updates.ts";
import { checkClasses, checkFit } from "../check_data.ts";
import type { ResolvedParts } from "../model_options.ts";
import type { Network } from "../network.ts";
import { chooseJudgment } from "./choose_task.ts";
import { batchesOf, checkAccumulation } from "./epoch_size.ts";
import { checkGradient } from "./gradient_fit.ts";
import { checkOutput } from "./output_fit.ts";
import { settingsOf, updateRuleOf, valuesOf } from "./settings.ts";
import { checkTargets } from "./target_fit.ts";
import type { Task } from "./task.ts";

/** The parts of a model that is trained. */
export type TrainedParts = ResolvedParts & { readonly network: Network; readonly data: Data };

/** The objective and metric of pre-training, which uses neither. */
const unjudged = { objective: categoricalCrossentropyError, error: null };

/** The task of a training; pre-training does without a `judge`. */
export function taskOf(parts: TrainedParts, judge: boolean): Task {
  const { network, data, updates = sgd, objective, evaluationMetric } = parts;
  const action = `train ${JSON.stringify(network.name)} on ${data.name}`;
  const judged = judge
    ? chooseJudgment({ network, set: data.training, action, objective, evaluationMetric })
    : unjudged;
  const measures = judge ? [judged.objective, judged.error] : [];
  for (const measure of measures) if (measure) checkOutput(action, network, measure);
  checkTargets(action, { network, data }, measures);
  const values = valuesOf(parts.hyperparameters ?? {});
  const rule = updateRuleOf({ updates, values, network });
  const { batchSize, nEpochs } = settingsOf(values);
  if (judge) checkGradient(action, judged.objective, { network, set: data.training, batchSize });
  const batches = batchesOf(network, { examples: data.training.length, batchSize });
  if (judge) checkAccumulation(action, rule, { nEpochs, batches });
  return { network, ...judged, rule, batchSize };
}

/**
 * Throws if a training with these parts cannot begin.
 *
 * @throws {TypeError} if network, data, hyperparameters and functions do not fit together.
 * @throws {RangeError} if a hyperparameter is out of bounds, or belongs only to other rules.
 */
export function checkTraining(parts: TrainedParts): void {
  checkFit(parts, parts, settingsOf(valuesOf(parts.hyperparameters ?? {})).batchSize);
  checkClasses(taskOf(parts, true), parts.data);
}
