/**
 * Errors of files, in separate classes where callers may need to distinguish them.
 *
 * @module
 */

import { showLine } from "../../core/options/show.ts";

/** The longest path in messages, in characters. */
const LONGEST_PATH = 1000;

/** The longest description of what was expected, such as a list of names. */
const LONGEST_EXPECTED = 800;

/** The longest description of what was found, which may have text of the file. */
const LONGEST_FOUND = 400;

/** The operation that failed. */
export type FileAction = "read" | "write";

/** A file cannot be read or written: it does not exist, is not accessible, or the disk is full or damaged. */
export class FileError extends Error {
  /** The name in stack traces. */
  override readonly name: string = "FileError";
  /** The file. */
  readonly path: string;
  /** The operation that was tried. */
  readonly action: FileAction;

  /**
   * The error of one file.
   *
   * @param remedy What happened, the state of the file, and how to fix it.
   */
  constructor(action: FileAction, path: string, remedy: string, options?: ErrorOptions) {
    super(`Cannot ${action} ${showLine(path, LONGEST_PATH)}: ${showLine(remedy, LONGEST_PATH)}`, options);
    this.path = path;
    this.action = action;
  }
}

/** A file does not have the expected content: it is damaged, truncated, of another kind, or of a later version. */
export class FileFormatError extends Error {
  /** The name in stack traces. */
  override readonly name = "FileFormatError";
  /** The file. */
  readonly file: string;
  /** The expected content. */
  readonly expected: string;
  /** The content found. */
  readonly got: string;

  /** All differences, if the file is compared with something; the message has the first one. */
  readonly details: readonly string[];

  /** The error of one file; the first of `options.details` is added to the message, with the number of the others. */
  constructor(
    file: string,
    expected: string,
    got: string,
    { details, ...options }: ErrorOptions & { readonly details?: readonly string[] } = {},
  ) {
    const [wanted, found] = [showLine(expected, LONGEST_EXPECTED), showLine(got, LONGEST_FOUND)];
    const message = `Cannot read ${showLine(file, LONGEST_PATH)}: expected ${wanted}, got ${found}`;
    super(details ? summarized(message, details) : message, options);
    this.file = file;
    this.expected = wanted;
    this.got = found;
    this.details = details ?? [];
  }
}

/** The tensors of a file do not fit the network into which they are loaded. */
export class TensorMismatchError extends Error {
  /** The name in stack traces. */
  override readonly name = "TensorMismatchError";
  /** The file. */
  readonly file: string;
  /** All problems, one text each; the message has the first one. */
  readonly problems: readonly string[];

  /** The error of one file. */
  constructor(file: string, problems: readonly string[]) {
    super(summarized(`Cannot load ${showLine(file, LONGEST_PATH)} (nothing was changed)`, problems));
    this.file = file;
    this.problems = problems;
  }
}

/** A saved training does not belong to the model that should resume it. */
export class ResumeError extends Error {
  /** The name in stack traces. */
  override readonly name = "ResumeError";
  /** The file. */
  readonly file: string;
  /** All differences, one text each; the message has the first one. */
  readonly problems: readonly string[];

  /** The error of one file. */
  constructor(file: string, problems: readonly string[]) {
    super(summarized(`Cannot resume from ${showLine(file, LONGEST_PATH)} (nothing was changed)`, problems));
    this.file = file;
    this.problems = problems;
  }
}

/** A message in one line, with the first of some problems and the number of the others. */
export function summarized(message: string, problems: readonly string[]): string {
  const [first = "", ...others] = problems;
  return `${message}: ${showLine(first, LONGEST_FOUND)}${others.length > 0 ? `; and ${others.length} more` : ""}`;
}
