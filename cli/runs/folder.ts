/**
 * Run folders: all files of a training in one place.
 *
 * @module
 */

import { join } from "@std/path";
import { readWhole, writeAtomically } from "../../model/files/atomic.ts";
import type { FileError } from "../../model/files/errors.ts";
import type { Report } from "../../model/training/report.ts";
import { appendAll, endsWithinLine } from "../../views/events/append.ts";
import { unwritten } from "../../views/events/event_writer.ts";
import { UsageError } from "../errors.ts";
import { checkFolder, checkFolderToBe, makeFolder, tryStat } from "../files/check_writable.ts";
import { RUN_FORMAT } from "./format.ts";

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

/** Receives the error of the first event that cannot be written. */
type OnFailure = (error: FileError) => void;

/** A run folder that is open for writing. */
export class RunFolder {
  #failed = false;

  private constructor(readonly path: string, readonly onFailure: OnFailure) {}

  /**
   * Throws if a run cannot be saved at a path. The folder is not created yet. A folder in which nothing was saved, since
   * its run was killed before that, can be used again.
   *
   * @throws {UsageError} if it contains a run that is not to be resumed.
   * @throws {FileError} if it cannot be created or written.
   */
  static check(path: string, { resume }: { readonly resume: boolean }): void {
    const { events: _events, ...results } = runFiles;
    const held = Object.values(results).find((name) => tryStat(join(path, name)));
    if (held === undefined || resume) return checkFolderToBe(path);
    throw new UsageError(
      `folder ${path} already contains a run (${held}): choose another folder, or resume the run with --resume`,
    );
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
    this.#attempt(() => {
      using file = Deno.openSync(this.file("events"), { read: true, append: true, create: true });
      const start = endsWithinLine(file) ? "\n" : "";
      appendAll(file, new TextEncoder().encode(`${start}${line}\n`));
    });
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
    const text = JSON.stringify({ version: RUN_FORMAT.number, ...report }, undefined, 2);
    writeAtomically(this.file("report"), [new TextEncoder().encode(`${text}\n`)]);
  }
}

function dropTornLine(file: string): void {
  if (!tryStat(file)?.isFile) return;
  const bytes = readWhole(file);
  const end = bytes.lastIndexOf(NEWLINE) + 1;
  if (end < bytes.length) Deno.truncateSync(file, end);
}
