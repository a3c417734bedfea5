/**
 * Events of a training as the log lines of the documentation.
 *
 * @module
 */

import { numberKind, objectKind, textKind } from "../../core/options/kinds.ts";
import { custom } from "../../core/options/option.ts";
import { checkArgument, checkArguments } from "../../core/options/read.ts";
import type { RateReducedEvent, TrainingEvent } from "./events.ts";
import { formatSec } from "../format_seconds.ts";
import { metricTexts } from "../progress/measures.ts";
import { decimalsText, numberText } from "../number_text.ts";
import { dryRunLine } from "./dry_run_lines.ts";
import { overfitLines } from "./overfit_lines.ts";
import type { Report } from "./report.ts";
import type { MetricValues } from "./set_metrics.ts";
import type { ErrorUnit } from "./task.ts";

const reportKind = custom<Report>({
  expected: "a report",
  accepts: (value): value is Report =>
    typeof value === "object" && value !== null && "validationError" in value && "model" in value &&
    typeof value.model === "string" && "bestIteration" in value &&
    (value.bestIteration === null || typeof value.bestIteration === "number") && "testError" in value &&
    "seconds" in value && typeof value.seconds === "object" && value.seconds !== null &&
    "stop" in value && typeof value.stop === "string" && Object.hasOwn(firstLines, value.stop),
});
const eventKind = objectKind("an event", "event");

/**
 * An error as text, with three decimals, or with four significant digits if it is too small for them.
 *
 * @example
 * ```ts
 * import { formatError } from "@yadll/yadll/model";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([formatError(1.36, "%"), formatError(0.25, "")], ["1.360 %", "0.250"]);
 * assertEquals(formatError(1.03e-7, ""), "1.03e-7");
 * ```
 */
export function formatError(error: number, unit: ErrorUnit): string {
  checkArguments("format an error", { error }, numberKind);
  checkArguments("format an error", { unit }, textKind);
  return `${decimalsText(error, 3)} ${unit}`.trimEnd();
}

/** A validation, as far as its text needs it. */
interface ShownValidation {
  readonly validationError: number | null;
  readonly validationLoss?: number | null;
  readonly errorUnit: ErrorUnit;
}

/** The monitored result of a validation as text; empty if there was none. */
export function validationText({ validationError, validationLoss, errorUnit }: ShownValidation): string {
  if (validationError !== null) return `validation error ${formatError(validationError, errorUnit)}`;
  return typeof validationLoss === "number" ? `validation loss ${formatError(validationLoss, "")}` : "";
}

const firstLines: Readonly<Record<Report["stop"], (report: Report) => string>> = {
  epochs: () => "Optimization completed.",
  patience: ({ epochs }) => `Optimization completed. Early stopped at epoch: ${epochs}`,
  aborted: ({ epochs }) => `Optimization interrupted in epoch: ${epochs}`,
  overfit: ({ epochs }) => `Optimization completed. Examples learned by heart at epoch: ${epochs}`,
};

/**
 * A summary of a training, in a few lines.
 *
 * ```text
 * Optimization completed. Early stopped at epoch: 466
 * Validation score of 1.260 % obtained at iteration 23300, with test performance 1.320 %
 * Training mlp with dropout took 02 m 29 s
 * ```
 *
 * @example
 * ```ts
 * import { data, digitsLoader, inputLayer, logisticRegression, model, network } from "@yadll/yadll";
 * import { summaryLines } from "@yadll/yadll/model";
 * import { assertEquals } from "@std/assert";
 *
 * const input = inputLayer({ shape: [null, 784] });
 * const { report } = await model({
 *   network: network("softmax", [input, logisticRegression(input, { nClass: 10 })]),
 *   data: data(digitsLoader({ sizes: [40, 20, 20] })),
 *   hyperparameters: { batchSize: 20, nEpochs: 1 },
 * }).train();
 * assertEquals(summaryLines(report)[0], "Optimization completed.");
 * ```
 */
export function summaryLines(report: Report): string[] {
  checkArgument("summarize a training", report, reportKind);
  const { validationError, validationLoss, testError, testLoss, bestIteration, errorUnit, model, seconds, stop } =
    report;
  const score = validationError ?? validationLoss ?? null;
  const tested = (validationError === null ? testLoss : testError) ?? null;
  // Without a finite score, none of the validations was the best.
  const found = bestIteration === null ? "" : ` obtained at iteration ${bestIteration}`;
  const test = tested === null ? "" : `, with test performance ${formatError(tested, errorUnit)}`;
  return [
    report.dryRun ? dryRunLine(report.dryRun) : firstLines[stop](report),
    ...(score === null ? [] : [
      `Validation score of ${formatError(score, errorUnit)}${found}${test}`,
    ]),
    ...(["validation", "test"] as const).flatMap((set) => metricLines(set, report.metrics?.[set])),
    ...(report.overfit ? overfitLines(report.overfit, report) : []),
    `Training ${model} took ${formatSec(seconds.total)}`,
  ];
}

/** The line about a reduced learning rate. */
export function rateReducedLine({ epoch, learningRate, scale }: RateReducedEvent): string {
  const rate = learningRate === null ? `${numberText(scale)} times the schedule` : numberText(learningRate);
  return `epoch ${epoch}: validation stopped improving, so the learning rate is reduced to ${rate}`;
}

/** A line of the metrics of a set, if there are any. */
function metricLines(set: "validation" | "test", metrics: MetricValues | null | undefined): string[] {
  const texts = metricTexts(metrics ?? {});
  return texts.length === 0 ? [] : [`${set === "test" ? "Test" : "Validation"} metrics: ${texts.join(", ")}`];
}

/**
 * The log lines of an event; most events have none.
 *
 * @example
 * ```ts
 * import { logLines } from "@yadll/yadll/model";
 * import { assertEquals } from "@std/assert";
 *
 * const lines = logLines({ event: "pretraining", layer: "RBM 1", epoch: 1, epochs: 15, cost: 80.5 });
 * assertEquals(lines, ["pre-training RBM 1, epoch 1/15, cost 80.5000"]);
 * ```
 */
export function logLines(event: TrainingEvent): string[] {
  checkArgument("log an event", event, eventKind);
  switch (event.event) {
    case "pretraining":
      return [`pre-training ${event.layer}, epoch ${event.epoch}/${event.epochs}, cost ${decimalsText(event.cost, 4)}`];
    case "validation": {
      const { epoch, batch, batches } = event;
      const found = [validationText(event), ...metricTexts(event.metrics ?? {})].join(", ");
      return [`epoch ${epoch}, minibatch ${batch}/${batches}, ${found}`];
    }
    case "rateReduced":
      return [rateReducedLine(event)];
    case "saveFailed":
      return [`${event.error.message}; training continues`];
    case "end":
      return ["", ...summaryLines(event.report), ...(event.remark === undefined ? [] : [event.remark])];
    default:
      return [];
  }
}
