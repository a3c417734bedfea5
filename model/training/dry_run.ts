/**
 * Trainings of one step that try everything and write nothing: the option `dryRun`.
 *
 * @module
 */

import { fileName, isHandle, type WritableFile } from "../../core/web_file.ts";
import { pathOf } from "../../core/host_files.ts";
import { checkPlace } from "../files/atomic.ts";
import { fileNameOf } from "../files/file_name.ts";
import type { Assembly } from "./assembly.ts";
import { batchExamples } from "./evaluation.ts";
import { firstExamples } from "../../data/tensor_set.ts";
import { limitAssembly } from "./limited_data.ts";
import type { TrainOptions } from "./train_options.ts";

/** What a dry run tried, and what the training would do. */
export interface DryRun {
  /** The examples of its step, its validation and its test; a test set may be missing. */
  readonly examples: { readonly training: number; readonly validation: number; readonly test: number | null };
  /** The most epochs of the training. */
  readonly epochs: number;
  /** The steps of each. */
  readonly batches: number;
  /** The file that the training would be saved to; null if it would not be saved. */
  readonly file: string | null;
  /** The bytes of a save after one step, which were not written; null if it would not be saved. */
  readonly bytes: number | null;
}

/** The part of a dry run that is known at its beginning. */
export type DryRunPlan = Omit<DryRun, "bytes">;

/** A training of one step, and what it stands for. */
export interface DryAssembly {
  readonly assembly: Assembly;
  readonly plan: DryRunPlan;
}

/**
 * The training with one update, and one batch of validation and test each.
 *
 * @throws {FileError} if the file to save to cannot be one.
 */
export function limitToDryRun(whole: Assembly, options: TrainOptions): DryAssembly {
  const { data, settings: { batchSize, nEpochs }, programs: { batches, task: { network, rule } } } = whole;
  const judged = batchExamples(network);
  const [training, validation] = [
    firstExamples(data.training, batchSize * (rule.accumulates ?? 1)),
    firstExamples(data.validation, judged),
  ];
  const test = data.test && firstExamples(data.test, judged);
  const examples = { training: training.length, validation: validation.length, test: test?.length ?? null };
  return {
    assembly: limitAssembly(whole, { training, validation, test, nEpochs: 1 }),
    plan: { examples, epochs: nEpochs, batches, file: fileOf(options, whole.name) },
  };
}

/** The file that a training would be saved to. */
function fileOf({ file, saveMode }: TrainOptions, name: string): string | null {
  if (saveMode === null || saveMode === undefined && file === undefined) return null;
  const target: WritableFile = file ?? `${fileNameOf(name)}_yyyymmddhhmmss.ym`;
  if (!isHandle(target)) checkPlace(pathOf(target));
  return fileName(target);
}
