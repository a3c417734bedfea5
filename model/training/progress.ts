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
import type { Output } from "./outputs.ts";
import { errorIn, type Task, type Validated } from "./task.ts";
import type { Evaluation } from "./evaluation.ts";
import type { EpochRecord, Seconds } from "./report.ts";

/** Sums of costs and errors in training, and the number of their examples. */
export interface Sums {
  readonly cost: number;
  readonly error: number;
  readonly examples: number;
  /** The sums of the weights by which costs and errors were multiplied, if examples do not count alike. */
  readonly weights?: SumsOfWeights;
  /** Those of each of several outputs by name. Then `cost` has only the penalties. */
  readonly outputs?: Readonly<Record<string, OutputSums>>;
}

/** The sums of one of several outputs. */
export interface OutputSums {
  readonly cost: number;
  /** The sum of the weights by which the costs were multiplied. */
  readonly weight: number;
  /** The factor of its mean cost in that of the network. */
  readonly factor: number;
}

/** Sums of the weights of costs and of errors. */
export interface SumsOfWeights {
  readonly cost: number;
  readonly error: number;
}

/** The mean cost: of several outputs Σ factor · mean, plus the penalties. */
export function meanCost({ cost, examples, weights, outputs }: Sums): number {
  if (!outputs) return mean(cost, weights?.cost ?? examples);
  return Object.values(outputs).reduce((sum, one) => sum + one.factor * mean(one.cost, one.weight), cost / examples);
}

/** The name of the loss of one of several outputs. */
export function lossName(output: string): string {
  return `${output}/loss`;
}

/** The mean costs of several outputs by their names; empty for one output. */
export function meanCosts({ outputs = {} }: Sums): MetricValues {
  return Object.fromEntries(Object.entries(outputs).map(([name, one]) => [lossName(name), mean(one.cost, one.weight)]));
}

/** The mean error. */
export function meanError({ error, examples, weights }: Sums): number {
  return mean(error, weights?.error ?? examples);
}

/** A mean; 0 if all weights are 0, as in a step. */
function mean(sum: number, weight: number): number {
  return sum === 0 && weight === 0 ? 0 : sum / weight;
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
    ...(more.outputs && { outputs: addOutputs(sums.outputs ?? {}, more.outputs) }),
  };
}

function addOutputs(
  sums: NonNullable<Sums["outputs"]>,
  more: NonNullable<Sums["outputs"]>,
): NonNullable<Sums["outputs"]> {
  return Object.fromEntries(
    Object.entries(more).map(([name, { cost, weight, factor }]) => {
      const before = Object.hasOwn(sums, name) ? sums[name] : { cost: 0, weight: 0 };
      return [name, { cost: before.cost + cost, weight: before.weight + weight, factor }];
    }),
  );
}

/** What is read from a device. */
interface ReadSums {
  readonly examples: number;
  readonly outputs: readonly Pick<Output, "name" | "weight">[];
}

/** The sums over examples, from the tensor in which steps add them up. */
export function sumsFrom(values: ArrayLike<number>, { examples, outputs }: ReadSums): Sums {
  const { 0: cost, 1: error, 2: costs, 3: errors } = values;
  if (outputs.length > 1) {
    const own = outputs.map(({ name, weight: factor }, i) =>
      [name, { cost: values[2 * i + 2], weight: values[2 * i + 3], factor }] as const
    );
    return { cost, error, examples, outputs: Object.fromEntries(own) };
  }
  return { cost, error, examples, ...(values.length > 2 && { weights: { cost: costs, error: errors } }) };
}

/** The sum of all costs in the tensor in which steps add them up: it is finite if all of them are. */
export function costIn(values: ArrayLike<number>, outputs: readonly unknown[]): number {
  if (outputs.length === 1) return values[0];
  return outputs.reduce<number>((sum, _, i) => sum + values[2 * i + 2], values[0]);
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
  task: Pick<Task, "outputs">,
  { patience: { bestError }, bestLoss, measured }: Progress,
): Validated & { readonly metrics?: MetricValues } {
  if (measured) {
    const { best, bestError: validationError } = measured;
    return { validationError, validationLoss: bestLoss, ...(best && { metrics: best }) };
  }
  if (errorIn(task) === null) return { validationError: null, validationLoss: bestError };
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
