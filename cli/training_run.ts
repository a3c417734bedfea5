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
import type { Ending } from "./errors.ts";
import { watchJson } from "./json_lines.ts";
import { dataLine, type LoadedData, loadForPeople } from "./load_data.ts";
import { speed, type Watcher, watchProgress } from "./progress.ts";
import type { Choice } from "./settings.ts";

/** What is to be trained, on what, and what is to be told. */
export interface TrainingRequest {
  readonly choice: Choice;
  readonly seed: number | undefined;
  readonly device: DeviceChoice | undefined;
  readonly data: string | undefined;
  readonly trainSize: number | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** Trains, and tells about it. */
export async function runTraining(request: TrainingRequest, { output, signal }: Context): Promise<Ending> {
  const { choice, device = "auto", json, quiet } = request;
  const note = quiet ? () => {} : (line: string) => output.note(`${line}\n`);
  const loaded = await loadForPeople(request, { output, note, signal });
  note(deviceLine(device, await setDevice(device)));
  note(dataLine(loaded));
  const watchers = [
    ...(quiet ? [] : [watchProgress(output)]),
    ...(json ? [watchJson(output, { network: choice.network, loaded })] : []),
  ];
  const report = await train(request, loaded, watchers, signal);
  const summary = [
    ...summaryLines(report),
    `${speed(report.samplesPerSecond)} on ${report.device.name}; seed ${report.seed}`,
    ...(loaded.warning ? [loaded.warning] : []),
  ];
  for (const line of summary) {
    if (json) note(line);
    else output.result(line);
  }
  return report.stop === "aborted" ? "interrupted" : "ok";
}

async function train(
  { choice: { network, example, update, hyperparameters }, seed = 1 }: TrainingRequest,
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
  const { report } = await untrained.train({ seed, signal, onEvent });
  return report;
}
