/**
 * The plain data of a `.ym` file apart from the configuration: the choices of the training, its progress, its report.
 *
 * @module
 */

import type { DeviceInfo } from "../../core/backend.ts";
import { deviceKinds } from "../../core/device_table.ts";
import type { Patience } from "../training/early_stopping.ts";
import type { OneOrNamed } from "../../data/named.ts";
import type { HyperparameterValues } from "../hyperparameters.ts";
import { History } from "../training/history.ts";
import type { Measured, OutputSums, Progress, Sums, SumsOfWeights } from "../training/progress.ts";
import type { EpochMetrics, EpochRecord, Report, ReportMetrics, Seconds } from "../training/report.ts";
import { type EmphasisOptions, trainOptions } from "../training/train_options.ts";
import type { DryRun } from "../training/dry_run.ts";
import type { Overfit } from "../training/overfit_goal.ts";
import { type Plateau, type PlateauOptions, plateauOptions } from "../training/plateau.ts";
import type { SavedAugmentation } from "../training/augment.ts";
import type { SavedMetric } from "../training/metric_option.ts";
import type { MetricValues } from "../training/set_metrics.ts";
import type { Versions } from "../version.ts";
import type { JsonRecord } from "./json.ts";
import {
  anyRecord,
  type JsonReader,
  listOf,
  nullOr,
  oneNameOf,
  readAnyText,
  readCount,
  reader,
  readFlag,
  readNumber,
  readText,
  recordOf,
  recordOfAll,
  unexpected,
} from "./schema.ts";

/**
 * The choices of a training that must stay the same when it is resumed, as if it had never stopped. What counts more in
 * it, and what it measures, is only written if it is used.
 */
