/**
 * A training from the command line: data, device, model, and everybody who watches.
 *
 * @module
 */

import { type DeviceChoice, setDevice } from "../core/mod.ts";
import { model, type Report, summaryLines, type TrainingEvent } from "../model/mod.ts";
import { getUpdate } from "../optim/mod.ts";
import type { Context } from "./command.ts";
import { deviceLine } from "./device_line.ts";
import { describeFailure, type Ending, endingOf } from "./errors.ts";
import { errorLine, watchJson } from "./json_lines.ts";
import { dataLine, type LoadedData, loadForPeople } from "./load_data.ts";
import { speed, type Watcher, watchProgress } from "./progress.ts";
import { RunFolder } from "./runs/folder.ts";
import type { Choice } from "./settings.ts";

/** What is to be trained, on what, and what is to be told and kept. */
export interface TrainingRequest {
  readonly choice: Choice;
  readonly seed: number | undefined;
  readonly earlyStop: boolean;
  readonly device: DeviceChoice | undefined;
  readonly data: string | undefined;
  readonly trainSize: number | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
  /** The run folder. */
  readonly out: string | undefined;
}

/** Trains, and tells about it. */
export async function runTraining(request: TrainingRequest, context: Context): Promise<Ending> {
  const { choice, device = "auto", json, quiet, out } = request;
  const { output, signal, args } = context;
  const note = quiet ? () => {} : (line: string) => output.note(`${line}\n`);
  if (out !== undefined) RunFolder.check(out, { resume: false });
  const loaded = await loadForPeople(request, { output, note, signal });
  note(deviceLine(device, await setDevice(device)));
  note(dataLine(loaded));
  const folder = out === undefined ? undefined : RunFolder.open(out);
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
    if (folder) note(`The run is in ${folder.path}`);
    return report.stop === "aborted" ? "interrupted" : "ok";
  } catch (error) {
    folder?.append(errorLine(endingOf(error), describeFailure(error)));
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

async function train(
  { choice: { network, example, update, hyperparameters }, seed = 1, earlyStop }: TrainingRequest,
  { data }: LoadedData,
  watchers: readonly Watcher[],
  signal: AbortSignal,
): Promise<Report> {
  const untrained = model({
    name: network,
    network: example.build(hyperparameters),
    data,
    hyperparameters,
    updates: getUpdate(update),
  });
  const onEvent = (event: TrainingEvent): void => watchers.forEach((watch) => watch(event));
  const { report } = await untrained.train({ seed, earlyStop, signal, onEvent });
  return report;
}
