/**
 * The plain data of a `.ym` file besides the configuration: how the training drew and stopped, where it is, its report.
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

/** How a training draws and stops: what must stay the same for it to go on as if it had never stopped. */
export interface TrainingChoices {
  readonly seed: number;
  readonly unsupervisedTraining: boolean;
  readonly earlyStop: boolean;
  readonly shuffle: boolean;
  readonly restoreBest: boolean;
}

/** Where a pre-training is. */
export interface PretrainingProgress {
  readonly layer: string;
  /** Counted from 1. */
  readonly epoch: number;
  /** Its batches that are done. */
  readonly batch: number;
  readonly seconds: Seconds;
}

/** What a `.ym` file says of a training that can go on. */
export interface SavedTraining {
  readonly choices: TrainingChoices;
  readonly dataHash: string;
  /** Where training is; null where pre-training is not over. */
  readonly progress: Progress | null;
  /** Where pre-training is; null where it is over, or there is none. */
  readonly pretraining: PretrainingProgress | null;
}

/** The state of a `.ym` file. */
export interface SavedState {
  /** Null where only the model was saved. */
  readonly training: SavedTraining | null;
  /** Null where the training was not over. */
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
 * @throws {FileFormatError} if a field is missing, of another kind, or not known.
 */
export function readSavedState(state: JsonRecord, file: string): SavedState {
  return savedState(state, { file, path: "state" });
}
