/**
 * A training from the command line: data, device, model, output and files.
 *
 * @module
 */

import { inOneLine } from "../../core/options/show.ts";
import { join } from "@std/path";
import { DataError } from "../../data/errors.ts";
import { FileError, ResumeError } from "../../model/files/errors.ts";
import { HeldError } from "../../model/files/lease.ts";
import { Model, type TrainedModel } from "../../model/model.ts";
import { speedText } from "../../model/number_text.ts";
import { keptText } from "../../model/progress/summary.ts";
import { Diverged } from "../../model/training/diverged.ts";
import { summaryLines } from "../../model/training/log_lines.ts";
import type { Report } from "../../model/training/report.ts";
import { UnsavedError } from "../../model/training/unsaved_error.ts";
import { makeAugmentations } from "../options/augment.ts";
import { checkTrainable } from "../check_fit.ts";
import type { Context } from "../command.ts";
import { resumingCall } from "./resuming_call.ts";
import { chooseDevice } from "../device_line.ts";
import { describeFailure, type Ending, endingOf } from "../errors.ts";
import { errorLine } from "../json_lines.ts";
import { dataLine, type LoadedData, loadForPeople } from "../load_data.ts";
import { chartOf, loadDrawing, writePage } from "../pictures.ts";
import { runFiles, RunFolder } from "../runs/folder.ts";
import { argumentsOf } from "../runs/read.ts";
import type { TrainingRequest } from "./request.ts";
import { isTrial, onlyNamed, unreserved, unwrittenLines } from "./trial.ts";
import { rescue } from "./rescue.ts";
import { reserve } from "./reserve.ts";
import { isSamePath } from "../files/same_path.ts";
import { freeName } from "./saving_plan.ts";
import { makeWatchers, type Watched } from "./watchers.ts";

/** Trains a network and reports the result. */
export async function runTraining(wished: TrainingRequest, context: Context): Promise<Ending> {
  using reserved = isTrial(wished) ? unreserved(wished.saving) : reserve(wished.saving);
  const planned = { ...wished, saving: reserved.saving };
  const { quiet, saving, plot, report: hasPage } = planned;
  const { output, signal } = context;
  const note = quiet ? () => {} : (line: string) => output.note(`${line}\n`);
  if (plot || hasPage) await loadDrawing({ plot, report: hasPage });
  const loaded = await loadForPeople(planned, { output, note, quiet, signal });
  checkTrainable(new Model(planned.choice.parts), loaded.data, planned);
  note(await chooseDevice(planned));
  note(dataLine(loaded));
  batchLines(planned, loaded).forEach(note);
  if (planned.remark !== undefined) note(planned.remark);
  if (saving.resume !== undefined) note(inOneLine(`Resuming ${saving.resume}`));
  const onFailure = ({ message }: FileError): void => output.note(`${message}\n`);
  if (saving.restarted) note("Nothing was saved yet: training starts from the beginning");
  const folder = saving.out === undefined || planned.dryRun ? undefined : RunFolder.open(saving.out, onFailure);
  if (saving.resume === undefined && !saving.restarted) folder?.clear();
  const watched = { loaded, folder };
  reserved.release();
  const { trained, request } = await trainRecorded(planned, watched, context);
  return await finish(trained, { request, watched, note }, context);
}

/** A remark on a batch size that has no effect, because there are fewer examples. */
function batchLines({ choice: { set: { batchSize } } }: TrainingRequest, { data: { training } }: LoadedData): string[] {
  if (typeof batchSize !== "number" || batchSize <= training.length) return [];
  return [`Batch size ${batchSize} is more than the ${training.length} training examples: each step takes all of them`];
}

/** The result of a training, and the request, with the file that was used. */
interface Recorded {
  readonly trained: TrainedModel;
  readonly request: TrainingRequest;
}

/** Trains. If that fails, the run folder says why, and the result is saved elsewhere if there is one. */
async function trainRecorded(request: TrainingRequest, watched: Watched, context: Context): Promise<Recorded> {
  try {
    return await train(request, watched, context);
  } catch (error) {
    watched.folder?.fail(errorLine(endingOf(error), describeFailure(error)));
    if (error instanceof UnsavedError) await rescueTraining(error, request, context);
    throw error instanceof ResumeError ? withReason(error, request) : error;
  }
}

/** The error of a training that cannot be resumed, or, if only the data differ, one that says why they do. */
function withReason(error: ResumeError, { saving: { out } }: TrainingRequest): Error {
  const [problem, ...others] = error.problems;
  if (problem?.startsWith("expected data:") !== true || others.length > 0) return error;
  const events = out === undefined || argumentsOf(out) !== undefined ? undefined : join(out, runFiles.events);
  const lost = events && `${events} no longer says how the run was started; `;
  return new DataError(
    `Cannot resume from ${error.file} (nothing was changed): the data differ from those of the saved run; ${
      lost ?? ""
    }use the same --data and --train-size`,
    { cause: error },
  );
}

