/**
 * A whole training: initial weights, pre-training, training, test, report, and saving.
 *
 * @module
 */

import { pathOf } from "../../core/host_files.ts";
import { type FileHandle, isHandle } from "../../core/web_file.ts";
import { deviceInfo } from "../../core/device.ts";
import { readOptions } from "../../core/options/read.ts";
import { digestOf } from "../../data/digest.ts";
import { type Beginning, chooseBeginning, firstWeights, readResumed, taskOptionsOf } from "./beginning.ts";
import { type DeviceShares, sharesOf } from "./device_bytes.ts";
import type { SaveEvent, StartEvent, TrainingEvent } from "./events.ts";
import { jsonOf } from "../files/configuration.ts";
import { directionRemark } from "./direction_remark.ts";
import type { DryRunPlan } from "./dry_run.ts";
import type { Evaluation } from "./evaluation.ts";
import { checkPatience } from "./epoch_size.ts";
import { FileError } from "../files/errors.ts";
import { writeJson } from "../files/json.ts";
import type { Assembly } from "./assembly.ts";
import { keysOf } from "./keys.ts";
import { reportOf } from "./make_report.ts";
import { makePause } from "./pause.ts";
import { type Pretrained, pretrainLayers } from "./pretraining.ts";
import { beginTraining } from "./programs.ts";
import { beginProgress } from "./progress.ts";
import type { Report, Seconds } from "./report.ts";
import {
  bytesOfSave,
  savePretraining,
  saveSnapshot,
  type SavingPlace,
  savingPlace,
  trySaveSnapshot,
} from "./checkpoints.ts";
import { disposeRest, type PretrainingSnapshot, type Snapshot } from "./snapshot.ts";
import { trainingLoop } from "./loop.ts";
import type { Trained } from "./training_plan.ts";
import { errorIn, monitorOf, namesIn, unitOf } from "./task.ts";
import { type TrainOptions, trainOptions } from "./train_options.ts";
import { type TrainingResult, UnsavedError } from "./unsaved_error.ts";
import type { Weights } from "../weights.ts";

/** Only pre-training: the initial weights, and what unsupervised layers learn. */
export async function* pretrainAll(
  assembly: Assembly,
  options: TrainOptions,
  { watched }: WatchOptions,
): AsyncGenerator<TrainingEvent, Weights> {
  const { seed, shuffle, deviceBytes, signal } = readOptions("pre-train", trainOptions, options);
  const from = { weights: firstWeights(assembly, seed) };
  const { training: bytes } = sharesOf(assembly.data, deviceBytes);
  return (yield* pretrainFrom(assembly, from, { seed, shuffle, bytes, signal, watched })).weights;
}

/** Whether progress is shown during epochs. */
export interface WatchOptions {
  /** Whether someone watches the loss during an epoch, so that it is read a few times per second. */
  readonly watched: boolean;
}

/** Trains, and yields events; the last event has the report. */
export async function* trainAll(
  given: Assembly,
  options: TrainOptions,
  { watched }: WatchOptions,
): AsyncGenerator<TrainingEvent, TrainingResult> {
  const start = performance.now();
  const { deviceBytes } = readOptions("train", trainOptions, options);
  const resumed = await readResumed(given, options);
  const { dry, ...others } = await limited(given.emphasize(await taskOptionsOf(options, resumed)), options);
  using assembly = others.assembly;
  const shares = sharesOf(assembly.data, deviceBytes);
  using place = dry ? undefined : savingPlace(options, assembly.name);
  // What cannot be written is refused now, and not when the training is done.
  if (place?.atEnd) writeJson(jsonOf(assembly.configuration));
  const beginning = chooseBeginning(assembly, options, resumed);
  if (!beginning.snapshot && beginning.choices.earlyStop) checkEarlyStop(assembly);
  const run = new Run(assembly, { beginning, place, shares, start, options, watched, dry });
  yield run.startEvent();
  const { snapshot, stopped } = yield* run.begin();
  const trained = stopped ? stoppedBefore(snapshot) : yield* run.train(snapshot);
  return yield* run.finish(trained, stopped);
}

