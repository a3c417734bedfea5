/**
 * Reads run folders, finished or not.
 *
 * @module
 */

import { basename, join } from "@std/path";
import { showValue } from "../../core/options/show.ts";
import { FileError, FileFormatError } from "../../model/files/errors.ts";
import { isRecord } from "../../model/files/json.ts";
import type { EpochRecord, Report } from "../../model/training/report.ts";
import type { ErrorUnit, Monitor, Validated } from "../../model/training/task.ts";
import { NewerFormatError } from "../../model/files/format.ts";
import { exists, tryStat } from "../files/check_writable.ts";
import { readEvents, readStart, type RunEvents } from "./events.ts";
import { runFiles } from "./folder.ts";
import type { Line } from "./lines.ts";
import { readReport } from "./report_file.ts";
import { shownText } from "./shown_text.ts";

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
  /** Why a part of the folder could not be read. */
  readonly damage: string | undefined;
  /** The report; `undefined` before the end. */
  readonly report: Report | undefined;
}

/** Whether a folder contains a run: events, or after their loss a report and a model. */
export function isRunFolder(path: string): boolean {
  const has = (name: string): boolean => exists(join(path, name));
  return has(runFiles.events) || has(runFiles.report) && has(runFiles.model);
}

/** The run folders in a folder, at any depth, by their paths; also folders that cannot be read, since they may be some. */
export function runFoldersIn(folder: string): string[] {
  const folders = [...Deno.readDirSync(folder)].filter(({ isDirectory, name }) => isDirectory && !name.startsWith("."));
  const below = folders.map(({ name }) => join(folder, name)).sort().flatMap((path) => {
    try {
      return runFoldersIn(path);
    } catch {
      return [path];
    }
  });
  return isRunFolder(folder) ? [folder, ...below] : below;
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
 * The run in a folder. Lines that are damaged or cut off are left out, and a report that is damaged is replaced by the
 * events; `damage` says so.
 *
 * @throws {FileError} if a file cannot be read, and the others do not replace it.
 * @throws {FileFormatError} if neither events nor report have the form that a run writes, or a later version wrote them.
 */
export function readRun(path: string): SavedRun {
  const [eventsFile, reportFile] = [join(path, runFiles.events), join(path, runFiles.report)];
  const written = attempt(() => readReport(reportFile), exists(reportFile));
  const read = attempt(() => readEvents(eventsFile), exists(eventsFile) || written.value === undefined);
  const events: RunEvents = read.value ?? { history: [] };
  const report = written.value && isCurrent(written.value, events, [reportFile, eventsFile])
    ? written.value
    : undefined;
  if (!events.start && !report) {
    throw read.error ?? events.damage ??
      new FileFormatError(eventsFile, "the events of a run", "no line that starts one");
  }
  const damage = read.error ?? events.damage ?? (events.last?.event === "end" ? written.error : undefined);
  return {
    path,
    name: basename(path),
    ...factsOf(events, report),
    ...resultsOf(events, report),
    damage: damage?.message,
    report,
  };
}

/** A result, or the error of the failure to get it. */
interface Attempt<T> {
  readonly value?: T;
  readonly error?: Error;
}

/** Reads a file if it exists, and returns the error if that fails, unless a newer version wrote the file. */
function attempt<T>(read: () => T, exists: boolean): Attempt<T> {
  if (!exists) return {};
  try {
    return { value: read() };
  } catch (error) {
    const isLost = error instanceof FileError || error instanceof FileFormatError;
    if (isLost && !(error instanceof NewerFormatError)) return { error };
    throw error;
  }
}

/**
 * Whether a report is that of the last training in the folder. Its last events may be missing, because they could not be
 * written, or because the file was cut: then it is a report that no earlier event announces, and that is newer than the
 * events, or of the training that they began.
 */
function isCurrent(report: Report, { start, last, end, history }: RunEvents, files: readonly string[]): boolean {
  if (!start || !last || last.event === "end") return true;
  if (last.event === "error" || report.epochs < (history.at(-1)?.epoch ?? 0)) return false;
  if (end !== undefined && end.epochs === report.epochs && end.seconds === report.seconds.total) return false;
  const [written, changed] = files.map(timeOf);
  return written > changed || isOfTraining(report, start);
}

/** Whether a report is that of a training which began with an event. */
function isOfTraining({ seed, hyperparameters }: Report, start: Line): boolean {
  return start.seed === seed && isRecord(start.hyperparameters) &&
    Object.entries(start.hyperparameters).every(([name, value]) => hyperparameters[name] === value);
}

/** When a file was changed last; 0 if it is not known. */
function timeOf(file: string): number {
  try {
    return tryStat(file)?.mtime?.getTime() ?? 0;
  } catch {
    return 0;
  }
}

type Facts = "time" | "network" | "data" | "seed" | "updates" | "hyperparameters" | "device";

function factsOf(
  { first, start, last }: RunEvents,
  report: Report | undefined,
): Pick<SavedRun, Facts | "state" | "failure"> {
  const told: Line = { ...report, ...start };
  return {
    state: report
      ? stateOf(report)
      : last?.event === "end"
      ? stateOf(last)
      : last?.event === "error"
      ? "failed"
      : "unfinished",
    time: shownText(first?.time),
    network: shownText(told.network),
    data: shownText(told.data),
    seed: Number(told.seed),
    updates: shownText(told.updates),
    hyperparameters: isRecord(told.hyperparameters) ? settingsIn(told.hyperparameters) : {},
    device: isRecord(told.device) ? shownText(told.device.name) : "",
    failure: last?.event === "error" ? shownText(last.message) : undefined,
  };
}

type Results =
  | "history"
  | "monitor"
  | "errorUnit"
  | "validationError"
  | "testError"
  | "validationLoss"
  | "testLoss"
  | "seconds";

/** The results: those of the report, or of the last event, or the best ones so far. */
function resultsOf({ start, last, history: epochs }: RunEvents, report: Report | undefined): Pick<SavedRun, Results> {
  const history = report?.history ?? epochs;
  const ended: Line = report ? { ...report } : last?.event === "end" ? last : {};
  const validationError = numberOf(ended.validationError) ?? leastOf(history, "validationError");
  const validationLoss = numberOf(ended.validationLoss) ?? leastOf(history, "validationLoss");
  const monitor = monitorOf(ended.monitor ?? start?.monitor, { validationError, validationLoss });
  return {
    ...{ history, monitor, validationError, validationLoss },
    errorUnit: errorUnitOf(report?.errorUnit ?? start?.errorUnit, monitor),
    testError: numberOf(ended.testError),
    testLoss: numberOf(ended.testLoss),
    seconds: report?.seconds.total ?? numberOf(ended.seconds),
  };
}

/**
 * The arguments with which a run was started; undefined if they are lost, or have characters that no terminal shows.
 *
 * @throws {NewerFormatError} if a later version wrote the events.
 */
export function argumentsOf(path: string): string[] | undefined {
  const file = join(path, runFiles.events);
  const given = attempt(() => readStart(file), exists(file)).value?.arguments;
  return Array.isArray(given) && given.every((one) => typeof one === "string" && shownText(one) === one)
    ? given
    : undefined;
}

/** The data of a run, as far as they are known. */
export interface RunData {
  /** The name of the data. */
  readonly data?: string | undefined;
  /** The number of training images, if the run used a part of them. */
  readonly trainSize?: number | undefined;
}

/** The data of a run, by its events, which a run has before its report; nothing if they cannot be read. */
export function dataOfRun(path: string): RunData {
  const permission = Deno.permissions.querySync({ name: "read", path });
  if (permission.state !== "granted") return {};
  const file = join(path, runFiles.events);
  const start = attempt(() => readStart(file), exists(file)).value;
  const data = typeof start?.data === "string" ? start.data : undefined;
  if (typeof start?.trainSize === "number") return { data, trainSize: start.trainSize };
  // Runs of earlier versions have only the arguments.
  const words = Array.isArray(start?.arguments) ? start.arguments.map(String) : [];
  const size = / --train[-_]size[ =](?<size>\d+) /.exec(` ${words.join(" ")} `)?.groups?.size;
  return { data, trainSize: size === undefined ? undefined : Number(size) };
}

function stateOf({ stop }: { readonly stop?: unknown }): RunState {
  return stop === "aborted" ? "interrupted" : "finished";
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

function numberOf(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

/** Hyperparameters as they are shown: numbers, and texts in one line. */
function settingsIn(given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const shown = (value: unknown): unknown =>
    typeof value === "string"
      ? shownText(value)
      : typeof value === "object" && value !== null
      ? showValue(value)
      : value;
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [shownText(name), shown(value)]));
}
