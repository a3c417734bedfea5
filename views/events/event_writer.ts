/**
 * Files that grow while a training runs.
 *
 * @module
 */

import { type HostFile, hostFiles, pathOf } from "../../core/host_files.ts";
import { callable } from "../../core/options/values.ts";
import { FileError } from "../../model/files/errors.ts";
import { describeCause } from "../../model/files/remedies.ts";
import type { TrainingEvent } from "../../model/training/events.ts";
import { appendAll } from "./append.ts";
import { joinBytes } from "./bytes.ts";

/** Writes the events of a training to a file. Disposing it closes the file. */
export interface EventWriter extends Disposable {
  /** The path of the file. */
  readonly file: string;
  /** Writes an event; pass it to `train` as `onEvent`. */
  readonly write: (event: TrainingEvent) => void;
  /** Writes the rest and closes the file; a second call does nothing. */
  close(): void;
}

/** Converts events to the bytes of a file. */
export interface EventFormat {
  /** The bytes at the beginning of a file. */
  readonly head: Uint8Array;
  /** Returns the bytes of an event; none for most. */
  readonly encode: (event: TrainingEvent) => readonly Uint8Array[];
}

/** What to do in a browser. */
export const NO_EVENTS = "pass your own `onEvent`, which keeps the records that `jsonRecord` makes of events";

/** Events after which everything written so far is flushed to disk. */
const flushing: ReadonlySet<TrainingEvent["event"]> = new Set(["start", "pretraining", "epoch", "end"]);

/** The option of all writers that says what happens to events that cannot be written. */
export const failureOption = callable<(error: FileError) => void>({
  otherwise: "a warning on the console",
  help: "called at the first event that cannot be written",
});

/** How to open a file of events, and what to do about events that cannot be written. */
interface OpenOptions {
  readonly append: boolean;
  /** Default: a warning on the console. */
  readonly onFailure?: (error: FileError) => void;
}

/**
 * Makes a writer that creates a file or appends to it. The bytes of an event are written at once, so if the process is
 * killed, the file can be read up to the last complete record. An event that cannot be written is left out, because
 * the training is worth more than its events.
 *
 * @throws {FileError} if the file cannot be opened.
 */
export function eventWriter(
  path: string | URL,
  format: EventFormat,
  { append, onFailure = warn }: OpenOptions,
): EventWriter {
  const file = pathOf(path, NO_EVENTS);
  const files = hostFiles(`write events to ${file}`);
  const opened = attempt(file, () => files.openSync(file, { write: true, create: true, append, truncate: !append }));
  return new Writer(file, opened, { format, onFailure });
}

function warn({ message }: FileError): void {
  console.warn(message);
}

/** What a writer needs in addition to its file. */
interface WriterOptions extends Required<Pick<OpenOptions, "onFailure">> {
  readonly format: EventFormat;
}

class Writer implements EventWriter {
  #open: HostFile | undefined;
  #failed = false;

  constructor(readonly file: string, open: HostFile, readonly options: WriterOptions) {
    this.#open = open;
    this.#append([options.format.head]);
  }

  readonly write = (event: TrainingEvent): void => {
    this.#append(this.options.format.encode(event));
    const open = this.#open;
    if (open && flushing.has(event.event)) this.#try(() => open.syncDataSync());
  };

  close(): void {
    this.#open?.close();
    this.#open = undefined;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #append(parts: readonly Uint8Array[]): void {
    const bytes = joinBytes(parts);
    const open = this.#open;
    if (bytes.length === 0) return;
    if (!open) throw new FileError("write", this.file, "it was closed; make a new writer");
    this.#try(() => appendAll(open, bytes));
  }

  /** Runs an action, and reports the first failure of any. */
  #try(action: () => void): void {
    try {
      action();
    } catch (cause) {
      if (!this.#failed) this.options.onFailure(unwritten(this.file, cause));
      this.#failed = true;
    }
  }
}

/** The error of events that cannot be written. */
export function unwritten(file: string, cause: unknown): FileError {
  const reason = describeCause(cause, file);
  return new FileError("write", file, `${reason}; training continues, but events are missing from this file`, {
    cause,
  });
}

/** Runs an action on a file, and names the file if it fails. */
function attempt<T>(file: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    throw new FileError("write", file, describeCause(cause, file), { cause });
  }
}
