/**
 * A training in a few lines: what is trained; why it ended, what was kept, and how to resume it.
 *
 * @module
 */

import { inOneLine } from "../../core/options/show.ts";
import { secondsText } from "../number_text.ts";
import type { EndEvent, SaveEvent, StartEvent } from "../training/events.ts";
import { dryRunLine } from "../training/dry_run_lines.ts";
import { overfitLines } from "../training/overfit_lines.ts";
import type { Report } from "../training/report.ts";
import { measuredText, type Measures } from "./measures.ts";

/** The line at the start of a training. */
export function startLine({ model, network, data, device, epochs, batches }: StartEvent): string {
  const length = `${counted(epochs, "epoch")} of ${counted(batches, "step")}`;
  return `Training ${nameOf({ model, network })} on ${data}: up to ${length}; ${device.name}`;
}

function nameOf({ model, network }: Pick<StartEvent, "model" | "network">): string {
  return model === "model" ? network : model;
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
  overfit: ({ epochs }) => `Training ended: the examples are learned by heart in epoch ${epochs}`,
};

function endingOf(report: Report): string {
  return report.dryRun && report.stop !== "aborted" ? dryRunLine(report.dryRun) : endings[report.stop](report);
}

/** The lines at the end of a training. */
export function endLines({ report, remark }: EndEvent, measures: Measures, save: SaveEvent | undefined): string[] {
  const found = foundBy(report, measures);
  return [
    `${endingOf(report)}, ${secondsText(report.seconds.total)}`,
    ...(found ? [`Weights that were kept: ${found}`] : []),
    ...(report.overfit ? overfitLines(report.overfit, report) : []),
    ...(remark === undefined ? [] : [remark]),
    ...savedLines(report, save),
  ];
}

/** A training that was not interrupted, in one line. */
export function onlyLine({ report, remark = "" }: EndEvent, measures: Measures, save: SaveEvent | undefined): string {
  const end = endingOf(report).replace("Training", `Training ${nameOf(report)} on ${report.data}`);
  const parts = [`${end}, ${secondsText(report.seconds.total)}`, foundBy(report, measures)];
  const overfit = report.overfit ? overfitLines(report.overfit, report) : [];
  return [...parts, ...overfit, remark, save ? inOneLine(`saved in ${save.file}`) : ""].filter((part) => part !== "")
    .join("; ");
}

/** The results of the weights that were kept. */
function foundBy(report: Report, measures: Measures): string {
  const { validationError, validationLoss = null, testError, testLoss = null, metrics } = report;
  return [
    measuredText(
      "validation",
      { error: validationError, loss: validationLoss, metrics: metrics?.validation },
      measures,
    ),
    measuredText("test", { error: testError, loss: testLoss, metrics: metrics?.test }, measures),
  ].filter((text) => text !== "").join("; ");
}

/** Where the training was saved, and how to resume it if it was interrupted. */
function savedLines({ stop, bestIteration }: Report, save: SaveEvent | undefined): string[] {
  if (stop !== "aborted") return save ? [inOneLine(`Saved in ${save.file}`)] : [];
  if (!save) return ["Nothing was saved; a training with a file is saved when it is interrupted: train({ file, … })"];
  return [
    `Saved in ${inOneLine(save.file)}: ${keptText(bestIteration)}`,
    `To resume: train({ …, file: ${inOneLine(JSON.stringify(save.file))}, resume: true })`,
  ];
}

/** What the file of an interrupted training holds. */
export function keptText(bestIteration: number | null): string {
  return `all steps so far${bestIteration === null ? "" : ", and the best weights"}`;
}
