/**
 * A training that came to its end, but could not be saved.
 *
 * @module
 */

import { FileError } from "../files/errors.ts";
import type { Report } from "./report.ts";
import type { Weights } from "../weights.ts";

/** What a training leaves. */
export interface TrainingResult {
  /** The weights that are kept. */
  readonly weights: Weights;
  /** What was done and found. */
  readonly report: Report;
}

/** A training came to its end, but the file could not be written. It holds what training came to: save that elsewhere. */
export class UnsavedError extends FileError {
  /** What stack traces call it. */
  override readonly name = "UnsavedError";
  /** What training came to; `network.withWeights(result.weights)` carries it. */
  readonly result: TrainingResult;

  /** The error of the file, with what could not be saved. */
  constructor(cause: FileError, result: TrainingResult) {
    const { action, path, message } = cause;
    super(action, path, message.slice(`Cannot ${action} ${path}: `.length), { cause });
    this.result = result;
  }
}