export interface TrainingChoices extends EmphasisOptions {
  readonly augment?: readonly SavedAugmentation[] | undefined;
  readonly metrics?: readonly SavedMetric[] | undefined;
  readonly monitor?: string | undefined;
  readonly reduceOnPlateau?: Required<PlateauOptions> | undefined;
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

const seconds = recordOf<Seconds, object>(
  {
    total: readNumber,
    compile: readNumber,
    pretrain: readNumber,
    train: readNumber,
    validate: readNumber,
    save: readNumber,
  },
  {},
);

const metricValues: JsonReader<MetricValues> = (value, place) => {
  const values = anyRecord(value, place);
  return Object.fromEntries(Object.entries(values).map(([name, one]) => [name, readNumber(one, place)]));
};

/** The fields of an epoch that only some trainings have. */
type UsedFields = Required<Pick<EpochRecord, "learningRateScale" | "metrics">>;

const epochRecord = recordOf<Omit<EpochRecord, keyof UsedFields>, UsedFields>({
  epoch: readCount,
  trainLoss: readNumber,
  trainError: readNumber,
  validationError: nullOr(readNumber),
  validationLoss: nullOr(readNumber),
  seconds: readNumber,
  samplesPerSecond: readNumber,
}, {
  learningRateScale: readNumber,
  metrics: recordOf<EpochMetrics, object>({ training: metricValues, validation: nullOr(metricValues) }, {}),
});

const readMade: JsonReader<NonNullable<SavedMetric["made"]>> = (value, place) => {
  const [name, options, ...others] = listOf<unknown>((one) => one)(value, place);
  if (others.length > 0) throw unexpected("the name and the options of a metric", value, place);
  return [readText(name, place), anyRecord(options, place)];
};

/** The choices that are only written if they are used. */
type UsedChoices = keyof EmphasisOptions | "augment" | "metrics" | "monitor" | "reduceOnPlateau";

const choices = recordOf<Omit<TrainingChoices, UsedChoices>, Required<Pick<TrainingChoices, UsedChoices>>>({
  seed: reader<number>(trainOptions.seed),
  unsupervisedTraining: reader(trainOptions.unsupervisedTraining),
  earlyStop: reader<boolean>(trainOptions.earlyStop),
  shuffle: reader<boolean>(trainOptions.shuffle),
  restoreBest: reader<boolean>(trainOptions.restoreBest),
}, {
  classWeights: reader(trainOptions.classWeights),
  labelSmoothing: reader<OneOrNamed<number>>(trainOptions.labelSmoothing),
  augment: listOf(recordOf<SavedAugmentation, object>({ name: readText, options: nullOr(anyRecord) }, {})),
  metrics: listOf(
    recordOf<SavedMetric, object>({
      name: readText,
      direction: nullOr(oneNameOf("maximize", "minimize")),
      made: nullOr(readMade),
    }, {}),
  ),
  monitor: readText,
  reduceOnPlateau: recordOf<Required<PlateauOptions>, object>({
    factor: reader<number>(plateauOptions.factor),
    patience: reader<number>(plateauOptions.patience),
    least: reader<number>(plateauOptions.least),
  }, {}),
});

/** In files of format 1 the history is a list; later it is empty, since the epochs are in columns. */
type SavedProgress = Omit<Progress, "bestLoss" | "measured" | "plateau" | "history"> & {
  readonly history: readonly EpochRecord[];
};

const savedProgress = recordOf<
  SavedProgress,
  Pick<Progress, "bestLoss"> & Required<Pick<Progress, "measured" | "plateau">>
>({
  epoch: readCount,
  batch: readCount,
  iteration: readCount,
  validated: readCount,
  patience: recordOf<Patience, object>({ patience: readNumber, bestError: readNumber, bestIteration: readNumber }, {}),
  validationError: nullOr(readNumber),
  validationLoss: nullOr(readNumber),
  unread: readCount,
  epochSums: recordOf<Omit<Sums, "weights" | "outputs">, Required<Pick<Sums, "weights" | "outputs">>>(
    { cost: readNumber, error: readNumber, examples: readCount },
    {
      weights: recordOf<SumsOfWeights, object>({ cost: readNumber, error: readNumber }, {}),
      outputs: recordOfAll(
        recordOf<OutputSums, object>({ cost: readNumber, weight: readNumber, factor: readNumber }, {}),
      ),
    },
  ),
  history: listOf(epochRecord),
  epochSeconds: readNumber,
  seconds,
}, {
  bestLoss: nullOr(readNumber),
  measured: recordOf<Pick<Measured, "bestError">, Required<Omit<Measured, "bestError">>>(
    { bestError: nullOr(readNumber) },
    { last: metricValues, best: metricValues },
  ),
  plateau: recordOf<Plateau, object>({ scale: readNumber, reduced: readCount }, {}),
});

/** Earlier versions did not save the loss of the best validation. */
const progress: JsonReader<Progress> = (value, place) => {
  const saved = savedProgress(value, place);
  return { ...saved, history: History.of(saved.history), bestLoss: saved.bestLoss ?? null };
};

const pretraining = recordOf<PretrainingProgress, object>({
  layer: readText,
  epoch: readCount,
  batch: readCount,
  seconds,
}, {});

const training = recordOf<SavedTraining, object>(
  { choices, dataHash: readText, progress: nullOr(progress), pretraining: nullOr(pretraining) },
  {},
);

const hyperparameters: JsonReader<HyperparameterValues> = (value, place) => {
  const entries = Object.entries(anyRecord(value, place)).map(([name, one]) =>
    [name, typeof one === "object" ? null : one] as const
  );
  return Object.fromEntries(entries);
};

/** The fields of a report that earlier versions did not write. */
type LaterFields = Required<
  Pick<
    Report,
    "augment" | "monitor" | "monitoredMetric" | "validationLoss" | "testLoss" | "metrics" | "overfit" | "dryRun"
  >
>;

const report = recordOf<Omit<Report, keyof LaterFields>, LaterFields>({
  model: readText,
  network: readText,
  parameters: readCount,
  data: readText,
  dataHash: readText,
  seed: readNumber,
  // Rules of the user may have any name, and so may devices.
  updates: readAnyText,
  hyperparameters,
  device: recordOf<DeviceInfo, object>({ kind: oneNameOf(...deviceKinds), name: readAnyText, software: readFlag }, {}),
  versions: recordOf<Pick<Versions, "yadll">, Pick<Required<Versions>, "deno">>({ yadll: readText }, {
    deno: readText,
  }),
  epochs: readCount,
  iterations: readCount,
  batches: readCount,
  stop: oneNameOf("epochs", "patience", "aborted", "overfit"),
  errorUnit: oneNameOf("%", ""),
  validationError: nullOr(readNumber),
  bestIteration: nullOr(readCount),
  testError: nullOr(readNumber),
  seconds,
  samplesPerSecond: readNumber,
  history: listOf(epochRecord),
}, {
  augment: listOf(readAnyText),
  monitor: oneNameOf("validationError", "validationLoss"),
  monitoredMetric: readText,
  metrics: recordOf<ReportMetrics, object>({ validation: nullOr(metricValues), test: nullOr(metricValues) }, {}),
  validationLoss: nullOr(readNumber),
  testLoss: nullOr(readNumber),
  overfit: recordOf<Overfit, object>({
    examples: readCount,
    firstLoss: readNumber,
    goal: readNumber,
    reached: readFlag,
    lookAt: listOf(readText),
  }, {}),
  dryRun: recordOf<DryRun, object>({
    examples: recordOf<DryRun["examples"], object>({
      training: readCount,
      validation: readCount,
      test: nullOr(readCount),
    }, {}),
    epochs: readCount,
    batches: readCount,
    file: nullOr(readText),
    bytes: nullOr(readCount),
  }, {}),
});

const savedState = recordOf<SavedState, object>({ training: nullOr(training), report: nullOr(report) }, {});

/**
 * The state of a `.ym` file, checked.
 *
 * @throws {FileFormatError} if a field is missing, of another kind, or unknown.
 */
export function readSavedState(state: JsonRecord, file: string): SavedState {
  return savedState(state, { file, path: "state" });
}
