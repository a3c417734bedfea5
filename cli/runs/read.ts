/**
 * Reads run folders, finished or not.
 *
 * @module
 */

import { basename, join } from "@std/path";
import { readWhole } from "../../model/files/atomic.ts";
import { FileFormatError } from "../../model/files/errors.ts";
import { readFormat } from "../../model/files/format.ts";
import type { EpochRecord, Report } from "../../model/training/report.ts";
import { isRecord } from "../../model/files/json.ts";
import type { ErrorUnit, Monitor, Validated } from "../../model/training/task.ts";
import { tryStat } from "../files/check_writable.ts";
import { runFiles } from "./folder.ts";
import { RUN_FORMAT } from "./format.ts";

/** The state of a run: finished, interrupted, failed with an error, or none of these (it is running, or was killed). */
export type RunState = "finished" | "interrupted" | "failed" | "unfinished";

/** A run, as read from its folder. */
export interface SavedRun {
  /** The path of the folder. */
  readonly path: string;
  /** The last part of the path. */
  readonly name: string;
  readonly state: RunState;
  /** When it was started, in ISO 8601. */
  readonly time: string;
  readonly network: string;
  readonly data: string;
  readonly seed: number;
  /** The name of the update rule. */
  readonly updates: string;
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  /** The name of the device. */
  readonly device: string;
  readonly history: readonly EpochRecord[];
  /** The result by which it is judged; the lower, the better. */
  readonly monitor: Monitor;
  /** The unit of its errors. */
  readonly errorUnit: ErrorUnit;
  /** The best so far; null without a metric, like the test error. */
  readonly validationError: number | null;
  readonly testError: number | null;
  /** The mean costs; the best one so far if validations have no errors. */
  readonly validationLoss: number | null;
  readonly testLoss: number | null;
  /** The total time. */
  readonly seconds: number | null;
  /** The error message of a failed run. */
  readonly failure: string | undefined;
  /** The report; `undefined` before the end. */
  readonly report: Report | undefined;
}

/** Whether a folder contains a run. */
export function isRunFolder(path: string): boolean {
  return tryStat(join(path, runFiles.events)) !== undefined;
}

/** The run folders in a folder, at any depth, by their paths; also folders that cannot be read, since they may be some. */
export function runFoldersIn(folder: string): string[] {
  if (isRunFolder(folder)) return [folder];
  const folders = [...Deno.readDirSync(folder)].filter(({ isDirectory, name }) => isDirectory && !name.startsWith("."));
  return folders.map(({ name }) => join(folder, name)).sort().flatMap((path) => {
    try {
      return runFoldersIn(path);
    } catch {
      return [path];
    }
  });
}

/** The runs that can be read, and the errors of all others. */
export function readRuns(paths: readonly string[]): { readonly runs: SavedRun[]; readonly errors: Error[] } {
  const [runs, errors]: [SavedRun[], Error[]] = [[], []];
  for (const path of paths) {
    try {
      runs.push(readRun(path));
    } catch (error) {
      errors.push(error instanceof Error ? error : new Error(String(error)));
    }
  }
  return { runs, errors };
}

/**
 * The run in a folder. An incomplete last line is ignored.
 *
 * @throws {FileError} if a file cannot be read.
 * @throws {FileFormatError} if a file does not have the form that a run writes.
 */
export function readRun(path: string): SavedRun {
  const file = join(path, runFiles.events);
  const lines = linesOf(file);
  const start = lines.findLast(({ event }) => event === "start");
  if (!start) throw new FileFormatError(file, "the events of a run", "no line that starts one");
  const reportFile = join(path, runFiles.report);
  const ended = lines.at(-1);
  const report = ended?.event === "end" && tryStat(reportFile) ? readReport(reportFile) : undefined;
  const history = report?.history ?? historyOf(lines);
  const validationError = report?.validationError ?? leastOf(history, "validationError");
  const validationLoss = report?.validationLoss ?? leastOf(history, "validationLoss");
  const monitor = monitorOf(report?.monitor ?? start.monitor, { validationError, validationLoss });
  return {
    path,
    name: basename(path),
    state: stateOf(ended),
    monitor,
    errorUnit: report?.errorUnit ?? errorUnitOf(start.errorUnit, monitor),
    ...{
      time: textOf(lines.find(({ event }) => event === "start")?.time),
      network: textOf(start.network),
      data: textOf(start.data),
    },
    ...{ seed: Number(start.seed), updates: textOf(start.updates) },
    hyperparameters: isRecord(start.hyperparameters) ? start.hyperparameters : {},
    device: isRecord(start.device) ? textOf(start.device.name) : "",
    history,
    validationError,
    testError: report?.testError ?? null,
    validationLoss,
    testLoss: report?.testLoss ?? null,
    seconds: report?.seconds.total ?? null,
    failure: ended?.event === "error" ? textOf(ended.message) : undefined,
    report,
  };
}

