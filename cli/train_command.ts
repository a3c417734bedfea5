/**
 * The command that trains a network.
 *
 * @module
 */

import { setDevice } from "../core/mod.ts";
import { model, type Report, summaryLines, type TrainingEvent } from "../model/mod.ts";
import { getUpdate } from "../optim/mod.ts";
import { deviceLine } from "./device_line.ts";
import type { Ending } from "./errors.ts";
import type { Example, Settings } from "./example.ts";
import { watchJson } from "./json_lines.ts";
import { loadData, type LoadedData } from "./load_data.ts";
import type { Command } from "./options.ts";
import type { Output } from "./output.ts";
import { speed, type Watcher, watchProgress } from "./progress.ts";

/** Trains the network of a command, and tells about it. */
export async function trainCommand(
  command: Command,
  example: Example,
  output: Output,
  signal: AbortSignal,
): Promise<Ending> {
  const note = command.quiet ? () => {} : (line: string) => output.note(`${line}\n`);
  const loaded = await load(command, signal, note);
  const { warning, reason } = loaded;
  if (warning) output.note(`${warning}\n`);
  if (reason) note(reason);
  note(deviceLine(command.device, await setDevice(command.device)));
  note(dataLine(loaded));
  const watchers = [
    ...(command.quiet ? [] : [watchProgress(output)]),
    ...(command.json ? [watchJson(output, { command, loaded })] : []),
  ];
  const report = await train(command, example, loaded, watchers, signal);
  const summary = [
    ...summaryLines(report),
    `${speed(report.samplesPerSecond)} on ${report.device.name}; seed ${report.seed}`,
    ...(warning ? [warning] : []),
  ];
  for (const line of summary) {
    if (command.json) note(line);
    else output.result(line);
  }
  return report.stop === "aborted" ? "interrupted" : "ok";
}

function load(command: Command, signal: AbortSignal, note: (line: string) => void): Promise<LoadedData> {
  const begun = new Set<string>();
  return loadData(command.data, {
    trainSize: command.trainSize,
    signal,
    onProgress: (event) => {
      if (event.kind === "damaged") return note(`${event.file} is damaged and is fetched anew: ${event.reason}`);
      if (!begun.has(event.file)) note(`Fetching ${event.file}`);
      begun.add(event.file);
    },
  });
}

function dataLine({ data: { name, training, validation, test } }: LoadedData): string {
  return `Data: ${name}; ${training.length} examples to train on, ${validation.length} to validate, ${
    test?.length ?? 0
  } to test`;
}

async function train(
  command: Command,
  example: Example,
  { data }: LoadedData,
  watchers: readonly Watcher[],
  signal: AbortSignal,
): Promise<Report> {
  const hyperparameters = hyperparametersOf(command, example);
  const untrained = model({
    name: command.network,
    network: example.build(hyperparameters),
    data,
    hyperparameters,
    updates: getUpdate(command.update ?? example.update ?? "momentum"),
  });
  const onEvent = (event: TrainingEvent): void => watchers.forEach((watch) => watch(event));
  const { report } = await untrained.train({ seed: command.seed, signal, onEvent });
  return report;
}

/** The example's hyperparameters, and what the command line says instead. */
function hyperparametersOf(command: Command, { hyperparameters }: Example): Settings {
  const { epochs, batchSize, learningRate, pretrainingEpochs } = command;
  return {
    ...hyperparameters,
    ...(epochs !== undefined && { nEpochs: epochs }),
    ...(batchSize !== undefined && { batchSize }),
    ...(learningRate !== undefined && { learningRate }),
    ...(pretrainingEpochs !== undefined && Object.hasOwn(hyperparameters, "pretrainingEpochs") &&
      { pretrainingEpochs }),
  };
}
