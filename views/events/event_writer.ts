/**
 * Files that grow while a training runs.
 *
 * @module
 */

import { pathOf } from "../../model/files/atomic.ts";
import { FileError } from "../../model/files/errors.ts";
import type { TrainingEvent } from "../../model/training/events.ts";
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

/** Events after which everything written so far is flushed to disk. */
const flushing: ReadonlySet<TrainingEvent["event"]> = new Set(["start", "pretraining", "epoch", "end"]);

/**
 * Makes a writer that creates a file or appends to it. The bytes of an event are written at once, so if the process is
 * killed, the file can be read up to the last complete record.
 *
 * @throws {FileError} if the file cannot be opened.
 */
export function eventWriter(path: string | URL, format: EventFormat, { append }: { append: boolean }): EventWriter {
  const file = pathOf(path);
  const opened = attempt(file, () => Deno.openSync(file, { write: true, create: true, append, truncate: !append }));
  return new Writer(file, opened, format);
}

class Writer implements EventWriter {
  #open: Deno.FsFile | undefined;

  constructor(readonly file: string, open: Deno.FsFile, readonly format: EventFormat) {
    this.#open = open;
    this.#append([format.head]);
  }

  readonly write = (event: TrainingEvent): void => {
    this.#append(this.format.encode(event));
    if (this.#open && flushing.has(event.event)) attempt(this.file, () => this.#open?.syncDataSync());
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
    attempt(this.file, () => {
      for (let written = 0; written < bytes.length;) written += open.writeSync(bytes.subarray(written));
    });
  }
}

/** Runs an action on a file, and names the file if it fails. */
function attempt<T>(file: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    if (cause instanceof FileError) throw cause;
    throw new FileError("write", file, cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
