/**
 * Run folders: all files of a training in one place.
 *
 * @module
 */

import { join } from "@std/path";
import { writeAtomically } from "../../model/files/atomic.ts";
import type { Report } from "../../model/training/report.ts";
import { UsageError } from "../errors.ts";
import { checkFolder, checkFolderToBe, makeFolder, tryStat } from "../files/check_writable.ts";
import { RUN_FORMAT } from "./format.ts";

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

/** A run folder that is open for writing. */
export class RunFolder {
  private constructor(readonly path: string) {}

  /**
   * Throws if a run cannot be saved at a path. The folder is not created yet.
   *
   * @throws {UsageError} if it contains a run that is not to be resumed.
   * @throws {FileError} if it cannot be created or written.
   */
  static check(path: string, { resume }: { readonly resume: boolean }): void {
    const held = Object.values(runFiles).find((name) => tryStat(join(path, name)));
    if (held === undefined || resume) return checkFolderToBe(path);
    throw new UsageError(
      `folder ${path} already contains a run (${held}): choose another folder, or resume the run with --resume`,
    );
  }

  /**
   * Opens a run folder, and creates it if it does not exist.
   *
   * @throws {FileError} if it cannot be created or written.
   */
  static open(path: string): RunFolder {
    makeFolder(path);
    checkFolder(path);
    return new RunFolder(path);
  }

  /** The path of one of its files. */
  file(kind: keyof typeof runFiles): string {
    return join(this.path, runFiles[kind]);
  }

  /** Adds a line to the events. */
  append(line: string): void {
    Deno.writeTextFileSync(this.file("events"), `${line}\n`, { append: true });
  }

  /** Writes the report. */
  writeReport(report: Report): void {
    const text = JSON.stringify({ version: RUN_FORMAT.number, ...report }, undefined, 2);
    writeAtomically(this.file("report"), [new TextEncoder().encode(`${text}\n`)]);
  }
}
