/**
 * The inputs and the result of the training loop.
 *
 * @module
 */

import type { Tensor } from "../../core/tensor.ts";
import type { NamedData } from "../../data/data.ts";
import type { Weights } from "../weights.ts";
import type { DeviceShares } from "./device_bytes.ts";
import type { SaveEvent, SaveFailedEvent } from "./events.ts";
import type { OverfitGoal } from "./overfit_goal.ts";
import type { PlateauOptions } from "./plateau.ts";
import type { Programs } from "./programs.ts";
import type { Stop } from "./report.ts";
import type { MetricValues } from "./set_metrics.ts";
import type { Snapshot } from "./snapshot.ts";

/** When a training is saved. */
export interface SavePlan {
  /** At each checkpoint, or after each epoch, or only by the code that runs the training. */
  readonly each: "checkpoint" | "epoch" | null;
  save(snapshot: Snapshot): Promise<SaveEvent | SaveFailedEvent>;
}

/** The inputs of a training. */
export interface TrainingPlan {
  readonly name: string;
  readonly programs: Programs;
  readonly data: NamedData;
  /** The bytes that its sets may use on the device. */
  readonly shares: DeviceShares;
  /** The state to start from; its tensors are consumed. */
  readonly from: Snapshot;
  /** The random key of the order of examples. */
  readonly order: Tensor;
  readonly nEpochs: number;
  /** In iterations. */
  readonly patience: number;
  /** In epochs, instead of iterations. */
  readonly patienceEpochs?: number | undefined;
  /** How the learning rate is reduced; undefined for never. */
  readonly reduceOnPlateau?: Required<PlateauOptions> | undefined;
  readonly earlyStop: boolean;
  readonly shuffle: boolean;
  readonly restoreBest: boolean;
  readonly signal: AbortSignal | undefined;
  readonly saving: SavePlan | undefined;
  /** Whether someone watches the loss during an epoch. */
  readonly watched: boolean;
  /** Whether the training ends when the validation loss is near zero. */
  readonly overfits: boolean;
}

/** The result of a training. */
export interface Trained {
  readonly snapshot: Snapshot;
  /** The best weights, or the last ones. */
  readonly weights: Weights;
  readonly stop: Stop;
  /** The validation error and the mean validation cost of the weights. */
  readonly validationError: number | null;
  readonly validationLoss: number | null;
  /** Their metrics in validation, if there are metrics. */
  readonly metrics?: MetricValues;
  /** The goal of a training that overfits. */
  readonly goal?: OverfitGoal | undefined;
}
