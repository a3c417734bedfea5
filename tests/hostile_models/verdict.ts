/**
 * Whether an error that a file caused has the form that the project promises.
 *
 * @module
 */

import { FileError, FileFormatError, ResumeError, TensorMismatchError } from "../../model/mod.ts";

/** The longest message of an error about a file, in characters. */
const LONGEST = 1000;

/** Messages of the engine itself, which begin like those of the project. */
const OF_THE_ENGINE =
  /Cannot (?:read properties|set properties|convert|destructure|mix BigInt|assign to|access '|create property|define property)/;

// deno-lint-ignore no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

/** The beginning of messages about functions that files cannot contain, and that the caller must pass again. */
const OWN_FUNCTIONS = "Cannot make the model: its configuration names your own function";

/** What is wrong with an error about a file; undefined if it has the promised form. */
export function wrongIn(error: unknown, file: string): string | undefined {
  const wrong = wrongInAny(error);
  if (wrong !== undefined || !(error instanceof Error)) return wrong;
  if (error.message.includes(file) || error.message.startsWith(OWN_FUNCTIONS)) return undefined;
  return `no name of the file: ${JSON.stringify(error.message.slice(0, 200))}`;
}

/** What is wrong with an error that a file caused, perhaps later; undefined if it has the promised form. */
export function wrongInAny(error: unknown): string | undefined {
  if (!(error instanceof Error)) return `no error, but ${String(error)}`;
  const shown = JSON.stringify(`${error.name}: ${error.message}`.slice(0, 200));
  const ofFiles = [TensorMismatchError, ResumeError, FileError, FileFormatError];
  const isOfFiles = ofFiles.some((kind) => error instanceof kind);
  const isOfOptions = error instanceof TypeError || error instanceof RangeError;
  if (!isOfFiles && !isOfOptions) return `an untyped error: ${shown}`;
  if (!error.message.startsWith("Cannot ") || OF_THE_ENGINE.test(error.message)) return `an untyped error: ${shown}`;
  if (CONTROL.test(error.message)) return `control characters: ${shown}`;
  if (error.message.length > LONGEST) return `${error.message.length} characters: ${shown}`;
  return undefined;
}
