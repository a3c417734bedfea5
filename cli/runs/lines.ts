/**
 * Reads the lines of a run's events.
 *
 * @module
 */

import { FileFormatError } from "../../model/files/errors.ts";
import { NewerFormatError, readFormat } from "../../model/files/format.ts";
import { isRecord, parseJson } from "../../model/files/json.ts";
import { readParts } from "../../model/files/read_parts.ts";
import { joinBytes } from "../../views/events/bytes.ts";
import { RUN_FORMAT } from "./format.ts";

/** A line of events. */
export type Line = Readonly<Record<string, unknown>>;

const NEWLINE = 0x0a;

/** The longest line in bytes; no event has more. */
const LONGEST = 2 ** 24;

/** Receives the error of a line that is neither an event nor a part of one. */
export type OnDamage = (error: FileFormatError) => void;

/**
 * The lines of a file of events, which may be larger than memory. Lines that a full disk or a killed process cut off are
 * left out, and so are damaged ones.
 *
 * @throws {FileError} if the file cannot be read.
 * @throws {NewerFormatError} if a later version wrote it.
 */
export function* linesIn(file: string, onDamage: OnDamage): Generator<Line> {
  let number = 0;
  for (const bytes of bytesOfLines(file)) {
    number++;
    const place = `line ${number} of ${file}`;
    if (bytes.length > LONGEST) {
      onDamage(new FileFormatError(place, `at most ${LONGEST} bytes`, "more"));
      continue;
    }
    const line = new TextDecoder().decode(bytes);
    const value = parseText(line) ?? behindTorn(line);
    if (value === undefined && TORN.test(line)) continue;
    if (!isRecord(value)) onDamage(new FileFormatError(place, "a JSON object", line.slice(0, 40)));
    else if (hasFormat(value, place, onDamage)) yield value;
  }
}

function hasFormat({ version }: Line, place: string, onDamage: OnDamage): boolean {
  try {
    readFormat(RUN_FORMAT, version, place);
    return true;
  } catch (error) {
    if (error instanceof NewerFormatError || !(error instanceof FileFormatError)) throw error;
    onDamage(error);
    return false;
  }
}

/**
 * The complete lines; of a line that is too long, only the beginning. After a power failure a file may have any number
 * of zeros, which no line has otherwise.
 */
function* bytesOfLines(file: string): Generator<Uint8Array> {
  let [begun, length]: [Uint8Array[], number] = [[], 0];
  const add = (bytes: Uint8Array): void => {
    if (length > LONGEST) return;
    const kept = bytes.includes(0) ? withoutZeros(bytes) : bytes.slice();
    length += kept.length;
    if (kept.length > 0) begun.push(kept);
  };
  for (const part of readParts(file)) {
    let start = 0;
    for (let end = part.indexOf(NEWLINE); end >= 0; end = part.indexOf(NEWLINE, start)) {
      add(part.subarray(start, end));
      yield joinBytes(begun);
      [begun, length, start] = [[], 0, end + 1];
    }
    add(part.subarray(start));
  }
}

function withoutZeros(bytes: Uint8Array): Uint8Array {
  const kept = new Uint8Array(bytes.length);
  let length = 0;
  for (let i = 0; i < bytes.length; i++) if (bytes[i] !== 0) kept[length++] = bytes[i];
  return kept.subarray(0, length);
}

/** The beginning of each line that a run writes. */
const START = '{"event":"';

/** Matches the beginning of a line that was cut off. */
const TORN = /^(?:\{(?:"|$)|$)/;

/** A whole line that was written behind a torn one. */
function behindTorn(line: string): unknown {
  const start = line.lastIndexOf(START);
  return start > 0 ? parseText(line.slice(start)) : undefined;
}

/** The value of a JSON text; undefined if it is not JSON, or nested too deeply or too large. */
export function parseText(text: string): unknown {
  try {
    return parseJson(text, "a text");
  } catch {
    return undefined;
  }
}
