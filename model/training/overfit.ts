/**
 * Trainings on a few examples, which a network must be able to learn by heart: the option `overfit`.
 *
 * Source: A. Karpathy, "A Recipe for Training Neural Networks", 2019; Lightning's `overfit_batches`.
 *
 * @module
 */

import { showValue } from "../../core/options/show.ts";
import type { NamedData } from "../../data/data.ts";
import type { Network } from "../network.ts";
import type { Assembly } from "./assembly.ts";
import { hasFixedBatches } from "./epoch_size.ts";
import { firstExamples, type NamedTensorSet } from "../../data/tensor_set.ts";
import { targetsIn } from "../target_data.ts";
import { anyCounts } from "./counted.ts";
import { ignoredBy } from "./ignored_class.ts";
import type { Task } from "./task.ts";
import { limitAssembly } from "./limited_data.ts";
import type { TrainOptions } from "./train_options.ts";

/** The steps that are always allowed, if the epochs of the hyperparameters are fewer. */
const LEAST_STEPS = 1000;

/** Options that would have no effect, or a wrong one, with the reason. */
const refused: readonly (readonly [option: keyof TrainOptions, isGiven: (value: unknown) => boolean, why: string])[] = [
  ["file", (value) => value !== undefined, "its weights know a few examples only, so nothing is saved"],
  ["saveMode", (value) => value !== undefined && value !== null, "nothing is saved"],
  ["resume", (value) => value !== undefined && value !== false, "it starts anew"],
  ["monitor", (value) => value !== undefined && value !== "loss", "the loss decides"],
  ["earlyStop", (value) => value === true, "it ends when the loss is near zero"],
  ["dryRun", (value) => value === true, "a dry run is one step, which learns nothing"],
  [
    "labelSmoothing",
    (value) => sharesIn(value).some((share) => share > 0),
    "smoothed targets keep the loss above zero",
  ],
];

/** The smoothing of one output, or of each of several. */
function sharesIn(value: unknown): readonly number[] {
  if (typeof value === "number") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).map(Number) : [];
}

/**
 * The options of a training that overfits; its model's file is not used.
 *
 * @throws {RangeError} for options that do not fit.
 */
export function overfitOptions(options: TrainOptions): TrainOptions {
  for (const [option, isGiven, why] of refused) {
    if (isGiven(options[option])) {
      throw new RangeError(`Cannot train with overfit and ${option}: ${why}; leave out ${option}`);
    }
  }
  return { ...options, saveMode: null, earlyStop: false, monitor: "loss" };
}

/** What decides how many examples can be learned by heart. */
export interface OverfitChoice {
  readonly network: Network;
  readonly data: NamedData;
  readonly batchSize: number;
}

/**
 * Throws if a training cannot overfit this many examples.
 *
 * @throws {RangeError} if there are fewer, or if they are not as many as whole batches have.
 */
export function checkOverfit(count: number, { network, data, batchSize }: OverfitChoice): void {
  const refuse = (expected: string): RangeError =>
    new RangeError(
      `Cannot train ${showValue(network.name)} on ${data.name}: expected overfit to be ${expected}, got ${count}`,
    );
  if (count > data.training.length) throw refuse(`at most ${data.training.length}, the training examples`);
  if (count % batchSize === 0) return;
  if (hasFixedBatches(network)) throw refuse(`a multiple of the batchSize ${batchSize}`);
  if (count > batchSize) throw refuse(`at most ${batchSize}, the batchSize, or a multiple of it`);
}

/** Throws if none of the examples counts. */
function checkAnyCounts(few: NamedTensorSet, { network, outputs }: Task, data: NamedData): void {
  for (const { name, objective } of outputs) {
    if (anyCounts(targetsIn(few, name), ignoredBy(objective))) continue;
    throw new RangeError(
      `Cannot train ${
        showValue(network.name)
      } on ${data.name}: expected overfit to include an example that counts, got ` +
        `${few.length} of weight 0, or of the class that the objective ignores; pass more`,
    );
  }
}

/** The same training on the first examples, which are also its validation set. */
export function limitToOverfit(assembly: Assembly, count: number): Assembly {
  const { data, settings: { batchSize, nEpochs }, programs: { task } } = assembly;
  checkOverfit(count, { network: task.network, data, batchSize });
  const few = firstExamples(data.training, count);
  checkAnyCounts(few, task, data);
  const batches = Math.ceil(count / batchSize);
  return limitAssembly(assembly, {
    training: few,
    validation: few,
    test: undefined,
    nEpochs: Math.max(nEpochs, Math.ceil(LEAST_STEPS / batches)),
  });
}
