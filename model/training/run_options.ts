/**
 * The options of a training, completed by the model.
 *
 * @module
 */

import type { TrainOptions } from "./train_options.ts";

/**
 * The options of a training of a model with a file.
 *
 * @throws {RangeError} for options that do not fit together.
 */
export async function runOptions(file: TrainOptions["file"], options: TrainOptions): Promise<TrainOptions> {
  if (options.overfit !== undefined) return (await import("./overfit.ts")).overfitOptions(options);
  const { dryRun, resume } = options;
  if (dryRun && resume) {
    throw new RangeError(
      "Cannot train with dryRun and resume: a dry run is a step from the beginning; leave out resume",
    );
  }
  return { file, ...options, ...(dryRun && { earlyStop: false }) };
}
