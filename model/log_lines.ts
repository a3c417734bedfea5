/**
 * Events of a training as the lines of the documentation.
 *
 * @module
 */

import type { TrainingEvent } from "./events.ts";
import { formatSec } from "./format_sec.ts";
import type { Report } from "./report.ts";
import type { ErrorUnit } from "./task.ts";

/** An error for people: `1.360 %`. */
export function formatError(error: number, unit: ErrorUnit): string {
  return `${error.toFixed(3)} ${unit}`.trimEnd();
}

const firstLines: Readonly<Record<Report["stop"], (report: Report) => string>> = {
  epochs: () => "Optimization completed.",
  patience: ({ epochs }) => `Optimization completed. Early stopped at epoch: ${epochs}`,
  aborted: ({ epochs }) => `Optimization interrupted in epoch: ${epochs}`,
};

/**
 * The end of a training in a few lines.
 *
 * ```text
 * Optimization completed. Early stopped at epoch: 466
 * Validation score of 1.260 % obtained at iteration 23300, with test performance 1.320 %
 * Training mlp with dropout took 02 m 29 s
 * ```
 */
export function summaryLines(report: Report): string[] {
  const { validationError, testError, bestIteration, errorUnit, model, seconds, stop } = report;
  const test = testError === null ? "" : `, with test performance ${formatError(testError, errorUnit)}`;
  return [
    firstLines[stop](report),
    ...(validationError === null ? [] : [
      `Validation score of ${formatError(validationError, errorUnit)} obtained at iteration ${bestIteration}${test}`,
    ]),
    `Training ${model} took ${formatSec(seconds.total)}`,
  ];
}

/** The lines of an event; most have none. */
export function logLines(event: TrainingEvent): string[] {
  switch (event.event) {
    case "pretraining":
      return [`pre-training ${event.layer}, epoch ${event.epoch}/${event.epochs}, cost ${event.cost.toFixed(4)}`];
    case "validation": {
      const { epoch, batch, batches, validationError, errorUnit } = event;
      const error = formatError(validationError, errorUnit);
      return [`epoch ${epoch}, minibatch ${batch}/${batches}, validation error ${error}`];
    }
    case "saveFailed":
      return [`${event.error.message}; training goes on`];
    case "end":
      return ["", ...summaryLines(event.report)];
    default:
      return [];
  }
}
