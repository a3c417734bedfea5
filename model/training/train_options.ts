/**
 * The options of a training.
 *
 * @module
 */

import { loadedFileKind, signalKind, writableFileKind } from "../../core/options/kinds.ts";
import { count, finite, whole } from "../../core/options/numbers.ts";
import type { Declaration } from "../../core/options/option.ts";
import { callable, either, flag, nullable, oneOf, text } from "../../core/options/values.ts";
import { record } from "../../core/options/nested.ts";
import type { WebFile, WritableFile } from "../../core/web_file.ts";
import { augmentOption, type GivenAugmentations } from "./augment.ts";
import { classWeights, labelSmoothing } from "./emphasis.ts";
import type { OneOrNamed } from "../../data/named.ts";
import { perOutput } from "../per_output.ts";
import { type GivenMetric, type GivenMetrics, metricList } from "./metric_option.ts";
import { type PlateauOptions, plateauOptions } from "./plateau.ts";
import type { RecordBatch } from "./loss.ts";
import type { TrainingEvent } from "./events.ts";

/**
 * When a training is saved: only if it is stopped, at its end, at each new best validation error and at the end, or after
 * each epoch and at the end. A training that is stopped by a signal, or because it diverged, is saved in every mode.
 */
export type SaveMode = "stop" | "end" | "each" | "epoch";

/** All modes. */
export const saveModes: readonly SaveMode[] = ["stop", "end", "each", "epoch"];

/** Whether, when and where a training is saved. */
export interface SaveOptions {
  /** When to save; null for never (default: `end` if there is a file, otherwise null). */
  readonly saveMode?: SaveMode | null | undefined;
  /**
   * Where to save, by convention `.ym` (default: the model's file, otherwise `NAME_yyyymmddhhmmss.ym`). In browsers, a
   * file of the browser's file system.
   */
  readonly file?: WritableFile | undefined;
}

/** Options that say what counts more in a training. */
export interface EmphasisOptions {
  /**
   * The weight of each class in the costs of training, or `balanced`, with which all classes count the same: the number of
   * targets by that of the classes and that of each class (default: all 1). Validation and test do not use it. For several
   * outputs, a record by their names.
   */
  readonly classWeights?: OneOrNamed<readonly number[] | "balanced"> | undefined;
  /**
   * The share of each target that is spread evenly over all classes in training (default: 0). The objective must be a
   * cross-entropy. Validation and test do not use it. For several outputs, a record by their names.
   */
  readonly labelSmoothing?: OneOrNamed<number> | undefined;
}

/** Options that say what a training measures, and what follows from it. */
export interface MeasuringOptions {
  /**
   * Metrics of whole sets, or their names: measured of the predictions in training over each epoch, in validation and in
   * the test. A function of examples, such as an objective, means its mean (default: none). Those of several outputs have
   * the names of these: `["kind/accuracy"]`, or as a record `{ kind: ["accuracy"] }`.
   */
  readonly metrics?: GivenMetrics | undefined;
  /**
   * The value of the validation by which the best weights are chosen, and training stops early: `loss`, `error`, or the
   * name of a metric; of a metric with a value per class also `f1/0`, and of several outputs also the loss of one,
   * `kind/loss` (default: the error, or the loss without a metric).
   */
  readonly monitor?: string | undefined;
  /**
   * Multiplies the learning rate by a factor after epochs without a better validation: `{ factor: 0.5, patience: 3 }`
   * (default: never).
   */
  readonly reduceOnPlateau?: PlateauOptions | undefined;
}

/** Options of a training. */
export interface TrainOptions extends SaveOptions, EmphasisOptions, MeasuringOptions {
  /**
   * Random changes of the examples of each step, such as `randomFlip()`, or a list of them (default: none). Validation,
   * test and pre-training use the examples as they are.
   */
  readonly augment?: GivenAugmentations<RecordBatch> | undefined;
  /** The random seed: the same seed gives the same weights on the same device (default: 1). */
  readonly seed?: number | undefined;
  /**
   * Whether unsupervised layers learn from their input first (default: if the network has no weights yet).
   */
  readonly unsupervisedTraining?: boolean | undefined;
  /** Whether to stop when validation error stops improving (default: true). */
  readonly earlyStop?: boolean | undefined;
  /** Whether examples are shuffled in each epoch (default: true). */
  readonly shuffle?: boolean | undefined;
  /** Whether the weights with the best validation error are kept, not the last ones (default: true). */
  readonly restoreBest?: boolean | undefined;
  /**
   * The bytes of device memory that examples may use (default: 2 GiB). Sets that need more are streamed, a few batches
   * at a time, which changes no bit of the result; smaller sets stay on the device.
   */
  readonly deviceBytes?: number | undefined;
  /** Stops the training after the step in progress; the result so far is kept. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Resumes a saved training as if it had never stopped: that of `file` (true), or of another file. The model must be
   * the one that was saved; only `nEpochs` may differ. Options default to those of the saved training.
   */
  readonly resume?: boolean | string | URL | WebFile | undefined;
  /**
   * Trains on this many first examples of the training set, which are also the validation set, until their loss is near
   * zero. The report says whether it became so, and what to look at if it did not. At most `batchSize`, or a multiple of
   * it (default: all examples).
   */
  readonly overfit?: number | undefined;
  /**
   * Tries one step, the validation and the test of one batch each, and the content of a save, and writes nothing. The
   * report says what was tried, and what the training would do; the model stays as it is (default: false).
   */
  readonly dryRun?: boolean | undefined;
}

