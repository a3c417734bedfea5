/**
 * The events of a training as lines of JSON in a file.
 *
 * @module
 */

import { pathOf, readWhole } from "../../model/files/atomic.ts";
import { FileError } from "../../model/files/errors.ts";
import { type EventWriter, eventWriter } from "./event_writer.ts";
import { type JsonContext, jsonRecord } from "./json_record.ts";

/** Options of {@linkcode jsonLinesWriter}. */
export interface JsonLinesOptions extends JsonContext {
  /** Whether to append to an existing file, as for a resumed training; default: false. */
  readonly append?: boolean;
}

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
  const { append = false, ...context } = options;
  const format = {
    // A line that a killed process left unfinished must not spoil the next one.
    head: append && endsWithinLine(file) ? Uint8Array.of(NEWLINE) : new Uint8Array(),
    encode: (event: Parameters<typeof jsonRecord>[0]) => {
      const record = jsonRecord(event, context);
      return record ? [encoder.encode(`${JSON.stringify(record)}\n`)] : [];
    },
  };
  return eventWriter(file, format, { append });
}

function endsWithinLine(file: string | URL): boolean {
  try {
    return (readWhole(pathOf(file)).at(-1) ?? NEWLINE) !== NEWLINE;
  } catch (error) {
    if (error instanceof FileError && error.cause instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
