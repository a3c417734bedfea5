/**
 * The training that a command line requests.
 *
 * @module
 */

import type { TrainOptions } from "../../model/training/train_options.ts";
import type { DeviceChoice } from "../../core/device.ts";
import type { Choice } from "../settings.ts";
import type { SavingPlan } from "./saving_plan.ts";

/** The model to train, its data, and the output and files. */
export interface TrainingRequest {
  readonly choice: Choice;
  /** A line about the training, printed before it starts. */
  readonly remark: string | undefined;
  readonly saving: SavingPlan;
  readonly seed: number | undefined;
  readonly earlyStop: boolean | undefined;
  /** The number of examples to learn by heart. */
  readonly overfit: number | undefined;
  /** Whether everything is tried, and nothing written. */
  readonly dryRun: boolean;
  /** The names of augmentations. */
  readonly augment: readonly string[] | undefined;
  /** The weights of classes in training. */
  readonly classWeights: TrainOptions["classWeights"];
  /** The share of each target that is spread over all classes. */
  readonly labelSmoothing: TrainOptions["labelSmoothing"];
  /** The names of metrics of whole sets. */
  readonly metrics: readonly string[] | undefined;
  /** The name of the monitored value. */
  readonly monitor: string | undefined;
  readonly device: DeviceChoice | undefined;
  /** The number of threads on the CPU. */
  readonly threads: number | undefined;
  /** Whether products are computed without machine code. */
  readonly noNative: boolean;
  readonly data: string | undefined;
  readonly trainSize: number | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly noColor: boolean;
  /** Whether to plot the learning curves in the terminal. */
  readonly plot: boolean;
  /** Whether to write an HTML report to the run folder. */
  readonly report: boolean;
  /** A folder for TensorBoard. */
  readonly tensorboard: string | undefined;
}
