/**
 * Events as JSON, one object per line, for other programs.
 *
 * @module
 */

import { JSON_VERSION, jsonRecord } from "../views/events/json_record.ts";
import type { LoadedData } from "./load_data.ts";
import { type Ending, exitCodes } from "./errors.ts";
import type { Watcher } from "../model/progress/watch_training.ts";
import type { Choice } from "./settings.ts";

/** The content of the lines of a training that is not in its events. */
export interface JsonLinesContext {
  /** The arguments of the program. */
  readonly args: readonly string[];
  readonly choice: Pick<Choice, "network" | "update" | "hyperparameters">;
  readonly loaded: Pick<LoadedData, "warning" | "reason">;
  /** The number of training images, if not all are used. */
  readonly trainSize: number | undefined;
}

/** An object as a line: its kind, the version of the format, and its fields. */
export function jsonLine(event: string, fields: object): string {
  return JSON.stringify({ event, version: JSON_VERSION, ...fields });
}

/** Writes the events of a training as JSON lines, without steps and validations. */
export function watchJson(write: (line: string) => void, context: JsonLinesContext): Watcher {
  const { args, choice, loaded, trainSize } = context;
  const { network, update: updates, hyperparameters } = choice;
  const { warning, reason } = loaded;
  return (event) => {
    const details = { updates, hyperparameters, trainSize, time: new Date().toISOString(), arguments: args };
    const record = jsonRecord(event, { network, details, warning, reason });
    if (record) write(JSON.stringify(record));
  };
}

/** The reason why a program failed, as a line. */
export function errorLine(ending: Ending, message: string): string {
  return jsonLine("error", { kind: ending, exitCode: exitCodes[ending], message });
}