/**
 * The default number of bytes that examples may use on a device: half of the 32-bit address space of WebAssembly. The
 * other half is for weights, the state of the update rule and the intermediate values of a step. WebGPU does not report
 * how much memory a GPU has.
 */
const DEVICE_BYTES = 2 * 2 ** 30;

/** The options of a training. For a resumed training, the defaults are the options with which it was started. */
export const trainOptions = {
  saveMode: nullable(oneOf<SaveMode>(saveModes), {
    help: "when to save: only when stopped, at the end, at each new best validation error, or after each epoch",
    otherwise: "end, if there is a file",
  }),
  file: { ...writableFileKind, help: "file to save to, by convention .ym", otherwise: "the model's file" },
  seed: whole({ default: 1, help: "random seed" }),
  unsupervisedTraining: flag({
    help: "pre-train unsupervised layers on their own input first",
    otherwise: "if the network has no weights yet",
  }),
  earlyStop: flag({ default: true, help: "stop when validation error stops improving" }),
  shuffle: flag({ default: true, help: "shuffle the examples in each epoch" }),
  restoreBest: flag({ default: true, help: "keep the weights with the best validation error, not the last ones" }),
  classWeights: perOutput<readonly number[] | "balanced">(
    either([oneOf(["balanced"]), classWeights], { help: classWeights.help, otherwise: "all 1" }),
  ),
  labelSmoothing: perOutput<number>(labelSmoothing),
  augment: augmentOption<RecordBatch>(),
  metrics: perOutput<readonly GivenMetric[]>(
    metricList({ help: "metrics of whole sets, or their names", otherwise: "none" }),
  ),
  monitor: text({
    help: "value of the validation by which the best weights are chosen: loss, error, or the name of a metric",
    otherwise: "the error, or the loss without a metric",
  }),
  reduceOnPlateau: record<PlateauOptions>(plateauOptions, {
    help: "multiply the learning rate by a factor after epochs without a better validation",
    otherwise: "never",
  }),
  deviceBytes: finite({
    least: 1,
    infinite: true,
    default: DEVICE_BYTES,
    help: "bytes of device memory that examples may use",
  }),
  signal: { ...signalKind, help: "stops the training after the step in progress" },
  resume: either([flag(), loadedFileKind], {
    help: "resume a saved training: that of file (true), or of another file",
  }),
  overfit: count({
    help: "train on the first N examples only, to see whether the network can learn them by heart",
    otherwise: "all examples",
  }),
  dryRun: flag({ default: false, help: "try one step, validation, test and the content of a save; write nothing" }),
} satisfies Declaration<TrainOptions>;

/** Options of {@linkcode Model.train}. */
export interface ModelTrainOptions extends TrainOptions {
  /**
   * Called with each event. If it returns a promise, training waits for it, and ends if the promise is rejected, as if
   * the function had thrown an error. That also holds for `log` and `progress`.
   */
  readonly onEvent?: (event: TrainingEvent) => void;
  /** Called with each line of the documented log, such as `console.error`. */
  readonly log?: (line: string) => void;
  /**
   * Whether progress is shown on standard error: on a terminal a bar with a line for each epoch, elsewhere only the
   * lines. A function receives all events instead, those of steps with the loss of the epoch so far. By default progress
   * is shown, but nothing is printed in browsers, under test runners, and, unless there is a terminal, if there is a
   * `log`. Unless it is `true`, a training of less than two seconds has one line where there is no terminal, and after
   * 50 lines there is at most one per second.
   */
  readonly progress?: boolean | ((event: TrainingEvent) => void) | undefined;
}

/** The options of {@linkcode Model.train}. */
export const modelTrainOptions = {
  ...trainOptions,
  onEvent: callable<(event: TrainingEvent) => void>({ help: "called with each event" }),
  log: callable<(line: string) => void>({ help: "called with each line of the log" }),
  progress: either([flag(), callable<(event: TrainingEvent) => void>()], {
    help:
      "show progress on standard error: a bar on a terminal, otherwise lines; or a function that receives the events",
    otherwise: "true, except in browsers and under test runners",
  }),
} satisfies Declaration<ModelTrainOptions>;

/** The options of {@linkcode Model.pretrain}: those of a training that say something about pre-training. */
export type PretrainOptions = Pick<
  ModelTrainOptions,
  "seed" | "deviceBytes" | "signal" | "onEvent" | "log" | "progress"
>;

const { seed, deviceBytes, signal, onEvent, log, progress } = modelTrainOptions;

/** {@linkcode PretrainOptions}, declared. */
export const pretrainOptions = {
  seed,
  deviceBytes,
  signal,
  onEvent,
  log,
  progress,
} satisfies Declaration<PretrainOptions>;
