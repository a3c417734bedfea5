/**
 * Runners: they try combinations in this thread, one after the other, or in several workers.
 *
 * @module
 */

import type { HyperparameterValues } from "../hyperparameters.ts";
import { type Build, runTrial, type TrialJob, type TrialOptions, type TrialProgress } from "./trial.ts";

/** Tries combinations, in any order. */
export interface Runner<V extends HyperparameterValues> extends AsyncDisposable {
  /** Tries these combinations, and yields progress; ends early if the search is stopped. */
  run(jobs: readonly TrialJob<V>[]): AsyncGenerator<TrialProgress, void>;
}

/** Tries one combination after the other in this thread, with the whole device. */
export function serialRunner<V extends HyperparameterValues>(
  build: Build<V>,
  options: TrialOptions,
  signal: AbortSignal | undefined,
): Runner<V> {
  return {
    async *run(jobs) {
      for (const job of jobs) {
        if (signal?.aborted) return;
        yield* runTrial(job, build, { ...options, signal });
      }
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
