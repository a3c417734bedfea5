/**
 * The progress of a training, as plain data. Together with the tensors on the device, it is everything that is needed
 * to resume.
 *
 * @module
 */

import { History } from "./history.ts";
import { afterValidation, beginPatience, type Patience } from "./early_stopping.ts";
import type { Plateau } from "./plateau.ts";
import type { MetricValues } from "./set_metrics.ts";
import type { Task, Validated } from "./task.ts";
import type { Evaluation } from "./evaluation.ts";
import type { EpochRecord, Seconds } from "./report.ts";

/** Sums of costs and errors in training, and the number of their examples. */
export interface Sums {
  readonly cost: number;
  readonly error: number;
  readonly examples: number;
  /** The sums of the weights by which costs and errors were multiplied, if examples do not count alike. */
  readonly weights?: SumsOfWeights;
}

/** Sums of the weights of costs and of errors. */
export interface SumsOfWeights {
  readonly cost: number;
  readonly error: number;
}

/** The mean cost. */
export function meanCost({ cost, examples, weights }: Sums): number {
  return meanOf(cost, { examples, weight: weights?.cost });
}

/** The mean error. */
export function meanError({ error, examples, weights }: Sums): number {
  return meanOf(error, { examples, weight: weights?.error });
}

/** The mean of a sum; what has only weights of 0 has the mean 0, as in a step. */
function meanOf(sum: number, { examples, weight }: { examples: number; weight: number | undefined }): number {
  if (weight === 0) return sum;
  return sum / (weight ?? examples);
}

/** Sums over more examples. */
export function addSums(sums: Sums, more: Sums): Sums {
  return {
    cost: sums.cost + more.cost,
    error: sums.error + more.error,
    examples: sums.examples + more.examples,
    ...(more.weights && {
      weights: {
        cost: (sums.weights?.cost ?? 0) + more.weights.cost,
        error: (sums.weights?.error ?? 0) + more.weights.error,
      },
    }),
  };
}

/** The sums over examples, from the tensor in which steps add them up. */
export function sumsFrom(values: ArrayLike<number>, examples: number): Sums {
  const { 0: cost, 1: error, 2: costs, 3: errors } = values;
  return { cost, error, examples, ...(values.length > 2 && { weights: { cost: costs, error: errors } }) };
}

/** The progress of a training. */
export interface Progress {
  /** The epoch in progress, or the next one, counted from 1. */
  readonly epoch: number;
  /** The number of its batches that are done. */
  readonly batch: number;
  /** Steps done in all epochs. */
  readonly iteration: number;
  /** The iteration of the last validation; 0 before the first. */
  readonly validated: number;
  readonly patience: Patience;
  /** The error and the mean cost of the last validation; null before the first. */
  readonly validationError: number | null;
  readonly validationLoss: number | null;
  /** Examples whose cost is in the sums on the device and has not been read yet. */
  readonly unread: number;
  /** The sums that were read in the epoch in progress. */
  readonly epochSums: Sums;
  readonly history: History;
  /** Seconds of the steps of the epoch in progress. */
  readonly epochSeconds: number;
  readonly seconds: Seconds;
  /** The mean cost of the best validation; null before the first, or if an earlier version did not save it. */
  readonly bestLoss: number | null;
  /** More results of validations, if the training has metrics of whole sets, or a monitor of its own. */
  readonly measured?: Measured;
  /** How far the learning rate is reduced, if it may be. */
  readonly plateau?: Plateau;
}

/** Results of validations that are only kept if they are needed. */
export interface Measured {
  /** The metrics of the last validation, and of the best one, if there are metrics. */
  readonly last?: MetricValues;
  readonly best?: MetricValues;
  /** The error of the best validation; null without a metric per example. */
  readonly bestError: number | null;
}

const nothing: Sums = { cost: 0, error: 0, examples: 0 };

/** The seconds before anything is done. */
export const noSeconds: Seconds = { total: 0, compile: 0, pretrain: 0, train: 0, validate: 0, save: 0 };

/** The initial progress, with a patience in iterations. */
export function beginProgress(patience: number): Progress {
  return {
    epoch: 1,
    batch: 0,
    iteration: 0,
    validated: 0,
    patience: beginPatience(patience),
    validationError: null,
    validationLoss: null,
    unread: 0,
    epochSums: nothing,
    history: History.of([]),
    epochSeconds: 0,
    seconds: noSeconds,
    bestLoss: null,
  };
}

/** The progress after a step on this many examples. */
export function afterStep(before: Progress, examples: number): Progress {
  const { batch, iteration, unread } = before;
  return { ...before, batch: batch + 1, iteration: iteration + 1, unread: unread + examples };
}

/** The progress after the sums on the device were read and reset. */
export function afterReading(before: Progress, sums: Sums): Progress {
  return { ...before, unread: 0, epochSums: addSums(before.epochSums, sums) };
}

/** A validation, as the progress keeps it. */
export interface Scored {
  /** The value by which validations are compared: the lower, the better. */
  readonly score: number;
  /** Whether more than error and loss must be kept. */
  readonly isMeasured: boolean;
}

/** The progress after a validation. */
export function afterValidated(
  before: Progress,
  { cost, error, metrics }: Evaluation,
  { score, isMeasured }: Scored,
): Progress {
  const patience = afterValidation(before.patience, before.iteration - 1, score);
  const isBest = patience !== before.patience;
  const best = isBest
    ? { ...(metrics && { best: metrics }), bestError: error }
    : { bestError: null, ...before.measured };
  return {
    ...before,
    patience,
    bestLoss: isBest ? cost : before.bestLoss,
    validated: before.iteration,
    validationError: error,
    validationLoss: cost,
    ...(isMeasured && { measured: { ...best, ...(metrics && { last: metrics }) } }),
  };
}

/** The best validation. */
export function bestValidation(
  { error }: Pick<Task, "error">,
  { patience: { bestError }, bestLoss, measured }: Progress,
): Validated & { readonly metrics?: MetricValues } {
  if (measured) {
    const { best, bestError: validationError } = measured;
    return { validationError, validationLoss: bestLoss, ...(best && { metrics: best }) };
  }
  if (error === null) return { validationError: null, validationLoss: bestError };
  return { validationError: bestError, validationLoss: bestLoss };
}

/** The progress with another epoch in the history. The next epoch starts if all batches are done. */
export function afterEpoch(before: Progress, record: EpochRecord, batches: number): Progress {
  const after = { ...before, history: before.history.with(record) };
  if (before.batch < batches) return after;
  return { ...after, epoch: before.epoch + 1, batch: 0, epochSums: nothing, epochSeconds: 0 };
}

/** The progress with more seconds in one of the phases; steps count for their epoch too. */
export function afterSeconds(before: Progress, phase: keyof Seconds, more: number): Progress {
  const seconds = { ...before.seconds, [phase]: before.seconds[phase] + more };
  return { ...before, seconds, epochSeconds: before.epochSeconds + (phase === "train" ? more : 0) };
}

/** The number of epochs that were started. */
export function epochsOf({ epoch, batch }: Progress): number {
  return batch > 0 ? epoch : epoch - 1;
}
