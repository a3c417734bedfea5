/**
 * A training from the command line: data, device, model, and everybody who watches.
 *
 * @module
 */

import { type DeviceChoice, setDevice } from "../core/mod.ts";
import { model, type Report, ResumeError, summaryLines, type TrainingEvent } from "../model/mod.ts";
import type { Context } from "./command.ts";
import { resumingCall } from "./continuation.ts";
import { deviceLine } from "./device_line.ts";
import { describeFailure, type Ending, endingOf } from "./errors.ts";
import { errorLine, watchJson } from "./json_lines.ts";
import { dataLine, type LoadedData, loadForPeople } from "./load_data.ts";
import { speed, type Watcher, watchProgress } from "./progress.ts";
import { RunFolder } from "./runs/folder.ts";
import type { SavingPlan } from "./saving.ts";
import type { Choice } from "./settings.ts";

/** What is to be trained, on what, and what is to be told and kept. */
export interface TrainingRequest {
  readonly choice: Choice;
  readonly saving: SavingPlan;
  readonly seed: number | undefined;
  readonly earlyStop: boolean | undefined;
  readonly device: DeviceChoice | undefined;
  readonly data: string | undefined;
  readonly trainSize: number | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** Trains, and tells about it. */
export async function runTraining(request: TrainingRequest, context: Context): Promise<Ending> {
  const { choice, device = "auto", json, quiet, saving } = request;
  const { output, signal, args } = context;
  const note = quiet ? () => {} : (line: string) => output.note(`${line}\n`);
  const loaded = await loadForPeople(request, { output, note, signal });
  note(deviceLine(device, await setDevice(device)));
  note(dataLine(loaded));
  if (saving.resume !== undefined) note(`Going on with ${saving.resume}`);
  const folder = saving.out === undefined ? undefined : RunFolder.open(saving.out);
  const told = { args, choice, loaded };
  const watchers = [
    ...(quiet ? [] : [watchProgress(output)]),
    ...(json ? [watchJson(output.result, told)] : []),
    ...(folder ? [watchJson((line) => folder.append(line), told)] : []),
  ];
  try {
    const report = await train(request, loaded, watchers, signal);
    folder?.writeReport(report);
    summaryOf(report, loaded).forEach(json ? note : output.result);
    if (report.stop === "aborted") return interrupted(request, context);
    if (folder) note(`The run is in ${folder.path}`);
    else if (saving.saveMode !== "stop" && saving.file !== undefined) note(`The model is in ${saving.file}`);
    return "ok";
  } catch (error) {
    folder?.append(errorLine(endingOf(error), describeFailure(error)));
    if (error instanceof ResumeError && error.message.includes("expected data:")) {
      note("The data are not those of then: give the same --data and --train-size");
    }
    throw error;
  }
}

function summaryOf(report: Report, { warning }: LoadedData): string[] {
  return [
    ...summaryLines(report),
    `${speed(report.samplesPerSecond)} on ${report.device.name}; seed ${report.seed}`,
    ...(warning ? [warning] : []),
  ];
}

/** Says how to go on; that is worth knowing however quiet the program is to be. */
function interrupted({ saving: { file, problem } }: TrainingRequest, context: Context): Ending {
  context.output.note(
    file === undefined
      ? `Nothing was saved, since ${problem}; name a file by --save\n`
      : `Saved in ${file}. To go on:\n  ${resumingCall(context, file)}\n`,
  );
  return "interrupted";
}

async function train(
  { choice, seed, earlyStop, saving }: TrainingRequest,
  { data }: LoadedData,
  watchers: readonly Watcher[],
  signal: AbortSignal,
): Promise<Report> {
  const onEvent = (event: TrainingEvent): void => watchers.forEach((watch) => watch(event));
  const { file, saveMode, resume } = saving;
  const { report } = await model({ ...choice.parts, data })
    .train({ seed, earlyStop, file, saveMode, resume, signal, onEvent });
  return report;
}
