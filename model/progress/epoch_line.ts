/**
 * The lines of epochs.
 *
 * @module
 */

import { numberText, secondsText, speedText } from "../number_text.ts";
import type { EpochEvent, PretrainingEvent, StepEvent } from "../training/events.ts";
import { measuredText, type Measures, shortText } from "./measures.ts";

/** The beginning of an epoch's line; early stopping may end training within an epoch. */
export function epochHead(epoch: number, epochs: number, last: StepEvent | undefined): string {
  const isPartial = last?.epoch === epoch && last.batch < last.batches;
  return `epoch ${epoch}/${epochs}${isPartial ? `, ${last.batch} of ${last.batches} steps` : ""}`;
}

/** The line of an epoch: losses, metric, seconds of its steps, and speed. */
export function epochLine(event: EpochEvent, head: string, measures: Measures): string {
  const { trainLoss, validationError: error, validationLoss: loss, seconds, samplesPerSecond, metrics } = event;
  const parts = [
    `training loss ${numberText(trainLoss)}`,
    measuredText("validation", { error, loss, metrics: metrics?.validation }, measures),
    `${secondsText(seconds)}, ${speedText(samplesPerSecond)}`,
  ];
  return `${head}: ${parts.filter((part) => part !== "").join("; ")}`;
}

/** The same for terminals that are too narrow for it. */
export function shortEpochLine(event: EpochEvent, head: string, measures: Measures): string {
  const { trainLoss, validationError: error, validationLoss: loss, seconds } = event;
  const validation = shortText("validation", { error, loss }, measures);
  const parts = [`loss ${numberText(trainLoss)}`, validation, secondsText(seconds)];
  return `${head}: ${parts.filter((part) => part !== "").join("; ")}`;
}

/** The line of an epoch of pre-training: its layer and its mean cost. */
export function pretrainingLine({ layer, epoch, epochs, cost, seconds }: PretrainingEvent): string {
  const time = seconds === undefined ? "" : `; ${secondsText(seconds)}`;
  return `pre-training ${layer}, epoch ${epoch}/${epochs}: cost ${numberText(cost)}${time}`;
}
