/**
 * Events as JSON, one object a line, for programs.
 *
 * @module
 */

import type { EpochEvent, Report, TrainingEvent } from "../model/mod.ts";
import type { LoadedData } from "./load_data.ts";
import { type Ending, exitCodes } from "./errors.ts";
import type { Output } from "./output.ts";
import type { Watcher } from "./progress.ts";

/** The version of the form of the lines. */
const VERSION = 1;

/** What the lines of a training tell besides its events. */
export interface JsonContext {
  /** The name of the network. */
  readonly network: string;
  readonly loaded: Pick<LoadedData, "warning" | "reason">;
}

/** Writes an object as a line: its kind, the version of the form, and its fields. */
export function writeLine(output: Output, event: string, fields: object): void {
  output.result(JSON.stringify({ event, version: VERSION, ...fields }));
}

/** Writes the events of a training that programs care for; steps and validations are left out. */
export function watchJson(output: Output, { network, loaded: { warning, reason } }: JsonContext): Watcher {
  return (event: TrainingEvent) => {
    switch (event.event) {
      case "start": {
        const { data, seed, device, epochs, batches, examples } = event;
        return writeLine(output, "start", { network, device, data, seed, epochs, batches, examples, warning, reason });
      }
      case "pretraining":
        return writeLine(output, "pretraining", { layer: event.layer, epoch: event.epoch, cost: event.cost });
      case "checkpoint":
        return writeLine(output, "checkpoint", {
          epoch: event.epoch,
          iteration: event.iteration,
          validationError: event.validationError,
        });
      case "epoch":
        return writeLine(output, "epoch", epochFields(event));
      case "end":
        return writeLine(output, "end", { ...endFields(network, event.report), warning });
    }
  };
}

function epochFields({ epoch, trainLoss, trainError, validationError, seconds, samplesPerSecond }: EpochEvent): object {
  return { epoch, trainLoss, trainError, validationError, seconds, samplesPerSecond };
}

function endFields(network: string, report: Report): object {
  const { device, data, seed, epochs, iterations, stop, testError, validationError, bestIteration } = report;
  const { seconds: { total, ...phases }, samplesPerSecond, parameters, updates, hyperparameters, versions } = report;
  return {
    ...{ network, device, data, seed, epochs, iterations, stop, testError, validationError, bestIteration },
    ...{ seconds: total, phases, samplesPerSecond, parameters, updates, hyperparameters, versions },
  };
}

/** Writes why a program ended early. */
export function writeJsonError(output: Output, ending: Ending, message: string): void {
  writeLine(output, "error", { kind: ending, exitCode: exitCodes[ending], message });
}
