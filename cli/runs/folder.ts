/**
 * Run folders: all files of a training in one place.
 *
 * @module
 */

import { basename, dirname, join } from "@std/path";
import type { FileError } from "../../model/files/errors.ts";
import type { Report } from "../../model/training/report.ts";
import { appendAll, endsWithinLine } from "../../views/events/append.ts";
import { unwritten } from "../../views/events/event_writer.ts";
import { UsageError } from "../errors.ts";
import { checkFolder, checkFolderToBe, checkTarget, exists, makeFolder, tryStat } from "../files/check_writable.ts";
import { writeReport } from "./report_file.ts";

const NEWLINE = 0x0a;

/** The names of the files in a run folder. */
export const runFiles = {
  /** The model, with everything needed to resume training. */
  model: "model.ym",
  /** The events, one JSON object per line. */
  events: "events.jsonl",
  /** The report. */
  report: "report.json",
  /** The HTML report. */
  page: "report.html",
} as const;

/**
 * Throws if something else would be written to the events or the report of a run.
 *
 * @throws {UsageError} that names the file.
 */
export function refuseRunFile(file: string): void {
  const [folder, name] = [dirname(file), basename(file)];
  if (name !== runFiles.events && name !== runFiles.report || !exists(join(folder, runFiles.events))) return;
  throw new UsageError(`cannot write to ${file}, a file of the run in ${folder}: choose another name`);
}

/** Receives the error of the first event that cannot be written. */
type OnFailure = (error: FileError) => void;

/** A run folder that is open for writing. */
export class RunFolder {
  #failed = false;
  #begun = false;

  private constructor(readonly path: string, readonly onFailure: OnFailure) {}

  /**
   * Throws if a run cannot be saved at a path. The folder is not created yet. A folder in which nothing was saved, since
   * its run was killed before that, can be used again.
   *
   * @throws {UsageError} if it contains a run that is not to be resumed, or that cannot be.
   * @throws {FileError} if it cannot be created or written.
   */
  static check(path: string, { resume }: { readonly resume: boolean }): void {
    if (tryStat(path)?.isDirectory) {
      // A result that cannot be written is found now, rather than after the training.
      for (const name of [runFiles.model, runFiles.report]) checkTarget(join(path, name));
    }
    const { events: _events, ...results } = runFiles;
    const held = Object.values(results).find((name) => exists(join(path, name)));
    if (held === undefined || resume) return checkFolderToBe(path);
    const cure = held === runFiles.model
      ? "or resume the run with --resume"
      : `or remove ${held} to train again: the run cannot be resumed without ${runFiles.model}`;
    throw new UsageError(`folder ${path} already contains a run (${held}): choose another folder, ${cure}`);
  }

  /**
   * Opens a run folder, and creates it if it does not exist. An incomplete last line of its events, which a killed
   * process left, is removed.
   *
   * @param onFailure called at the first event that cannot be written; training continues
   * @throws {FileError} if it cannot be created or written.
   */
  static open(path: string, onFailure: OnFailure = () => {}): RunFolder {
    makeFolder(path);
    checkFolder(path);
    const folder = new RunFolder(path, onFailure);
    folder.#attempt(() => dropTornLine(folder.file("events")));
    return folder;
  }

  /** Removes the events of an earlier run, which was killed before it saved anything. */
  clear(): void {
    if (tryStat(this.file("events"))) this.#attempt(() => Deno.removeSync(this.file("events")));
  }

  /** The path of one of its files. */
  file(kind: keyof typeof runFiles): string {
    return join(this.path, runFiles[kind]);
  }

  /** Adds a line to the events. If it cannot be written, the line is left out: the training is worth more. */
  append(line: string): void {
    this.#begun = true;
    this.#attempt(() => {
      // Writing to a pipe that nobody reads would block forever.
      if (tryStat(this.file("events"))?.isFifo) throw new Error("it is a pipe");
      using file = Deno.openSync(this.file("events"), { read: true, append: true, create: true });
      const start = endsWithinLine(file) ? "\n" : "";
      appendAll(file, new TextEncoder().encode(`${start}${line}\n`));
    });
  }

  /**
   * Adds the error that ended the training. One that ended before its start, because the run cannot be resumed for
   * example, does not belong to the run, whose earlier results stay.
   */
  fail(line: string): void {
    if (this.#begun) this.append(line);
  }

  /** Runs an action on the events, and reports the first failure of any. */
  #attempt(action: () => void): void {
    try {
      action();
    } catch (cause) {
      if (!this.#failed) this.onFailure(unwritten(this.file("events"), cause));
      this.#failed = true;
    }
  }

  /** Writes the report. */
  writeReport(report: Report): void {
    writeReport(this.file("report"), report);
  }
}

function dropTornLine(path: string): void {
  if (!tryStat(path)?.isFile) return;
  using file = Deno.openSync(path, { read: true, write: true });
  const { size } = file.statSync();
  const end = endOfLines(file, size);
  if (end < size) file.truncateSync(end);
}

/** Bytes that are read at a time in search of the last line end. */
const PART = 2 ** 16;

/** The number of bytes of the complete lines of a file. */
function endOfLines(file: Deno.FsFile, size: number): number {
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - PART);
    const part = new Uint8Array(end - start);
    file.seekSync(start, Deno.SeekMode.Start);
    for (let read = 0; read < part.length;) read += file.readSync(part.subarray(read)) ?? part.length;
    const newline = part.lastIndexOf(NEWLINE);
    if (newline >= 0) return start + newline + 1;
    end = start;
  }
  return 0;
}
