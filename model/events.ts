/**
 * What happens in a training, as it happens.
 *
 * @module
 */

import type { DeviceInfo } from "../core/backend.ts";
import type { EpochRecord, Report } from "./report.ts";
import type { ErrorUnit } from "./task.ts";
import type { Weights } from "./weights.ts";

/** Where a training is. All numbers count from 1. */
export interface Position {
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
  readonly event: "start";
  readonly model: string;
  readonly network: string;
  readonly data: string;
  readonly seed: number;
  readonly device: DeviceInfo;
  /** The most epochs there will be. */
  readonly epochs: number;
  readonly batches: number;
  /** Examples an epoch. */
  readonly examples: number;
}

/** An epoch of the pre-training of a layer was done. */
export interface PretrainingEvent {
  readonly event: "pretraining";
  readonly layer: string;
  readonly epoch: number;
  readonly epochs: number;
  /** What the layer shows, lower is better. */
  readonly cost: number;
}

/** A step was handed to the device. */
export interface StepEvent extends Position {
  readonly event: "step";
}

/** The validation set was evaluated. */
export interface ValidationEvent extends Position {
  readonly event: "validation";
  readonly validationError: number;
  readonly validationLoss: number;
  /** The mean cost of the steps since the last validation. */
  readonly trainLoss: number;
  readonly errorUnit: ErrorUnit;
}

/** The validation error is the least so far. */
export interface CheckpointEvent extends Position {
  readonly event: "checkpoint";
  readonly validationError: number;
  /** The weights that gave it; only until the next event. */
  readonly weights: Weights;
}

/** An epoch is over. */
export interface EpochEvent extends EpochRecord {
  readonly event: "epoch";
}

/** Training is over. */
export interface EndEvent {
  readonly event: "end";
  readonly report: Report;
}

/** What happens in a training. */
export type TrainingEvent =
  | StartEvent
  | PretrainingEvent
  | StepEvent
  | ValidationEvent
  | CheckpointEvent
  | EpochEvent
  | EndEvent;
