/**
 * What happens in a training, as it happens.
 *
 * @module
 */

import type { DeviceInfo } from "../../core/backend.ts";
import type { FileError } from "../files/errors.ts";
import type { EpochRecord, Report } from "./report.ts";
import type { ErrorUnit } from "./task.ts";
import type { Weights } from "../weights.ts";

/** Where a training is. All numbers count from 1. */
export interface Position {
  /** The epoch. */
  readonly epoch: number;
  /** The batch within the epoch. */
  readonly batch: number;
  /** The batches of an epoch. */
  readonly batches: number;
  /** Steps since the beginning. */
  readonly iteration: number;
}

/** Training is about to begin. */
export interface StartEvent {
  /** Which event it is. */
  readonly event: "start";
  /** The name of the model. */
  readonly model: string;
  /** The name of the network. */
  readonly network: string;
  /** The name of the data. */
  readonly data: string;
  /** What all random numbers come from. */
  readonly seed: number;
  /** What computes. */
  readonly device: DeviceInfo;
  /** The most epochs there will be. */
  readonly epochs: number;
  /** The batches of an epoch. */
  readonly batches: number;
  /** Examples an epoch. */
  readonly examples: number;
}

/** An epoch of the pre-training of a layer was done. */
export interface PretrainingEvent {
  /** Which event it is. */
  readonly event: "pretraining";
  /** The name of the layer. */
  readonly layer: string;
  /** Counted from 1. */
  readonly epoch: number;
  /** The epochs of the layer's pre-training. */
  readonly epochs: number;
  /** What the layer shows, lower is better. */
  readonly cost: number;
}

/** A step was handed to the device. */
export interface StepEvent extends Position {
  /** Which event it is. */
  readonly event: "step";
}

/** The validation set was evaluated. */
export interface ValidationEvent extends Position {
  /** Which event it is. */
  readonly event: "validation";
  /** In the unit below. */
  readonly validationError: number;
  /** The mean cost of the validation set. */
  readonly validationLoss: number;
  /** The mean cost of the steps since the last validation. */
  readonly trainLoss: number;
  /** The unit of the error. */
  readonly errorUnit: ErrorUnit;
}

/** The validation error is the least so far. */
export interface CheckpointEvent extends Position {
  /** Which event it is. */
  readonly event: "checkpoint";
  /** The least so far. */
  readonly validationError: number;
  /** The weights that gave it; only until the next event. */
  readonly weights: Weights;
}

/** The training was saved: from here it can go on, bit for bit. */
export interface SaveEvent extends Position {
  /** Which event it is. */
  readonly event: "save";
  /** The file. */
  readonly file: string;
}

/** The training could not be saved, such as on a full disk; it goes on, and the file is as it was before. */
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

/** Training is over. */
export interface EndEvent {
  /** Which event it is. */
  readonly event: "end";
  /** What is left of it. */
  readonly report: Report;
}

/** What happens in a training. */
export type TrainingEvent =
  | StartEvent
  | PretrainingEvent
  | StepEvent
  | ValidationEvent
  | CheckpointEvent
  | SaveEvent
  | SaveFailedEvent
  | EpochEvent
  | EndEvent;
