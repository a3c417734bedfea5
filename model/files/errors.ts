/**
 * What can go wrong with files, in the classes where callers may want to act differently.
 *
 * @module
 */

/** What was done to a file when it failed. */
export type FileAction = "read" | "write";

/** A file cannot be read or written: it is missing, not permitted, the disk is full or damaged. */
export class FileError extends Error {
  /** What stack traces call it. */
  override readonly name: string = "FileError";
  /** The file. */
  readonly path: string;
  /** What was tried. */
  readonly action: FileAction;

  /**
   * The error of one file.
   *
   * @param remedy What came, what state the file is in, and how to mend it.
   */
  constructor(action: FileAction, path: string, remedy: string, options?: ErrorOptions) {
    super(`Cannot ${action} ${path}: ${remedy}`, options);
    this.path = path;
    this.action = action;
  }
}

/** A file does not hold what it should: it is damaged, cut short, of another kind, or of a later version. */
export class FileFormatError extends Error {
  /** What stack traces call it. */
  override readonly name = "FileFormatError";
  /** The file. */
  readonly file: string;
  /** What should have been there. */
  readonly expected: string;
  /** What was there. */
  readonly got: string;

  /** The error of one file. */
  constructor(file: string, expected: string, got: string, options?: ErrorOptions) {
    super(`Cannot read ${file}: expected ${expected}, got ${got}`, options);
    this.file = file;
    this.expected = expected;
    this.got = got;
  }
}

/** The tensors of a file do not fit the network they should be loaded into. */
export class TensorMismatchError extends Error {
  /** What stack traces call it. */
  override readonly name = "TensorMismatchError";
  /** The file. */
  readonly file: string;
  /** Everything that does not fit, one line each. */
  readonly problems: readonly string[];

  /** The error of one file. */
  constructor(file: string, problems: readonly string[]) {
    super([`Cannot load ${file} (nothing was changed):`, ...problems.map((problem) => `  ${problem}`)].join("\n"));
    this.file = file;
    this.problems = problems;
  }
}

/** A saved training does not belong to the model that should go on with it. */
export class ResumeError extends Error {
  /** What stack traces call it. */
  override readonly name = "ResumeError";
  /** The file. */
  readonly file: string;
  /** Everything that differs, one line each. */
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
