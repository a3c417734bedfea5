/**
 * A training in a few lines: what is trained; why it ended, what was kept, and how to resume it.
 *
 * @module
 */

import { secondsText } from "../number_text.ts";
import type { SaveEvent, StartEvent } from "../training/events.ts";
import type { Report } from "../training/report.ts";
import { measuredText, type Measures } from "./measures.ts";

/** The line at the start of a training. */
export function startLine({ model, network, data, device, epochs, batches }: StartEvent): string {
  const name = model === "model" ? network : model;
  const length = `${counted(epochs, "epoch")} of ${counted(batches, "step")}`;
  return `Training ${name} on ${data}: up to ${length}; ${device.name}`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** Why a training ended. */
const endings: Readonly<Record<Report["stop"], (report: Report) => string>> = {
  epochs: ({ epochs }) => `Training completed: ${counted(epochs, "epoch")}`,
  patience: ({ epochs }) => `Training stopped early in epoch ${epochs}, because validation stopped improving`,
  aborted: ({ epochs }) =>
    epochs === 0 ? "Training interrupted before the first epoch" : `Training interrupted in epoch ${epochs}`,
};

/** The lines at the end of a training. */
export function endLines(report: Report, measures: Measures, save: SaveEvent | undefined): string[] {
  const { stop, seconds, validationError, validationLoss = null, testError, testLoss = null } = report;
  const found = [
    measuredText("validation", { error: validationError, loss: validationLoss }, measures),
    measuredText("test", { error: testError, loss: testLoss }, measures),
  ].filter((text) => text !== "").join("; ");
  return [
    `${endings[stop](report)}, ${secondsText(seconds.total)}`,
    ...(found ? [`Weights that were kept: ${found}`] : []),
    ...savedLines(report, save),
  ];
}

/** Where the training was saved, and how to resume it if it was interrupted. */
function savedLines({ stop, bestIteration }: Report, save: SaveEvent | undefined): string[] {
  if (stop !== "aborted") return save ? [`Saved in ${save.file}`] : [];
  if (!save) return ["Nothing was saved; a training with a file is saved when it is interrupted: train({ file, … })"];
  return [
    `Saved in ${save.file}: ${keptText(bestIteration)}`,
    `To resume: train({ …, file: ${JSON.stringify(save.file)}, resume: true })`,
  ];
}

/** What the file of an interrupted training holds. */
export function keptText(bestIteration: number | null): string {
  return `all steps so far${bestIteration === null ? "" : ", and the best weights"}`;
}
