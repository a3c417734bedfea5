/**
 * The plain data of a `.ym` file apart from the configuration: the choices of the training, its progress, its report.
 *
 * @module
 */

import type { DeviceInfo } from "../../core/backend.ts";
import { deviceKinds } from "../../core/device_table.ts";
import type { Patience } from "../training/early_stopping.ts";
import type { HyperparameterValues } from "../hyperparameters.ts";
import type { Progress, Sums } from "../training/progress.ts";
import type { EpochRecord, Report, Seconds } from "../training/report.ts";
import { trainOptions } from "../training/train_options.ts";
import type { Versions } from "../version.ts";
import type { JsonRecord } from "./json.ts";
import {
  anyRecord,
  count,
  flag,
  type JsonReader,
  list,
  nullable,
  number,
  oneOf,
  reader,
  record,
  text,
} from "./schema.ts";

/** The choices of a training that must stay the same when it is resumed, as if it had never stopped. */
export interface TrainingChoices {
  readonly seed: number;
  readonly unsupervisedTraining: boolean;
  readonly earlyStop: boolean;
  readonly shuffle: boolean;
  readonly restoreBest: boolean;
}

/** The progress of a pre-training. */
export interface PretrainingProgress {
  readonly layer: string;
  /** Counted from 1. */
  readonly epoch: number;
  /** The number of its batches that are done. */
  readonly batch: number;
  readonly seconds: Seconds;
}

/** A training in a `.ym` file that can be resumed. */
export interface SavedTraining {
  readonly choices: TrainingChoices;
  readonly dataHash: string;
  /** The progress of training; null if pre-training is not finished. */
  readonly progress: Progress | null;
  /** The progress of pre-training; null if it is finished, or there is none. */
  readonly pretraining: PretrainingProgress | null;
}

/** The state of a `.ym` file. */
export interface SavedState {
  /** Null if only the model was saved. */
  readonly training: SavedTraining | null;
  /** Null if the training was not finished. */
  readonly report: Report | null;
}

const seconds = record<Seconds, object>(
  { total: number, compile: number, pretrain: number, train: number, validate: number, save: number },
  {},
);

const epochRecord = record<EpochRecord, object>({
  epoch: count,
  trainLoss: number,
  trainError: number,
  validationError: nullable(number),
  validationLoss: nullable(number),
  seconds: number,
  samplesPerSecond: number,
}, {});

const choices = record<TrainingChoices, object>({
  seed: reader<number>(trainOptions.seed),
  unsupervisedTraining: reader(trainOptions.unsupervisedTraining),
  earlyStop: reader<boolean>(trainOptions.earlyStop),
  shuffle: reader<boolean>(trainOptions.shuffle),
  restoreBest: reader<boolean>(trainOptions.restoreBest),
}, {});

const progress = record<Progress, object>({
  epoch: count,
  batch: count,
  iteration: count,
  validated: count,
  patience: record<Patience, object>({ patience: number, bestError: number, bestIteration: number }, {}),
  validationError: nullable(number),
  validationLoss: nullable(number),
  unread: count,
  epochSums: record<Sums, object>({ cost: number, error: number, examples: count }, {}),
  history: list(epochRecord),
  epochSeconds: number,
  seconds,
}, {});

const pretraining = record<PretrainingProgress, object>({ layer: text, epoch: count, batch: count, seconds }, {});

const training = record<SavedTraining, object>(
  { choices, dataHash: text, progress: nullable(progress), pretraining: nullable(pretraining) },
  {},
);

const hyperparameters: JsonReader<HyperparameterValues> = (value, place) => {
  const entries = Object.entries(anyRecord(value, place)).map(([name, one]) =>
    [name, typeof one === "object" ? null : one] as const
  );
  return Object.fromEntries(entries);
};

const report = record<Report, object>({
  model: text,
  network: text,
  parameters: count,
  data: text,
  dataHash: text,
  seed: number,
  updates: text,
  hyperparameters,
  device: record<DeviceInfo, object>({ kind: oneOf(...deviceKinds), name: text, software: flag }, {}),
  versions: record<Pick<Versions, "yadll">, Pick<Required<Versions>, "deno">>({ yadll: text }, { deno: text }),
  epochs: count,
  iterations: count,
  batches: count,
  stop: oneOf("epochs", "patience", "aborted"),
  errorUnit: oneOf("%", ""),
  validationError: nullable(number),
  bestIteration: nullable(count),
  testError: nullable(number),
  seconds,
  samplesPerSecond: number,
  history: list(epochRecord),
}, {});

const savedState = record<SavedState, object>({ training: nullable(training), report: nullable(report) }, {});

/**
 * The state of a `.ym` file, checked.
 *
 * @throws {FileFormatError} if a field is missing, of another kind, or unknown.
 */
export function readSavedState(state: JsonRecord, file: string): SavedState {
  return savedState(state, { file, path: "state" });
}