/** A training, which has fewer examples if it only tries something. */
interface Limited {
  readonly assembly: Assembly;
  /** What a dry run stands for. */
  readonly dry?: DryRunPlan;
}

async function limited(assembly: Assembly, options: TrainOptions): Promise<Limited> {
  const { overfit, dryRun } = options;
  if (overfit !== undefined) {
    return { assembly: (await import("./overfit.ts")).limitToOverfit(assembly, overfit) };
  }
  if (!dryRun) return { assembly };
  const { plan, ...limited } = (await import("./dry_run.ts")).limitToDryRun(assembly, options);
  return { ...limited, dry: plan };
}

/** Throws if early stopping would end a training before its first update. */
function checkEarlyStop({ data, programs: { batches, task: { network, rule } }, settings }: Assembly): void {
  checkPatience(`train ${JSON.stringify(network.name)} on ${data.name}`, rule, { ...settings, batches });
}

/** The result of training if pre-training was stopped. */
function stoppedBefore(snapshot: Snapshot): Trained {
  const { params, state } = snapshot.state;
  return { snapshot, weights: { params, state }, stop: "aborted", validationError: null, validationLoss: null };
}

interface PretrainingOptions extends WatchOptions {
  readonly seed: number;
  readonly shuffle: boolean;
  /** The bytes that the training set may use on the device. */
  readonly bytes: number;
  readonly signal: AbortSignal | undefined;
}

function pretrainFrom(
  { programs, data }: Assembly,
  { weights, pretraining: from }: Pick<Beginning, "weights" | "pretraining">,
  { seed, ...others }: PretrainingOptions,
): AsyncGenerator<TrainingEvent, Pretrained> {
  const { network } = programs.task;
  return pretrainLayers({ network, programs, data, weights, key: keysOf(seed).pretraining, from, ...others });
}

interface RunOptions extends WatchOptions {
  readonly beginning: Beginning;
  readonly place: SavingPlace | undefined;
  readonly shares: DeviceShares;
  /** When it started, in milliseconds. */
  readonly start: number;
  readonly options: Pick<TrainOptions, "signal" | "overfit">;
  readonly dry: DryRunPlan | undefined;
}

/** The first snapshot of training, and where pre-training was stopped if it was. */
interface Begun {
  readonly snapshot: Snapshot;
  readonly stopped: PretrainingSnapshot | null;
}

/** The content of the last save. */
interface LastSave {
  readonly snapshot: Snapshot;
  readonly stopped: PretrainingSnapshot | null;
  readonly result: TrainingResult;
}

/** One training, from the start or from a save. */
class Run {
  constructor(readonly assembly: Assembly, readonly options: RunOptions) {}

  startEvent(): StartEvent {
    const { assembly: { name, data, programs, settings }, options: { beginning: { choices: { seed } } } } = this;
    return {
      event: "start",
      model: name,
      network: programs.task.network.name,
      data: data.name,
      seed,
      device: deviceInfo(),
      epochs: settings.nEpochs,
      batches: programs.batches,
      examples: programs.examples,
      ...monitorOf(programs.task),
      ...namesIn(programs.task),
      errorUnit: unitOf(errorIn(programs.task)),
    };
  }

  /** Initial weights and pre-training; nothing is done if training itself resumes. */
  async *begin(): AsyncGenerator<TrainingEvent, Begun> {
    const { assembly: { programs, settings }, options: { shares: { training: bytes }, ...others } } = this;
    const { beginning, options: { signal }, watched } = others;
    const { choices: { seed, shuffle, unsupervisedTraining }, snapshot, seconds } = beginning;
    if (snapshot) return { snapshot, stopped: null };
    const start = performance.now();
    const { weights, stopped } = unsupervisedTraining
      ? yield* pretrainFrom(this.assembly, beginning, { seed, shuffle, bytes, signal, watched })
      : { ...beginning, stopped: null };
    const pretrain = seconds.pretrain + (performance.now() - start) / 1000;
    const progress = { ...beginProgress(settings.patience), seconds: { ...seconds, pretrain } };
    return { snapshot: { progress, state: beginTraining(programs, weights, keysOf(seed).noise), best: null }, stopped };
  }

