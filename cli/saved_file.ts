/**
 * Saved models, as the command line finds them.
 *
 * @module
 */

import { join } from "@std/path";
import type { ModelConfiguration, Report } from "../model/mod.ts";
import { readSavedModel } from "../model/saved_model.ts";
import { runFiles } from "./runs/folder.ts";
import { tryStat } from "./writable.ts";

/** The file that a path means: itself, or the model of a run folder. */
export function modelFileOf(path: string): string {
  return tryStat(path)?.isDirectory ? join(path, runFiles.model) : path;
}

/** What a saved model says of itself. */
export interface SavedFacts {
  readonly configuration: ModelConfiguration;
  /** The report of its training, where that came to an end. */
  readonly report: Report | null;
}

/**
 * What a saved model says of itself.
 *
 * @throws {FileError} if it cannot be read.
 * @throws {FileFormatError} if it is damaged or of another kind.
 */
export function readFacts(file: string): SavedFacts {
  const { configuration, report } = readSavedModel(file);
  return { configuration, report };
}
