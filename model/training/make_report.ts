/**
 * Makes the report of a finished training.
 *
 * @module
 */

import { deviceInfo } from "../../core/device.ts";
import { sizeOf } from "../../core/shape.ts";
import { leavesOf } from "../../core/tree.ts";
import { augmentationName } from "../../data/augment/augmentation.ts";
import { epochsOf } from "./progress.ts";
import { overfitOf } from "./overfit_goal.ts";
import type { Report } from "./report.ts";
import type { MetricValues } from "./set_metrics.ts";
import { errorIn, hasNamedResults, monitorOf, unitOf } from "./task.ts";
import type { Assembly } from "./assembly.ts";
import type { Trained } from "./training_plan.ts";
import { versions } from "../version.ts";

/** Results that are not part of the training itself. */
export type Findings = Pick<Report, "seed" | "testError" | "testLoss" | "dataHash"> & {
  readonly testMetrics: MetricValues | null;
};

/** The report of a training. */
export function reportOf({ name, data, programs, values }: Assembly, trained: Trained, found: Findings): Report {
  const { weights, stop, validationError, validationLoss, metrics, goal, snapshot: { progress } } = trained;
  const { testMetrics: test, ...findings } = found;
  const { iteration: iterations, patience: { bestIteration }, seconds, history } = progress;
  const { task, examples, batches } = programs;
  return {
    model: name,
    network: task.network.name,
    parameters: leavesOf(weights.params).reduce((sum, { shape }) => sum + sizeOf(shape), 0),
    data: data.name,
    ...findings,
    updates: task.rule.name,
    ...(task.augment && { augment: task.augment.map(augmentationName) }),
    hyperparameters: values,
    device: deviceInfo(),
    versions: versions(),
    epochs: epochsOf(progress),
    iterations,
    batches,
    stop,
    errorUnit: unitOf(errorIn(task)),
    ...monitorOf(task),
    validationError,
    validationLoss,
    ...(hasNamedResults(task) && { metrics: { validation: metrics ?? null, test } }),
    bestIteration: bestIteration >= 0 ? bestIteration + 1 : null,
    seconds,
    samplesPerSecond: seconds.train === 0 ? 0 : iterations * examples / batches / seconds.train,
    ...(goal && {
      overfit: overfitOf(goal, { examples, loss: validationLoss, task, params: weights.params }),
    }),
    history: history.records(),
  };
}
