/**
 * The events of a training as lines of JSON in a file.
 *
 * @module
 */

import { refuseSurplus } from "../../core/options/surplus.ts";
import { hostFiles, pathOf } from "../../core/host_files.ts";
import type { Declaration } from "../../core/options/option.ts";
import { readOptions } from "../../core/options/read.ts";
import { flag } from "../../core/options/values.ts";
import type { FileError } from "../../model/files/errors.ts";
import { endsWithinLine } from "./append.ts";
import { type EventWriter, eventWriter, failureOption, NO_EVENTS } from "./event_writer.ts";
import { type JsonContext, jsonContext, jsonRecord } from "./json_record.ts";

/** Options of {@linkcode jsonLinesWriter}. */
export interface JsonLinesOptions extends JsonContext {
  /** Whether to append to an existing file, as for a resumed training; default: false. */
  readonly append?: boolean;
  /**
   * Called at the first event that cannot be written, for example because the disk is full. Training continues without
   * the event; default: a warning on the console.
   */
  readonly onFailure?: (error: FileError) => void;
}

/** {@linkcode JsonLinesOptions}, declared. */
export const jsonLinesOptions = {
  ...jsonContext,
  append: flag({ default: false, help: "whether to append to an existing file" }),
  onFailure: failureOption,
} satisfies Declaration<JsonLinesOptions>;

const NEWLINE = 0x0a;
const encoder = new TextEncoder();

/**
 * Writes the events of a training to a file, one JSON object of {@linkcode jsonRecord} per line. Needs `--allow-read`
 * and `--allow-write` for the file.
 *
 * @throws {FileError} if the file cannot be written.
 *
 * @example
 * ```ts
 * import { jsonLinesWriter } from "@yadll/yadll/views";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * {
 *   using writer = jsonLinesWriter(`${folder}/events.jsonl`);
 *   writer.write({ event: "pretraining", layer: "RBM 1", epoch: 1, epochs: 3, cost: 80.5 });
 * }
 * const [line] = (await Deno.readTextFile(`${folder}/events.jsonl`)).split("\n");
 * assertEquals(JSON.parse(line).cost, 80.5);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export function jsonLinesWriter(file: string | URL, options: JsonLinesOptions = {}): EventWriter {
  refuseSurplus("jsonLinesWriter", arguments, 2);
  const { append, onFailure } = readOptions("write events", jsonLinesOptions, options);
  const { append: _append, onFailure: _onFailure, ...context } = options;
  const format = {
    // A line that a killed process left unfinished must not spoil the next one.
    head: append && isTorn(pathOf(file, NO_EVENTS)) ? Uint8Array.of(NEWLINE) : new Uint8Array(),
    encode: (event: Parameters<typeof jsonRecord>[0]) => {
      const record = jsonRecord(event, context);
      return record ? [encoder.encode(`${JSON.stringify(record)}\n`)] : [];
    },
  };
  return eventWriter(file, format, { append, ...onFailure && { onFailure } });
}

/** Whether a file exists and ends within a line. Any other problem is reported when the file is opened for writing. */
function isTorn(path: string): boolean {
  try {
    const files = hostFiles(`read ${path}`);
    if (!files.statSync(path).isFile) return false;
    using file = files.openSync(path);
    return endsWithinLine(file);
  } catch {
    return false;
  }
}
