/**
 * The report of a training.
 *
 * @module
 */

import type { DeviceInfo } from "../../core/backend.ts";
import type { HyperparameterValues } from "../hyperparameters.ts";
import type { MetricValues } from "./set_metrics.ts";
import type { DryRun } from "./dry_run.ts";
import type { Overfit } from "./overfit_goal.ts";
import type { ErrorUnit, Monitor } from "./task.ts";
import type { Versions } from "../version.ts";

/** One epoch of training. Errors are in the report's unit. */
export interface EpochRecord {
  /** Counted from 1. */
  readonly epoch: number;
  /** The mean cost in training, penalties included. */
  readonly trainLoss: number;
  /** The mean error in training, with dropout and similar noise; NaN without a metric, in JSON null. */
  readonly trainError: number;
  /** The error of the last validation; null before the first one, or without a metric. */
  readonly validationError: number | null;
  /** The mean cost of that validation; null before the first one. */
  readonly validationLoss: number | null;
  /** Seconds of training since the last epoch, without validation. */
  readonly seconds: number;
  /** Training examples per second. */
  readonly samplesPerSecond: number;
  /** The product of the factors by which `reduceOnPlateau` had multiplied the learning rate, if the training has it. */
  readonly learningRateScale?: number;
  /** The metrics of the epoch, if the training has any. */
  readonly metrics?: EpochMetrics;
}

/** The metrics of an epoch by name. */
export interface EpochMetrics {
  /** Of the predictions in training, with dropout and similar noise, while the weights changed. */
  readonly training: MetricValues;
  /** Of the last validation; null before the first one. */
  readonly validation: MetricValues | null;
}

/** The metrics of the weights that were kept, by name. */
export interface ReportMetrics {
  /** Null without validation. */
  readonly validation: MetricValues | null;
  /** Null without a test set, or if training was stopped by a signal. */
  readonly test: MetricValues | null;
}

/**
 * Why a training ended: all epochs done, no improvement for too long, stopped by a signal, or because the loss of a
 * training that overfits is near zero.
 */
export type Stop = "epochs" | "patience" | "aborted" | "overfit";

/** The time spent in each phase, including the time before a training was resumed. */
export interface Seconds {
  /** The total time. */
  readonly total: number;
  /** Tracing, and generating kernels. */
  readonly compile: number;
  /** Initial weights, and pre-training. */
  readonly pretrain: number;
  /** Steps. */
  readonly train: number;
  /** Validation, and the test at the end. */
  readonly validate: number;
  /** Reading tensors from the device, and writing the file. */
  readonly save: number;
}

/** The report of a training. */
export interface Report {
  /** The name of the model. */
  readonly model: string;
  /** The name of the network. */
  readonly network: string;
  /** The number of parameters. */
  readonly parameters: number;
  /** The name of the data. */
  readonly data: string;
  /** The SHA-256 of the data, in hexadecimal digits. */
  readonly dataHash: string;
  /** The random seed. */
  readonly seed: number;
  /** The name of the update rule. */
  readonly updates: string;
  /** The names of the augmentations, if there were any. */
  readonly augment?: readonly string[];
  /** The hyperparameters. */
  readonly hyperparameters: HyperparameterValues;
  /** The device. */
  readonly device: DeviceInfo;
  /** The versions of the software. */
  readonly versions: Versions;
  /** Epochs started. */
  readonly epochs: number;
  /** Steps done. */
  readonly iterations: number;
  /** The number of batches, and steps, per epoch. */
  readonly batches: number;
  /** Why it ended. */
  readonly stop: Stop;
  /** The unit of all errors. */
  readonly errorUnit: ErrorUnit;
  /**
   * The quantity by which the best weights were chosen, and training stopped early. Reports of earlier versions do not
   * have it; they monitored the error.
   */
  readonly monitor?: Monitor;
  /** The value of a metric by which they were chosen instead, if it was one. */
  readonly monitoredMetric?: string;
  /** The validation error of the weights that were kept; null without validation or without a metric. */
  readonly validationError: number | null;
  /** Their mean cost in validation; null without validation. Reports of earlier versions do not have it. */
  readonly validationLoss?: number | null;
  /** The iteration, counted from 1, with the best validation; null without validation. */
  readonly bestIteration: number | null;
  /**
   * The test error of the weights that were kept; null without a test set or a metric, or if training was stopped by a
   * signal.
   */
  readonly testError: number | null;
  /**
   * Their mean cost on the test set; null without one, or if training was stopped by a signal. Reports of earlier
   * versions do not have it.
   */
  readonly testLoss?: number | null;
  /** The metrics of the weights that were kept, if the training had any. */
  readonly metrics?: ReportMetrics;
  /** The time spent in each phase. */
  readonly seconds: Seconds;
  /** Training examples per second. */
  readonly samplesPerSecond: number;
  /** How well a few examples were learned, if the training overfits. */
  readonly overfit?: Overfit;
  /** What was tried, and what the training would do, if it was a dry run. */
  readonly dryRun?: DryRun;
  /** The epochs, in order. */
  readonly history: readonly EpochRecord[];
}
