/**
 * The events of a training.
 *
 * @module
 */

import type { DeviceInfo } from "../../core/backend.ts";
import type { FileError } from "../files/errors.ts";
import type { EpochRecord, Report } from "./report.ts";
import type { MetricValues } from "./set_metrics.ts";
import type { ErrorUnit, Monitor } from "./task.ts";
import type { Weights } from "../weights.ts";

/** The position of a training. All numbers are counted from 1. */
export interface Position {
  /** The epoch. */
  readonly epoch: number;
  /** The batch within the epoch. */
  readonly batch: number;
  /** The number of batches per epoch. */
  readonly batches: number;
  /** Steps since the start. */
  readonly iteration: number;
}

/** Training starts. */
export interface StartEvent {
  /** Which event it is. */
  readonly event: "start";
  /** The name of the model. */
  readonly model: string;
  /** The name of the network. */
  readonly network: string;
  /** The name of the data. */
  readonly data: string;
  /** The random seed. */
  readonly seed: number;
  /** The device. */
  readonly device: DeviceInfo;
  /** The maximum number of epochs. */
  readonly epochs: number;
  /** The number of batches per epoch. */
  readonly batches: number;
  /** Examples per epoch. */
  readonly examples: number;
  /** The quantity by which the best weights are chosen, and training stops early. */
  readonly monitor?: Monitor;
  /** The value of a metric by which they are chosen instead, if it is one. */
  readonly monitoredMetric?: string;
  /** The unit of all errors. */
  readonly errorUnit?: ErrorUnit;
  /** The name of the objective; empty if the function has none. */
  readonly objective?: string;
  /** The name of the metric as it was given, also that of an accuracy; null without a metric. */
  readonly metric?: string | null;
}

/** A pre-training step of a layer was queued for the device. */
export interface PretrainingStepEvent {
  /** Which event it is. */
  readonly event: "pretrainingStep";
  /** The name of the layer. */
  readonly layer: string;
  /** Counted from 1. */
  readonly epoch: number;
  /** The epochs of the layer's pre-training. */
  readonly epochs: number;
  /** The batch within the epoch, counted from 1. */
  readonly batch: number;
  /** The number of batches per epoch. */
  readonly batches: number;
  /** The mean of the monitored quantity in this epoch when it was last read, if progress is watched. */
  readonly cost?: number;
}

/** An epoch of the pre-training of a layer is done. */
export interface PretrainingEvent {
  /** Which event it is. */
  readonly event: "pretraining";
  /** The name of the layer. */
  readonly layer: string;
  /** Counted from 1. */
  readonly epoch: number;
  /** The epochs of the layer's pre-training. */
  readonly epochs: number;
  /** The quantity that the layer monitors; lower is better. */
  readonly cost: number;
  /** The time of the epoch. */
  readonly seconds?: number;
}

/** A step was queued for the device. */
export interface StepEvent extends Position {
  /** Which event it is. */
  readonly event: "step";
  /**
   * The step after which training ends unless an improvement extends the patience of early stopping. It is the last step
   * of all epochs if early stopping cannot end training before.
   */
  readonly lastIteration?: number;
  /**
   * The mean cost of the epoch so far, as it was last read: a few times per second, if progress is watched. Undefined
   * before it was read in this epoch.
   */
  readonly trainLoss?: number;
}

/** The validation set was evaluated. */
export interface ValidationEvent extends Position {
  /** Which event it is. */
  readonly event: "validation";
  /** In `errorUnit`; null without a metric. */
  readonly validationError: number | null;
  /** The mean cost of the validation set. */
  readonly validationLoss: number;
  /** The mean cost of the steps since the last validation. */
  readonly trainLoss: number;
  /** The unit of the error. */
  readonly errorUnit: ErrorUnit;
  /** The metrics of the validation set by name, if the training has any. */
  readonly metrics?: MetricValues;
}

/** The monitored quantity, validation error or validation loss, is the best so far. */
export interface CheckpointEvent extends Position {
  /** Which event it is. */
  readonly event: "checkpoint";
  /** The validation error of these weights; null without a metric. */
  readonly validationError: number | null;
  /** Their mean cost in validation. */
  readonly validationLoss?: number;
  /** Their metrics in validation, if the training has any. */
  readonly metrics?: MetricValues;
  /** The best weights; valid until the next event. */
  readonly weights: Weights;
}

/** The training was saved. It can be resumed from here, bit for bit. */
export interface SaveEvent extends Position {
  /** Which event it is. */
  readonly event: "save";
  /** The file, or its name in the browser's file system. */
  readonly file: string;
}

/** The training could not be saved, for example because the disk is full. It continues, and the file is unchanged. */
export interface SaveFailedEvent extends Position {
  /** Which event it is. */
  readonly event: "saveFailed";
  /** What went wrong. */
  readonly error: FileError;
}

/** An epoch is over. */
export interface EpochEvent extends EpochRecord {
  /** Which event it is. */
  readonly event: "epoch";
}

/** The learning rate was reduced after an epoch, because the validation had stopped improving; not at the least one. */
export interface RateReducedEvent extends Position {
  /** Which event it is. */
  readonly event: "rateReduced";
  /** The product of all factors by which `reduceOnPlateau` has multiplied the learning rate. */
  readonly scale: number;
  /** The learning rate from now on; null if that of the rule is a schedule. */
  readonly learningRate: number | null;
}

/** Training is over. */
export interface EndEvent {
  /** Which event it is. */
  readonly event: "end";
  /** The report of the training. */
  readonly report: Report;
  /**
   * What to check if a metric of your own kept the weights of the first epoch although the training loss fell: of such
   * metrics, lower values are better by default.
   */
  readonly remark?: string;
}

/** What happens in a training. */
export type TrainingEvent =
  | StartEvent
  | PretrainingStepEvent
  | PretrainingEvent
  | StepEvent
  | ValidationEvent
  | CheckpointEvent
  | SaveEvent
  | SaveFailedEvent
  | EpochEvent
  | RateReducedEvent
  | EndEvent;
