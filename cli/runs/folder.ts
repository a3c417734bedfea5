/**
 * Run folders: all that a training leaves, in one place.
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
  /** The model, with all that training needs to go on. */
  model: "model.ym",
  /** What happened, one JSON object a line. */
  events: "events.jsonl",
  /** The report. */
  report: "report.json",
  /** The report for people. */
  page: "report.html",
} as const;

/** A run folder that is written to. */
export class RunFolder {
  private constructor(readonly path: string) {}

  /**
   * Fails where a run cannot be kept at a path; the folder is not made yet.
   *
   * @throws {UsageError} if it holds a run, and that is not to be resumed.
   * @throws {FileError} if it cannot be made or written.
   */
  static check(path: string, { resume }: { readonly resume: boolean }): void {
    const held = Object.values(runFiles).find((name) => tryStat(join(path, name)));
    if (held === undefined || resume) return checkFolderToBe(path);
    throw new UsageError(
      `folder ${path} already contains a run (${held}): choose another folder, or resume the run with --resume`,
    );
  }

  /**
   * Opens a run folder, which is made where it is missing.
   *
   * @throws {FileError} if it cannot be made or written.
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
