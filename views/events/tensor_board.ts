/**
 * The events of a training for TensorBoard.
 *
 * @module
 */

import { refuseSurplus } from "../../core/options/surplus.ts";
import { hostFiles, pathOf } from "../../core/host_files.ts";
import type { Declaration } from "../../core/options/option.ts";
import { readOptions } from "../../core/options/read.ts";
import { callable } from "../../core/options/values.ts";
import type { TrainingEvent } from "../../model/training/events.ts";
import { FileError } from "../../model/files/errors.ts";
import { describeCause } from "../../model/files/remedies.ts";
import { join } from "../../model/files/paths.ts";
import type { HyperparameterValues } from "../../model/hyperparameters.ts";
import type { Report } from "../../model/training/report.ts";
import type { MetricValues } from "../../model/training/set_metrics.ts";
import { frame, scalarValue, textValue, valuesEvent, versionEvent } from "./event_file.ts";
import { type EventWriter, eventWriter, failureOption, NO_EVENTS } from "./event_writer.ts";

/** Options of {@linkcode tensorBoardWriter}. */
export interface TensorBoardOptions {
  /** Returns the time in milliseconds since 1970; default: the machine's clock. */
  readonly now?: () => number;
  /**
   * Called at the first event that cannot be written, for example because the disk is full. Training continues without
   * the event; default: a warning on the console.
   */
  readonly onFailure?: (error: FileError) => void;
}

/** {@linkcode TensorBoardOptions}, declared. */
export const tensorBoardOptions = {
  now: callable<() => number>({
    otherwise: "the machine's clock",
    help: "returns the time in milliseconds since 1970",
  }),
  onFailure: failureOption,
} satisfies Declaration<TensorBoardOptions>;

/**
 * Writes the events of a training to a new event file in a folder, which is created if necessary.
 * `tensorboard --logdir FOLDER` shows it: losses and errors of each validation, and speed and training error of each
 * epoch, over the number of steps; the costs of pre-training over its epochs; hyperparameters and results as text.
 * Needs `--allow-read` and `--allow-write` for the folder.
 *
 * @throws {FileError} if the file cannot be written.
 *
 * @example
 * ```ts
 * import { tensorBoardWriter } from "@yadll/yadll/views";
 * import { assert } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * {
 *   using writer = tensorBoardWriter(`${folder}/run`);
 *   writer.write({ event: "pretraining", layer: "RBM 1", epoch: 1, epochs: 3, cost: 80.5 });
 *   assert(writer.file.includes("events.out.tfevents."));
 * }
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export function tensorBoardWriter(
  folder: string | URL,
  options?: TensorBoardOptions,
): EventWriter {
  refuseSurplus("tensorBoardWriter", arguments, 2);
  const { now = Date.now.bind(Date), onFailure } = readOptions("write events", tensorBoardOptions, options);
  const directory = pathOf(folder, NO_EVENTS);
  try {
    hostFiles(`write events in ${directory}`).mkdirSync(directory, { recursive: true });
  } catch (cause) {
    throw new FileError("write", directory, describeCause(cause, directory), { cause });
  }
  const seconds = (): number => now() / 1000;
  // TensorBoard reads the files of a folder in the order of their names, which begin with the time.
  const name = `events.out.tfevents.${String(Math.floor(seconds())).padStart(10, "0")}.${crypto.randomUUID()}.yadll`;
  const values = new Values();
  const encode = (event: TrainingEvent): Uint8Array[] =>
    values.of(event).map(({ step, values }) => frame(valuesEvent({ seconds: seconds(), step }, values)));
  const format = { head: frame(versionEvent(seconds())), encode };
  return eventWriter(join(directory, name), format, { append: false, ...onFailure && { onFailure } });
}

/** Values that belong to one step. */
interface Measured {
  readonly step: number;
  readonly values: readonly Uint8Array[];
}

/** Turns events into values; knows the step of the last one. */
class Values {
  #step = 0;

  of(event: TrainingEvent): Measured[] {
    if ("iteration" in event) this.#step = event.iteration;
    const step = this.#step;
    switch (event.event) {
      case "start":
        return [{ step, values: [textValue("run/start", describeStart(event))] }];
      case "pretraining":
        return [{ step: event.epoch, values: [scalarValue(`pretraining/${event.layer}`, event.cost)] }];
      case "validation":
        return [{
          step,
          values: [
            scalarValue("loss/training", event.trainLoss),
            scalarValue("loss/validation", event.validationLoss),
            ...scalarIf("error/validation", event.validationError),
            ...metricValues("validation", event.metrics),
          ],
        }];
      case "epoch":
        return [{
          step,
          values: [
            ...scalarIf("error/training", event.trainError),
            scalarValue("speed/samples per second", event.samplesPerSecond),
            scalarValue("epoch", event.epoch),
            ...metricValues("training", event.metrics?.training),
          ],
        }];
      case "rateReduced":
        return [{ step, values: [scalarValue("learning rate/scale", event.scale)] }];
      case "end":
        return [{ step, values: endValues(event.report) }];
      default:
        return [];
    }
  }
}

/** The value, if it exists: without a metric there are no errors. */
function scalarIf(name: string, value: number | null): Uint8Array[] {
  return value === null || Number.isNaN(value) ? [] : [scalarValue(name, value)];
}

/** The metrics of a set: `f1/validation`. */
function metricValues(set: string, metrics: MetricValues | null | undefined): Uint8Array[] {
  return Object.entries(metrics ?? {}).flatMap(([name, value]) => scalarIf(`${name}/${set}`, value));
}

function endValues(report: Report): Uint8Array[] {
  const { testError, testLoss, hyperparameters } = report;
  return [
    ...scalarIf("error/test", testError),
    ...scalarIf("loss/test", testLoss ?? null),
    ...metricValues("test", report.metrics?.test),
    textValue("run/hyperparameters", table(hyperparameters)),
    textValue("run/end", describeEnd(report)),
  ];
}

function describeStart({ model, network, data, seed, device }: Extract<TrainingEvent, { event: "start" }>): string {
  return table({ model, network, data, seed, device: device.name });
}

function describeEnd(report: Report): string {
  const { epochs, iterations, stop, bestIteration, errorUnit, validationError, testError, seconds, updates } = report;
  const { validationLoss, testLoss } = report;
  const told = (error: number | null): string => error === null ? "none" : `${error} ${errorUnit}`.trimEnd();
  return table({
    ...{ updates, epochs, iterations, stop, "best iteration": bestIteration ?? "none" },
    ...{ "validation error": told(validationError), "test error": told(testError) },
    ...{ "validation loss": validationLoss ?? "none", "test loss": testLoss ?? "none", seconds: seconds.total },
  });
}

/** A table in Markdown. */
function table(values: HyperparameterValues): string {
  const rows = Object.entries(values).map(([name, value]) => `| ${cell(name)} | ${cell(value)} |`);
  return ["| | |", "|-|-|", ...rows].join("\n");
}

function cell(value: HyperparameterValues[string]): string {
  const text = typeof value === "function" ? value.name || "(function)" : String(value);
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
