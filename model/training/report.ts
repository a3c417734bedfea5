/**
 * What is left of a training besides the weights.
 *
 * @module
 */

import type { DeviceInfo } from "../../core/backend.ts";
import type { HyperparameterValues } from "../hyperparameters.ts";
import type { ErrorUnit } from "./task.ts";
import type { Versions } from "../version.ts";

/** One epoch of training. Errors are in the report's unit. */
export interface EpochRecord {
  /** Counted from 1. */
  readonly epoch: number;
  /** The mean cost in training, penalties included. */
  readonly trainLoss: number;
  /** The mean error in training, with dropout and the like. */
  readonly trainError: number;
  /** That of the last validation; null where there was none yet. */
  readonly validationError: number | null;
  /** The mean cost of that validation; null where there was none yet. */
  readonly validationLoss: number | null;
  /** Seconds of training since the last epoch; validation is not in it. */
  readonly seconds: number;
  /** Training examples a second. */
  readonly samplesPerSecond: number;
}

/** Why a training ended: all epochs done, no improvement for long, or told to stop. */
export type Stop = "epochs" | "patience" | "aborted";

/** Where the seconds went; those before a training was resumed are among them. */
export interface Seconds {
  /** All of them. */
  readonly total: number;
  /** Tracing, and making kernels. */
  readonly compile: number;
  /** First weights, and pre-training. */
  readonly pretrain: number;
  /** Steps. */
  readonly train: number;
  /** Validation, and the test at the end. */
  readonly validate: number;
  /** Reading from the device what is saved, and writing it. */
  readonly save: number;
}

/** The report of a training. */
export interface Report {
  /** The name of the model. */
  readonly model: string;
  /** The name of the network. */
  readonly network: string;
  /** The number of learned numbers. */
  readonly parameters: number;
  /** The name of the data. */
  readonly data: string;
  /** The SHA-256 of the data, in hexadecimal digits. */
  readonly dataHash: string;
  /** What all random numbers came from. */
  readonly seed: number;
  /** The name of the update rule. */
  readonly updates: string;
  /** The hyperparameters. */
  readonly hyperparameters: HyperparameterValues;
  /** What computed. */
  readonly device: DeviceInfo;
  /** The software. */
  readonly versions: Versions;
  /** Epochs begun. */
  readonly epochs: number;
  /** Steps done. */
  readonly iterations: number;
  /** The batches of an epoch: so many steps make one. */
  readonly batches: number;
  /** Why it ended. */
  readonly stop: Stop;
  /** The unit of all errors. */
  readonly errorUnit: ErrorUnit;
  /** That of the weights that were kept; null where there was no validation. */
  readonly validationError: number | null;
  /** The iteration, counted from 1, with the least validation error; null where there was no validation. */
  readonly bestIteration: number | null;
  /** That of the weights that were kept; null without a test set, or where training was told to stop. */
  readonly testError: number | null;
  /** Where the time went. */
  readonly seconds: Seconds;
  /** Training examples a second. */
  readonly samplesPerSecond: number;
  /** The epochs, in order. */
  readonly history: readonly EpochRecord[];
}
