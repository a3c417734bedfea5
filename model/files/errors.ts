/**
 * Errors of files, in separate classes where callers may need to distinguish them.
 *
 * @module
 */

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
    super(`Cannot ${action} ${path}: ${remedy}`, options);
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

  /** The error of one file. */
  constructor(file: string, expected: string, got: string, options?: ErrorOptions) {
    super(`Cannot read ${file}: expected ${expected}, got ${got}`, options);
    this.file = file;
    this.expected = expected;
    this.got = got;
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
    super([`Cannot load ${file} (nothing was changed):`, ...problems.map((problem) => `  ${problem}`)].join("\n"));
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
    super(
      [`Cannot resume from ${file} (nothing was changed):`, ...problems.map((problem) => `  ${problem}`)].join("\n"),
    );
    this.file = file;
    this.problems = problems;
  }
}
