/**
 * Who tries the combinations: this thread, one after the other, or several workers.
 *
 * @module
 */

import type { HyperparameterValues } from "../hyperparameters.ts";
import { type Build, runTrial, type TrialJob, type TrialOptions, type TrialProgress } from "./trial.ts";

/** Tries combinations, in whatever order. */
export interface Runner<V extends HyperparameterValues> extends AsyncDisposable {
  /** Tries these, and tells what happens; ends early where the search is to stop. */
  run(jobs: readonly TrialJob<V>[]): AsyncGenerator<TrialProgress, void>;
}

/** Tries one after the other in this thread, on all of the device. */
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
