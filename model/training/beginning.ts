/**
 * Where a training starts: at the beginning, or where a saved one was stopped.
 *
 * @module
 */

import { tensor } from "../../core/creation.ts";
import { readOptions } from "../../core/options/read.ts";
import { digestOf } from "../../data/digest.ts";
import type { PretrainingProgress, TrainingChoices } from "../files/saved_schema.ts";
import { comparedChoices } from "./compared_options.ts";
import { keysOf } from "./keys.ts";
import { listOfAugmentations, loadAugmentations, savedAugmentations } from "./augment.ts";
import { readPlateau } from "./plateau.ts";
import { givenMetrics, metricsOf, savedMetrics } from "./metric_option.ts";
import { beginTraining } from "./programs.ts";
import { FileFormatError } from "../files/errors.ts";
import { noSeconds, type Progress } from "./progress.ts";
import type { Seconds } from "./report.ts";
import { readResumable, type ResumableFile } from "./resume.ts";
import { tensorsOf } from "../files/model_file.ts";
import type { PretrainingSnapshot, Snapshot } from "./snapshot.ts";
import type { Assembly } from "./assembly.ts";
import { isPerOutput } from "../per_output.ts";
import type { TaskOptions } from "./task_of.ts";
import { type EmphasisOptions, type MeasuringOptions, type TrainOptions, trainOptions } from "./train_options.ts";
import { disposeTree, type Weights } from "../weights.ts";

/** The options of a training that change what it computes, if they are used; those of a saved one take precedence. */
export async function taskOptionsOf(options: TrainOptions, resumed: ResumableFile | undefined): Promise<TaskOptions> {
  const choices = resumed?.training.choices ?? measuringChoices(options);
  const { metrics: saved = [], monitor, reduceOnPlateau } = choices;
  const given = options.metrics && givenMetrics(options.metrics);
  const metrics = given ?? (resumed ? metricsOf(saved, resumed.file) : []);
  const augment = options.augment === undefined && resumed
    ? await loadAugmentations(resumed.training.choices.augment ?? [], resumed.file)
    : listOfAugmentations(options.augment);
  return {
    ...emphasisChoices(resumed?.training.choices ?? options),
    ...(augment.length > 0 && { augment }),
    ...(metrics.length > 0 && { metrics }),
    ...(monitor !== undefined && { monitor }),
    ...(reduceOnPlateau && { reduceOnPlateau }),
  };
}

/** The choices of a training that say what it measures, and what follows from it, if they are used. */
function measuringChoices(
  { metrics, monitor, reduceOnPlateau }: MeasuringOptions,
): Pick<TrainingChoices, "metrics" | "monitor" | "reduceOnPlateau"> {
  const given = metrics ? givenMetrics(metrics) : [];
  return {
    ...(given.length > 0 && { metrics: savedMetrics(given) }),
    ...(monitor !== undefined && { monitor }),
    ...(reduceOnPlateau && { reduceOnPlateau: readPlateau(reduceOnPlateau) }),
  };
}

/** The options of a training that say what counts more in it, if they are used. */
export function emphasisChoices({ classWeights, labelSmoothing = 0 }: EmphasisOptions): EmphasisOptions {
  const isSmoothed = isPerOutput(labelSmoothing) ? hasAny(labelSmoothing) : labelSmoothing > 0;
  return { ...(classWeights !== undefined && { classWeights }), ...(isSmoothed && { labelSmoothing }) };
}

function hasAny(shares: Readonly<Record<string, number>>): boolean {
  return Object.values(shares).some((share) => share > 0);
}

/** The choice of augmentations, if there are any. */
function augmentChoice({ augment }: TrainOptions): Pick<TrainingChoices, "augment"> {
  const augmentations = listOfAugmentations(augment);
  return augmentations.length === 0 ? {} : { augment: savedAugmentations(augmentations) };
}

/** The initial weights: those of the network, or new ones. */
export function firstWeights({ programs: { task: { network } } }: Assembly, seed: number): Weights {
  return network.weights ?? network.init(keysOf(seed).init);
}

/** Where and how a training starts. */
export interface Beginning {
  readonly choices: TrainingChoices;
  readonly weights: Weights;
  /** Where pre-training resumes, if it does. */
  readonly pretraining?: PretrainingSnapshot | undefined;
  /** Where training resumes, if it does. */
  readonly snapshot?: Snapshot | undefined;
  /** The seconds spent before. */
  readonly seconds: Seconds;
}