/**
 * The arguments with which a run was started.
 *
 * @throws {FileError} if the folder cannot be read.
 * @throws {FileFormatError} if it does not contain them.
 */
export function argumentsOf(path: string): string[] {
  const file = join(path, runFiles.events);
  const given = linesOf(file).find(({ event }) => event === "start")?.arguments;
  if (Array.isArray(given) && given.every((one) => typeof one === "string")) return given;
  throw new FileFormatError(file, "the arguments with which the run was started", JSON.stringify(given));
}

/** The number of training images of a run, if it used a part of them; undefined if not, or if reading is not permitted. */
export function trainSizeOf(path: string): number | undefined {
  const permission = Deno.permissions.querySync({ name: "read", path });
  if (permission.state !== "granted" || !isRunFolder(path)) return undefined;
  const start = linesOf(join(path, runFiles.events)).find(({ event }) => event === "start");
  if (typeof start?.trainSize === "number") return start.trainSize;
  // Runs of earlier versions have only the arguments.
  const words = Array.isArray(start?.arguments) ? start.arguments.map(String) : [];
  const size = / --train[-_]size[ =](?<size>\d+) /.exec(` ${words.join(" ")} `)?.groups?.size;
  return size === undefined ? undefined : Number(size);
}

type Line = Readonly<Record<string, unknown>>;

/** The lines of a file of events. Lines that a full disk or a killed process cut off are left out. */
function linesOf(file: string): Line[] {
  const text = new TextDecoder().decode(readWhole(file));
  return text.split("\n").slice(0, -1).flatMap((line, i) => {
    const [value, place] = [parsed(line) ?? behindTorn(line), `line ${i + 1} of ${file}`];
    if (value === undefined && TORN.test(line)) return [];
    if (!isRecord(value)) throw new FileFormatError(place, "a JSON object", line.slice(0, 40));
    readFormat(RUN_FORMAT, value.version, place);
    return [value];
  });
}

/** The beginning of each line that a run writes. */
const START = '{"event":"';

/** Matches the beginning of a line that was cut off; after a power failure, a file may have zeros. */
const TORN = /^(?:\0|\{(?:"|$)|$)/;

/** A whole line that was written behind a torn one. */
function behindTorn(line: string): unknown {
  const start = line.lastIndexOf(START);
  return start > 0 ? parsed(line.slice(start)) : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readReport(file: string): Report {
  const value = parsed(new TextDecoder().decode(readWhole(file)));
  if (isRecord(value)) readFormat(RUN_FORMAT, value.version, file);
  const isReport = (one: unknown): one is Report & Line =>
    isRecord(one) && Array.isArray(one.history) && isRecord(one.seconds) && typeof one.network === "string";
  if (isReport(value)) return value;
  throw new FileFormatError(file, "the report of a training", "something else");
}

/** The epochs. If a run was resumed, those that were done again, or are to be done again, are replaced. */
function historyOf(lines: readonly Line[]): EpochRecord[] {
  const isEpoch = (line: Line): line is Line & EpochRecord => line.event === "epoch" && typeof line.epoch === "number";
  const history: EpochRecord[] = [];
  for (const line of lines.filter(isEpoch)) {
    while ((history.at(-1)?.epoch ?? -Infinity) >= line.epoch) history.pop();
    history.push(line);
  }
  return history;
}

function stateOf(ended: Line | undefined): RunState {
  if (ended?.event === "end") return ended.stop === "aborted" ? "interrupted" : "finished";
  return ended?.event === "error" ? "failed" : "unfinished";
}

/** The monitor that a run names. Runs of earlier versions name none; they have errors unless they have only losses. */
function monitorOf(named: unknown, { validationError, validationLoss }: Validated): Monitor {
  if (named === "validationError" || named === "validationLoss") return named;
  return validationError === null && validationLoss !== null ? "validationLoss" : "validationError";
}

/** The unit that a run names before its end. Runs of earlier versions name none; most of them have rates. */
function errorUnitOf(named: unknown, monitor: Monitor): ErrorUnit {
  if (named === "%" || named === "") return named;
  return monitor === "validationError" ? "%" : "";
}

function leastOf(history: readonly EpochRecord[], of: "validationError" | "validationLoss"): number | null {
  const errors = history.flatMap(({ [of]: value }) => typeof value === "number" ? [value] : []);
  return errors.length === 0 ? null : errors.reduce((least, one) => Math.min(least, one));
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
