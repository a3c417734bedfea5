/**
 * A remark about functions of the user's own of which higher values may be better, although lower ones were kept.
 *
 * @module
 */

import { knownName } from "./measure_names.ts";
import { wholeMetric } from "./ignored_class.ts";
import type { Report } from "./report.ts";
import { errorIn, namesIn, type Task } from "./task.ts";

/**
 * What to check if the weights of the first epoch were kept although the training loss fell, and the monitored function
 * is one of the user's own, whose lower values count as better by default.
 */
export function directionRemark(task: Task, report: Report): string | undefined {
  const { bestIteration, batches, history } = report;
  const [first, last] = [history.at(0), history.at(-1)];
  if (bestIteration === null || bestIteration > batches || first === undefined || last === undefined) return undefined;
  if (!(last.trainLoss < first.trainLoss)) return undefined;
  const name = ownMinimized(task);
  if (name === undefined) return undefined;
  return `The lowest ${name} was that of the first epoch, although the training loss fell: if higher is better, pass ` +
    `train({ metrics: [meanObjective(${name}, { direction: "maximize" })], monitor: "${name}" })`;
}

/** The name of the monitored function if it is the user's own, and lower values of it are kept. */
function ownMinimized(task: Task): string | undefined {
  const { monitor, outputs } = task;
  if (monitor === "loss") return undefined;
  if (monitor === undefined) {
    const error = errorIn(task);
    if (error === null || knownName(wholeMetric(error)) !== undefined) return undefined;
    return namesIn(task)?.metric || "metric";
  }
  if (monitor.direction === "maximize") return undefined;
  const metrics = outputs.flatMap(({ metrics = [] }) => metrics);
  const { objective, configuration } = metrics.find(({ name }) => name === monitor.name) ?? {};
  if (objective === undefined || configuration !== undefined) return undefined;
  return knownName(wholeMetric(objective)) === undefined ? monitor.name : undefined;
}
