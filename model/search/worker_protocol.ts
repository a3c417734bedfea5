/**
 * The messages between a search and its workers.
 *
 * @module
 */

import type { DeviceChoice } from "../../core/device.ts";
import type { DeviceOptions } from "../../core/device_options.ts";
import type { HyperparameterValues } from "../hyperparameters.ts";
import type { TrialJob, TrialOptions, TrialProgress } from "./trial.ts";

/** The data with which a worker starts. */
export interface WorkerStart {
  /** The URL of the module that exports the function that builds the models. */
  readonly module: string;
  /** The name of that function. */
  readonly build: string;
  /** Its source text, with which the worker checks that it has the right one. */
  readonly buildText: string;
  readonly device: Exclude<DeviceChoice, "auto">;
  /** How the device is opened: with the threads of this worker, if it computes on the CPU. */
  readonly deviceOptions: DeviceOptions;
  readonly options: TrialOptions;
}

/** The next combination for a worker. */
export type WorkerJob = TrialJob<HyperparameterValues>;

/** A message of a worker: progress or the end of a job, or an error that makes the worker useless. */
export type WorkerMessage = TrialProgress | { readonly event: "idle" } | {
  readonly event: "broken";
  readonly reason: string;
};
