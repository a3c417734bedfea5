/**
 * The parts of the progress line: while a network is trained, and while a layer is pre-trained.
 *
 * @module
 */

import { numberText, speedText, wholeSecondsText } from "../number_text.ts";
import type { PretrainingStepEvent, StepEvent, ValidationEvent } from "../training/events.ts";
import { barOf, type LinePart } from "./fit_line.ts";
import { errorText, lossText, measuredText, type Measures } from "./measures.ts";

/** Cells of the bar. */
const CELLS = 20;

/** What is known of a training in addition to its last step. */
export interface BarContext {
  readonly epochs: number;
  /** Training examples per epoch. */
  readonly examples: number;
  /** Seconds per step; undefined before the second step. */
  readonly pace: number | undefined;
  readonly measures: Measures;
  readonly validation: ValidationEvent | undefined;
}

/** The parts of the progress line after a step. */
export function trainingParts(step: StepEvent, context: BarContext): LinePart[] {
  const { epoch, batch, batches } = step;
  return [
    { text: `epoch ${epoch}/${context.epochs}`, order: 0 },
    ...barParts(batch, batches),
    ...paceParts(step, context),
    ...resultParts(step, context),
  ];
}

/** The parts of the progress line after a step of pre-training; the time left is that of the layer. */
export function pretrainingParts(step: PretrainingStepEvent, pace: number | undefined): LinePart[] {
  const { layer, epoch, epochs, batch, batches, cost } = step;
  const left = (epochs - epoch + 1) * batches - batch;
  return [
    { text: `pre-training ${layer}`, order: 1 },
    { text: `epoch ${epoch}/${epochs}`, order: 0 },
    ...barParts(batch, batches),
    ...timeLeftParts(pace === undefined ? undefined : pace * left, (time) => `${time} left for this layer`),
    ...(cost === undefined ? [] : [{ text: `cost ${numberText(cost)}`, order: 2 }]),
  ];
}

function barParts(batch: number, batches: number): LinePart[] {
  const share = batch / batches;
  return [
    { text: barOf(share, CELLS), short: barOf(share, CELLS / 2), order: 4, glued: true },
    { text: `${batch}/${batches}`, order: 5, glued: true },
  ];
}

/** Speed and remaining time. */
function paceParts(
  { iteration, batches, lastIteration = Infinity }: StepEvent,
  { epochs, examples, pace }: BarContext,
): LinePart[] {
  if (pace === undefined) return [];
  const all = epochs * batches;
  const seconds = pace * (Math.min(all, lastIteration) - iteration);
  return [
    { text: speedText(examples / batches / pace), order: 6 },
    // Early stopping ends training there only if the error does not improve until then.
    ...timeLeftParts(seconds, (time) => lastIteration < all ? `at least ${time} left` : `${time} left`),
  ];
}

/** The remaining time, unless it is unknown or rounds to 0. */
function timeLeftParts(seconds: number | undefined, textOf: (time: string) => string): LinePart[] {
  if (seconds === undefined || Math.round(seconds) === 0) return [];
  return [{ text: textOf(wholeSecondsText(seconds)), order: 3 }];
}

/** The loss in training, of this epoch if possible, and the results of the last validation. */
function resultParts({ trainLoss }: StepEvent, { validation, measures }: BarContext): LinePart[] {
  const loss = trainLoss ?? validation?.trainLoss;
  const found = validation && validationPart(validation, measures);
  return [
    ...(loss === undefined ? [] : [{ text: `loss ${numberText(loss)}`, order: 1 }]),
    ...(found ? [found] : []),
  ];
}

function validationPart(
  { validationError: error, validationLoss: loss, metrics }: ValidationEvent,
  measures: Measures,
): LinePart {
  const short = error === null ? `validation ${lossText(loss, measures)}` : errorText(error, measures, "short");
  return { text: measuredText("validation", { error, loss, metrics }, measures), short, order: 2 };
}