  train(from: Snapshot): AsyncGenerator<TrainingEvent, Trained> {
    const { assembly: { name, programs, data, settings }, options } = this;
    const { beginning: { choices }, shares, place, options: { signal, overfit }, watched } = options;
    const save = (file: string | FileHandle) => async (snapshot: Snapshot) =>
      await trySaveSnapshot(file, await this.#always(), this.#withTotal(snapshot), { report: null });
    const saving = place && { each: place.each, save: save(place.file) };
    const order = keysOf(choices.seed).order;
    return trainingLoop({
      name,
      programs,
      data,
      shares,
      from,
      order,
      ...settings,
      ...choices,
      signal,
      saving,
      watched,
      overfits: overfit !== undefined,
    });
  }

  /** Tests the weights that are kept, makes the report, and saves both if requested. */
  async *finish(trained: Trained, stopped: PretrainingSnapshot | null): AsyncGenerator<TrainingEvent, TrainingResult> {
    const { assembly, options: { place, beginning: { choices: { seed } } } } = this;
    const testing = performance.now();
    const test = await this.#test(trained);
    const tested = (performance.now() - testing) / 1000;
    const dataHash = await digestOf(assembly.data);
    const snapshot = this.#withTotal(trained.snapshot, tested);
    const report = reportOf(assembly, { ...trained, snapshot }, {
      ...{
        seed,
        dataHash,
        testError: test?.error ?? null,
        testLoss: test?.cost ?? null,
        testMetrics: test?.metrics ?? null,
      },
    });
    const { weights } = trained;
    if (this.options.dry) return yield* this.#finishDry(this.options.dry, report, { ...trained, snapshot });
    const isSaved = place?.atEnd || trained.stop === "aborted";
    if (place && isSaved) yield await this.#saveLast(place.file, { snapshot, stopped, result: { weights, report } });
    disposeRest(trained.snapshot, weights);
    const remark = directionRemark(assembly.programs.task, report);
    yield { event: "end", report, ...(remark !== undefined && { remark }) };
    return { weights, report };
  }

  /** Makes the content of a save, if there would be one, and reports it. */
  async *#finishDry(plan: DryRunPlan, made: Report, { snapshot, weights }: Trained) {
    const bytes = plan.file === null ? null : await bytesOfSave(await this.#always(), snapshot, { report: made });
    const report: Report = { ...made, dryRun: { ...plan, bytes } };
    disposeRest(snapshot, weights);
    yield { event: "end", report } as const;
    return { weights, report };
  }

  /** Saves the result of training. If that fails, the error contains it, so that nothing is lost. */
  async #saveLast(file: string | FileHandle, { snapshot, stopped, result }: LastSave): Promise<SaveEvent> {
    const always = await this.#always();
    const { report } = result;
    const save = (to: string | FileHandle): Promise<SaveEvent> =>
      stopped
        ? savePretraining(to, always, stopped, { seconds: snapshot.progress.seconds, report })
        : saveSnapshot(to, always, snapshot, { report });
    try {
      return await save(file);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      throw new UnsavedError(error, result, async (to) => void await save(isHandle(to) ? to : pathOf(to)));
    }
  }

  /** The content of every save. */
  async #always() {
    const { assembly: { configuration, data, programs }, options: { beginning: { choices } } } = this;
    const { batches, task: { rule } } = programs;
    return { configuration, choices, batches, rule, dataHash: await digestOf(data) };
  }

  /** A snapshot with all seconds until now, including those of the test. */
  #withTotal(snapshot: Snapshot, tested = 0): Snapshot {
    const { beginning, start } = this.options;
    const { seconds } = snapshot.progress;
    const all: Seconds = {
      ...seconds,
      total: beginning.seconds.total + (performance.now() - start) / 1000,
      validate: seconds.validate + tested,
    };
    return { ...snapshot, progress: { ...snapshot.progress, seconds: all } };
  }

  /** The test of the kept weights. */
  async #test({ weights, stop }: Trained): Promise<Evaluation | null> {
    const { data, programs: { evaluator } } = this.assembly;
    if (!data.test || stop === "aborted") return null;
    using feed = evaluator.feed(data.test, this.options.shares.test);
    return await evaluator.evaluate(weights, feed, makePause());
  }
}