/**
 * The saved training that is to be resumed; undefined if a training starts anew.
 *
 * @throws {FileError} if the file to resume from cannot be read.
 * @throws {FileFormatError} if it is damaged or of another kind.
 * @throws {ResumeError} if it belongs to another training; all differences are listed.
 * @throws {TypeError} if no file is given.
 */
export async function readResumed(assembly: Assembly, options: TrainOptions): Promise<ResumableFile | undefined> {
  if (!options.resume) return undefined;
  const path = options.resume === true ? options.file : options.resume;
  if (path === undefined) {
    throw new TypeError(
      `Cannot resume ${assembly.name}: expected the file it was saved to, as option file or resume`,
    );
  }
  const { configuration, data } = assembly;
  const choices = comparedChoices(options);
  return await readResumable(path, { configuration, choices, dataHash: await digestOf(data) });
}

/**
 * Decides where a training starts: where a saved one was stopped, or anew.
 *
 * @throws {FileFormatError} if the saved training is damaged.
 */
export function chooseBeginning(
  assembly: Assembly,
  options: TrainOptions,
  file: ResumableFile | undefined,
): Beginning {
  if (file === undefined) return beginAnew(assembly, options);
  const { training: { progress, pretraining } } = file;
  if (progress) return resumeTraining(assembly, file, progress);
  if (pretraining) return resumePretraining(assembly, file, pretraining);
  throw new FileFormatError(file.file, "the progress of training or of pre-training", "neither");
}

function beginAnew(assembly: Assembly, options: TrainOptions): Beginning {
  const { network } = assembly.programs.task;
  const { seed, earlyStop, shuffle, restoreBest, ...others } = readOptions("train", trainOptions, options);
  const { unsupervisedTraining = network.weights === undefined } = others;
  const choices = {
    seed,
    unsupervisedTraining,
    earlyStop,
    shuffle,
    restoreBest,
    ...emphasisChoices(others),
    ...augmentChoice(others),
    ...measuringChoices(others),
  };
  return { choices, weights: firstWeights(assembly, seed), seconds: noSeconds };
}

/**
 * The state after the last step, and the best weights. If the file has no separate best weights, they are the weights
 * that were kept.
 */
function resumeTraining({ programs, ...assembly }: Assembly, file: ResumableFile, progress: Progress): Beginning {
  const { choices } = file.training;
  checkPosition(file.file, progress, programs.batches);
  const like = beginTraining(
    programs,
    firstWeights({ programs, ...assembly }, choices.seed),
    keysOf(choices.seed).noise,
  );
  const { params, state } = like;
  const found = "best" in file.groups
    ? tensorsOf(file, { params, state, training: like, best: { params, state } })
    : { ...tensorsOf(file, { params, state, training: like }), best: null };
  disposeTree(like);
  const kept = { params: found.params, state: found.state };
  const isBest = choices.restoreBest && progress.patience.bestIteration >= 0;
  if (!isBest) disposeTree(kept);
  const snapshot = { progress, state: found.training, best: found.best ?? (isBest ? kept : null) };
  return { choices, weights: snapshot.best ?? snapshot.state, snapshot, seconds: progress.seconds };
}

function checkPosition(file: string, { epoch, batch, iteration, validated }: Progress, batches: number): void {
  const expected = (epoch - 1) * batches + batch;
  if (epoch >= 1 && batch <= batches && iteration === expected && validated <= iteration) return;
  throw new FileFormatError(file, `step ${expected} at batch ${batch} of epoch ${epoch}`, `step ${iteration}`);
}

function resumePretraining(
  { programs, ...assembly }: Assembly,
  file: ResumableFile,
  { layer, epoch, batch, seconds }: PretrainingProgress,
): Beginning {
  const { choices } = file.training;
  const { params, state } = firstWeights({ programs, ...assembly }, choices.seed);
  const named = programs.task.network.layers.find(({ name }) => name === layer);
  if (!named?.layer.pretraining) {
    throw new FileFormatError(file.file, "the name of a layer that is pre-trained", JSON.stringify(layer));
  }
  const own = { params: params[layer] ?? {}, state: state[layer] ?? {} };
  const begun = { ...own, step: tensor(0, [], { dtype: "i32" }), cost: tensor(0) };
  const { pretraining, ...weights } = tensorsOf(file, { params, state, pretraining: begun });
  return { choices, weights, pretraining: { layer, epoch, batch, state: pretraining, weights }, seconds };
}
