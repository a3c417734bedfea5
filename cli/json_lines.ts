/**
 * Events as JSON, one object a line, for programs.
 *
 * @module
 */

import type { EpochEvent, Report, TrainingEvent } from "../model/mod.ts";
import type { LoadedData } from "./load_data.ts";
import { type Ending, exitCodes } from "./errors.ts";
import type { Watcher } from "./progress.ts";
import type { Choice } from "./settings.ts";

/** The version of the form of the lines. */
const VERSION = 1;

/** What the lines of a training tell besides its events. */
export interface JsonContext {
  /** The arguments of the program. */
  readonly args: readonly string[];
  readonly choice: Pick<Choice, "network" | "update" | "hyperparameters">;
  readonly loaded: Pick<LoadedData, "warning" | "reason">;
}

/** An object as a line: its kind, the version of the form, and its fields. */
export function jsonLine(event: string, fields: object): string {
  return JSON.stringify({ event, version: VERSION, ...fields });
}

/** Writes the events of a training that programs care for; steps and validations are left out. */
export function watchJson(write: (line: string) => void, { args, choice, loaded }: JsonContext): Watcher {
  const { network, update: updates, hyperparameters } = choice;
  const { warning, reason } = loaded;
  const told = (event: TrainingEvent): object | undefined => {
    switch (event.event) {
      case "start": {
        const { data, seed, device, epochs, batches, examples } = event;
        const time = new Date().toISOString();
        const what = { network, device, data, seed, epochs, batches, examples, updates, hyperparameters };
        return { ...what, time, arguments: args, warning, reason };
      }
      case "pretraining":
        return { layer: event.layer, epoch: event.epoch, cost: event.cost };
      case "checkpoint":
        return { epoch: event.epoch, iteration: event.iteration, validationError: event.validationError };
      case "epoch":
        return epochFields(event);
      case "end":
        return { ...endFields(network, event.report), warning };
      default:
        return undefined;
    }
  };
  return (event) => {
    const fields = told(event);
    if (fields) write(jsonLine(event.event, fields));
  };
}

function epochFields({ event: _event, ...record }: EpochEvent): object {
  return record;
}

function endFields(network: string, report: Report): object {
  const { device, data, seed, epochs, iterations, stop, testError, validationError, bestIteration } = report;
  const { seconds: { total, ...phases }, samplesPerSecond, parameters, updates, hyperparameters, versions } = report;
  return {
    ...{ network, device, data, seed, epochs, iterations, stop, testError, validationError, bestIteration },
    ...{ seconds: total, phases, samplesPerSecond, parameters, updates, hyperparameters, versions },
  };
}

/** Why a program ended early, as a line. */
export function errorLine(ending: Ending, message: string): string {
  return jsonLine("error", { kind: ending, exitCode: exitCodes[ending], message });
}