async function train(request: TrainingRequest, watched: Watched, context: Context): Promise<Recorded> {
  const { choice, seed, earlyStop, augment: names, metrics, monitor } = request;
  const { overfit, dryRun, classWeights, labelSmoothing } = request;
  const augment = names && await makeAugmentations(names);
  const written = dryRun ? { ...request, tensorboard: undefined } : request;
  using watchers = await makeWatchers(written, watched, context);
  const toTrain = new Model({ ...choice.parts, data: watched.loaded.data });
  for (let { saving } = request;;) {
    const { file, saveMode, resume } = saving;
    const chosen = {
      ...(augment && { augment }),
      ...(metrics && { metrics }),
      ...(monitor !== undefined && { monitor }),
    };
    const options = {
      seed,
      earlyStop,
      ...chosen,
      file: dryRun && file !== undefined ? onlyNamed(file) : file,
      saveMode,
      resume,
      overfit,
      dryRun,
      classWeights,
      labelSmoothing,
      signal: context.signal,
      ...watchers.options,
    };
    try {
      return { trained: await toTrain.train(options), request: { ...request, saving } };
    } catch (error) {
      const saved = error instanceof Diverged ? watchers.saved() : undefined;
      if (saved !== undefined) context.output.note(`Model saved in ${saved}, as it was before the training diverged\n`);
      // Another training may have taken the file since it was released; a file that the user named must not change.
      if (!(error instanceof HeldError) || saveMode !== "stop" || file === undefined) throw error;
      saving = { ...saving, file: freeName(file.replace(/(-\d+)?\.ym$/, "")) };
    }
  }
}

/** The context in which a training ends. */
interface Finishing {
  readonly request: TrainingRequest;
  readonly watched: Watched;
  readonly note: (line: string) => void;
}

/** Reports the result of a training, and where it was saved. */
async function finish(
  { model: trained, report }: TrainedModel,
  { request, watched: { folder, loaded }, note }: Finishing,
  context: Context,
): Promise<Ending> {
  const { json, noColor, plot, report: hasPage, saving: { saveMode, file } } = request;
  const { output } = context;
  const tell = json ? note : output.result;
  summaryOf(report, loaded).forEach(tell);
  if (plot && report.history.length > 1) tell(`\n${await chartOf(report, output, noColor)}`);
  const unwritten = folder && await firstFailure([
    () => folder.writeReport(report),
    async () => hasPage && await writePage(folder.file("page"), report, { model: trained, warning: loaded.warning }),
  ]);
  if (report.stop === "aborted") {
    if (unwritten) output.note(`${unwritten.message}\n`);
    return interrupted(report, request, context);
  }
  if (unwritten) throw unwritten;
  if (isTrial(request)) {
    if (report.dryRun) unwrittenLines(request).forEach(note);
    return report.overfit?.reached === false ? "failedOverfit" : "ok";
  }
  if (folder) {
    note(inOneLine(`Run saved in ${folder.path}${isElsewhere(file, folder) ? `, its model in ${file}` : ""}`));
  } else if (saveMode !== "stop" && file !== undefined) note(inOneLine(`Model saved in ${file}`));
  return "ok";
}

function isElsewhere(file: string | undefined, folder: RunFolder): boolean {
  return file !== undefined && !isSamePath(file, folder.file("model"));
}

/** Writes all files, and returns the error of the first that cannot be written. */
async function firstFailure(writers: readonly (() => unknown)[]): Promise<FileError | undefined> {
  let first: FileError | undefined;
  for (const write of writers) {
    try {
      await write();
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      first ??= error;
    }
  }
  return first;
}

function summaryOf(report: Report, { warning }: LoadedData): string[] {
  return [
    ...summaryLines(report),
    `${speedOf(report)}${report.device.name}; seed ${report.seed}`,
    ...(warning ? [warning] : []),
  ];
}

/** The speed, if there was a step. */
function speedOf({ samplesPerSecond }: Report): string {
  return samplesPerSecond === 0 ? "" : `${speedText(samplesPerSecond)} on `;
}

/** Prints how to resume, even with `--quiet`. */
function interrupted(
  { bestIteration }: Report,
  request: TrainingRequest,
  context: Context,
): Ending {
  const { saving: { file, out, problem } } = request;
  context.output.note(
    isTrial(request)
      ? "Nothing was saved\n"
      : file === undefined
      ? `Nothing was saved, because ${problem}; name a file with --save\n`
      : `Saved in ${inOneLine(file)}: ${keptText(bestIteration)}. To resume:\n  ${
        resumingCall(context, { file, out })
      }\n`,
  );
  return "interrupted";
}

/** Reports the result of a training that could not be saved to its file, and saves it elsewhere. */
async function rescueTraining(
  error: UnsavedError,
  { choice: { network }, saving: { out } }: TrainingRequest,
  context: Context,
): Promise<void> {
  const { output, signal } = context;
  summaryLines(error.result.report).forEach(output.result);
  // An interrupted program does not end with an error.
  if (signal.aborted) output.note(`${error.message}\n`);
  const file = await rescue(error, network, output.note);
  if (file !== undefined) output.note(`To resume:\n  ${resumingCall(context, { file, out })}\n`);
}
