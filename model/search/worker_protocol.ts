/**
 * What a search and its workers tell each other.
 *
 * @module
 */

import type { DeviceChoice } from "../../core/device.ts";
import type { HyperparameterValues } from "../hyperparameters.ts";
import type { TrialJob, TrialOptions, TrialProgress } from "./trial.ts";

/** What a worker is given when it starts. */
export interface WorkerStart {
  /** The address of the module that exports the function which builds the models. */
  readonly module: string;
  /** The name of that function. */
  readonly build: string;
  /** Its text, by which the worker knows that it has the right one. */
  readonly buildText: string;
  readonly device: Exclude<DeviceChoice, "auto">;
  /** Threads of this worker on WebAssembly. */
  readonly threads: number;
  readonly options: TrialOptions;
}

/** What a worker is to try next. */
export type WorkerJob = TrialJob<HyperparameterValues>;

/** What a worker tells: progress of a job, its end, or what makes it useless. */
export type WorkerMessage = TrialProgress | { readonly event: "idle" } | {
  readonly event: "broken";
  readonly reason: string;
};
