/**
 * The report in a run folder.
 *
 * @module
 */

import { readAtMost } from "../../model/files/byte_source.ts";
import { writeAtomically } from "../../model/files/atomic.ts";
import { FileFormatError } from "../../model/files/errors.ts";
import { readFormat } from "../../model/files/format.ts";
import { isRecord } from "../../model/files/json.ts";
import type { Report } from "../../model/training/report.ts";
import { epochOf } from "./events.ts";
import { RUN_FORMAT } from "./format.ts";
import { parseText } from "./lines.ts";
import { shownText } from "./shown_text.ts";

/** The longest report in bytes, of about a million epochs. */
const LONGEST = 2 ** 28;

/** Epochs that are converted to text at a time; one text of all of them may be longer than a string can be. */
const AT_A_TIME = 1000;

/**
 * Writes a report.
 *
 * @throws {FileError} if the file cannot be written.
 */
export function writeReport(file: string, { history, ...facts }: Report): void {
  const encoder = new TextEncoder();
  const text = JSON.stringify({ version: RUN_FORMAT.number, ...facts, history: [] }, undefined, 2);
  const parts = [text.slice(0, text.lastIndexOf("]"))];
  for (let i = 0; i < history.length; i += AT_A_TIME) {
    const some = JSON.stringify({ history: history.slice(i, i + AT_A_TIME) }, undefined, 2);
    const separator = i === 0 ? "" : ",";
    parts.push(`${separator}${some.slice(some.indexOf("[") + 1, some.lastIndexOf("\n  ]"))}`);
  }
  parts.push(`${history.length > 0 ? "\n  " : ""}]\n}\n`);
  writeAtomically(file, parts.map((part) => encoder.encode(part)));
}

/**
 * Reads a report.
 *
 * @throws {FileError} if the file cannot be read.
 * @throws {FileFormatError} if it is not a report, or a later version wrote it.
 */
export function readReport(file: string): Report {
  const value = parseText(decode(readAtMost(file, LONGEST)));
  if (isRecord(value)) readFormat(RUN_FORMAT, value.version, file);
  if (isReport(value)) return inLines(value);
  throw new FileFormatError(file, "the report of a training", "something else");
}

/** The report with its texts in one line each. */
function inLines({ device, history, ...report }: Report): Report {
  const { model, network, data, updates } = report;
  return {
    ...report,
    model: shownText(model),
    network: shownText(network),
    data: shownText(data),
    updates: shownText(updates),
    device: { ...device, name: shownText(device.name) },
    history: history.map((one) => epochOf({ ...one }, one.epoch)),
  };
}

/** The text of bytes; empty if it is longer than a string can be. */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder().decode(bytes);
  } catch {
    return "";
  }
}

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === "string";
const number: Check = (value) => typeof value === "number";
const numberOrNull: Check = (value) => value === null || number(value);

/** The fields of a report that are shown. */
const checks: Readonly<Partial<Record<keyof Report, Check>>> = {
  model: text,
  network: text,
  data: text,
  seed: number,
  updates: text,
  hyperparameters: isRecord,
  device: (value) => isRecord(value) && text(value.name),
  versions: isRecord,
  epochs: number,
  stop: (value) => typeof value === "string" && ["epochs", "patience", "aborted", "overfit"].includes(value),
  errorUnit: (value) => value === "%" || value === "",
  validationError: numberOrNull,
  testError: numberOrNull,
  bestIteration: numberOrNull,
  seconds: (value) => isRecord(value) && Object.values(value).every(number) && number(value.total),
  samplesPerSecond: numberOrNull,
  history: (value) => Array.isArray(value) && value.every((one) => isRecord(one) && number(one.epoch)),
};

function isReport(value: unknown): value is Report {
  return isRecord(value) && Object.entries(checks).every(([field, check]) => check(value[field]));
}
