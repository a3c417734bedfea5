/**
 * The error of a finished training that could not be saved.
 *
 * @module
 */

import type { WritableFile } from "../../core/web_file.ts";
import { FileError } from "../files/errors.ts";
import type { Report } from "./report.ts";
import type { Weights } from "../weights.ts";

/** The result of a training. */
export interface TrainingResult {
  /** The weights that are kept. */
  readonly weights: Weights;
  /** The report of the training. */
  readonly report: Report;
}

/**
 * A training is finished, but the file could not be written. The error contains the result, which can be saved
 * elsewhere, so that it can also be resumed.
 */
export class UnsavedError extends FileError {
  /** The name in stack traces. */
  override readonly name = "UnsavedError";
  /** The result of the training; `network.withWeights(result.weights)` is the trained network. */
  readonly result: TrainingResult;
  /**
   * Saves the training to another file, from which it can be resumed.
   *
   * @throws {FileError} if that cannot be written either.
   */
  readonly saveTo: (file: WritableFile) => Promise<void>;

  /** The error of the file, with the result that could not be saved. */
  constructor(cause: FileError, result: TrainingResult, saveTo: UnsavedError["saveTo"]) {
    const { action, path, message } = cause;
    super(action, path, message.slice(`Cannot ${action} ${path}: `.length), { cause });
    this.result = result;
    this.saveTo = saveTo;
  }
}
