/**
 * The output of a program.
 *
 * @module
 */

import { denoColumns, type DenoStream, writeText } from "../model/progress/standard_error.ts";

/** Two streams: results, and everything else. */
export interface Output {
  /** Writes a line of the result. */
  result(line: string): void;
  /** Writes messages and progress. */
  note(text: string): void;
  /** The width of the terminal of notes, in columns; `undefined` if there is no terminal. */
  columns(): number | undefined;
  /** The width of the terminal of results, in columns; `undefined` if there is no terminal. */
  resultColumns?(): number | undefined;
}

/** The output of a process. */
export interface ProcessOutput extends Output {
  /** Why results could not be written; undefined if all were, or the program that read them has ended. */
  readonly failure: Error | undefined;
}

/**
 * The standard output and the standard error of this process, or other streams. What cannot be written, because a disk is
 * full or the program that reads it has ended, is left out: the work is worth more than its output.
 */
export function processOutput(results: DenoStream = Deno.stdout, notes: DenoStream = Deno.stderr): ProcessOutput {
  let failure: Error | undefined;
  let isBroken = false;
  const note = (text: string): void => void attempt(() => writeText(notes, text));
  return {
    get failure() {
      return failure;
    },
    result: (line) => {
      const error = attempt(() => writeText(results, `${line}\n`));
      if (!error || isBroken) return;
      isBroken = true;
      if (error instanceof Deno.errors.BrokenPipe) return;
      failure = error;
      note(`Cannot write to standard output: ${error.message}; the rest is left out\n`);
    },
    note,
    columns: () => denoColumns(notes),
    resultColumns: () => denoColumns(results),
  };
}

function attempt(action: () => void): Error | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
