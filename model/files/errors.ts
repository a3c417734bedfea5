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

/** The most problems in one message. */
const MOST_PROBLEMS = 100;

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

  /** The error of one file; `options.details` are added to the message, one line each. */
  constructor(
    file: string,
    expected: string,
    got: string,
    { details, ...options }: ErrorOptions & { readonly details?: readonly string[] } = {},
  ) {
    const [wanted, found] = [showLine(expected, LONGEST_EXPECTED), showLine(got, LONGEST_FOUND)];
    const message = `Cannot read ${showLine(file, LONGEST_PATH)}: expected ${wanted}, got ${found}`;
    super(details ? listed(`${message}:`, details) : message, options);
    this.file = file;
    this.expected = wanted;
    this.got = found;
  }
}

/** The tensors of a file do not fit the network into which they are loaded. */
export class TensorMismatchError extends Error {
  /** The name in stack traces. */
  override readonly name = "TensorMismatchError";
  /** The file. */
  readonly file: string;
  /** All problems, one line each. */
  readonly problems: readonly string[];

  /** The error of one file. */
  constructor(file: string, problems: readonly string[]) {
    super(listed(`Cannot load ${showLine(file, LONGEST_PATH)} (nothing was changed):`, problems));
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
  /** All differences, one line each. */
  readonly problems: readonly string[];

  /** The error of one file. */
  constructor(file: string, problems: readonly string[]) {
    super(listed(`Cannot resume from ${showLine(file, LONGEST_PATH)} (nothing was changed):`, problems));
    this.file = file;
    this.problems = problems;
  }
}

/** A message with a line for each problem. */
function listed(first: string, problems: readonly string[]): string {
  const shown = problems.slice(0, MOST_PROBLEMS).map((problem) => `  ${showLine(problem, LONGEST_FOUND)}`);
  const others = problems.length - shown.length;
  return [first, ...shown, ...others > 0 ? [`  and ${others} more`] : []].join("\n");
}
