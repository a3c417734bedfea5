/**
 * What a command line asks of a training.
 *
 * @module
 */

import type { DeviceChoice } from "../../core/device.ts";
import type { Choice } from "../settings.ts";
import type { SavingPlan } from "./saving_plan.ts";

/** What is to be trained, on what, and what is to be told and kept. */
export interface TrainingRequest {
  readonly choice: Choice;
  readonly saving: SavingPlan;
  readonly seed: number | undefined;
  readonly earlyStop: boolean | undefined;
  readonly device: DeviceChoice | undefined;
  readonly data: string | undefined;
  readonly trainSize: number | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly noColor: boolean;
  /** Whether to draw the learning curves on the terminal. */
  readonly plot: boolean;
  /** Whether the run folder is to have a page. */
  readonly report: boolean;
  /** A folder for TensorBoard. */
  readonly tensorboard: string | undefined;
}
