/**
 * The journal of a search: rows are written to disk as soon as they are known, so that a search can be resumed where it
 * was stopped.
 *
 * @module
 */

import { canLock, type HostFile, hostFiles, pathOf, seekFrom } from "../../core/host_files.ts";
import { reasonOf } from "../../core/permission.ts";
import { readAtMost } from "../files/byte_source.ts";
import { FileError, FileFormatError } from "../files/errors.ts";
import { differences } from "../files/differences.ts";
import { writeAtomically } from "../files/atomic.ts";
import { abandoned, closeUnlocked, isSame } from "../files/lease.ts";
import { dirname } from "../files/paths.ts";
import type { Definition } from "./definition.ts";
import { headerLine, type JournalContent, readJournalText, rowLine } from "./journal_text.ts";
import type { SearchRow } from "./row.ts";

/** What to do in a browser. */
const NO_JOURNALS = "search without a journal, and keep the rows of the result";

/** The longest journal in bytes; strings of some hosts cannot be much longer. */
const LONGEST = 2 ** 28;

/** An open journal file, and its content. */
interface OpenJournal extends Pick<JournalContent, "rows" | "bytes"> {
  readonly path: string;
  readonly file: HostFile;
}

/** A journal to which rows are added. Only one process can use it at a time. */
export class Journal implements Disposable {
  /** The path of the file. */
  readonly path: string;
  /** The rows that it had when it was opened. */
  readonly rows: readonly SearchRow[];
  readonly #file: HostFile;
  #bytes: number;

  private constructor({ path, file, rows, bytes }: OpenJournal) {
    this.path = path;
    this.rows = rows;
    this.#file = file;
    this.#bytes = bytes;
  }

  /**
   * Opens a journal, or creates it if it does not exist. An incomplete last line is removed.
   *
   * Needs `--allow-read` and `--allow-write` for the file and its folder.
   *
   * @throws {FileError} if it cannot be read or written, or another process is using it.
   * @throws {FileFormatError} if it is not a journal, is damaged, or belongs to another search; the differences are
   * listed.
   */
  static open(at: string | URL, definition: Definition): Journal {
    const path = pathOf(at, NO_JOURNALS);
    const file = openLocked(path);
    try {
      const head = headerLine(definition);
      const content = readAtMost(path, LONGEST);
      // An incomplete header can be overwritten; any other text must be kept.
      const isNew = isBeginning(content, new TextEncoder().encode(head));
      const { rows, bytes } = isNew ? { rows: [], bytes: 0 } : checkedContent(content, path, definition);
      const journal = new Journal({ path, file, rows, bytes });
      abandoned.register(journal, () => closeUnlocked(file), file);
      journal.#cut();
      if (isNew) {
        journal.#write(head);
        syncFolder(path);
      }
      return journal;
    } catch (error) {
      abandoned.unregister(file);
      closeUnlocked(file);
      throw error;
    }
  }

  /**
   * Adds a row, and writes it to disk.
   *
   * @throws {FileError} if the disk is full or damaged; the journal is unchanged.
   */
  append(row: SearchRow): void {
    this.#write(rowLine(row));
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    abandoned.unregister(this.#file);
    closeUnlocked(this.#file);
  }

  #write(line: string): void {
    const bytes = new TextEncoder().encode(line);
    try {
      for (let written = 0; written < bytes.length;) written += this.#file.writeSync(bytes.subarray(written));
      this.#file.syncSync();
      this.#bytes += bytes.length;
    } catch (cause) {
      this.#cut();
      throw failure(this.path, `${reasonOf(cause)}; earlier rows are kept: free some space, and search again`, cause);
    }
  }

  /** Removes an incomplete line. */
  #cut(): void {
    try {
      this.#file.truncateSync(this.#bytes);
      this.#file.seekSync(this.#bytes, seekFrom.start);
    } catch (cause) {
      throw failure(this.path, reasonOf(cause), cause);
    }
  }
}

/**
 * Reads a journal without changing it.
 *
 * @throws {FileError} if it cannot be read.
 * @throws {FileFormatError} if it is not a journal, or is damaged.
 */
export function readJournal(path: string | URL): JournalContent {
  const file = pathOf(path, NO_JOURNALS);
  return readJournalText(readAtMost(file, LONGEST), file);
}

/**
 * Replaces a journal, or creates it.
 *
 * @throws {FileError} if it cannot be written, or a search is using it: its later rows would be lost.
 */
export function replaceJournal(
  at: string | URL,
  { definition, rows }: Pick<JournalContent, "definition" | "rows">,
): void {
  const path = pathOf(at, NO_JOURNALS);
  const content = [headerLine(definition), ...rows.map(rowLine)].map((line) => new TextEncoder().encode(line));
  const held = exists(path) ? openLocked(path) : undefined;
  try {
    writeAtomically(path, content);
  } finally {
    if (held) closeUnlocked(held);
  }
}

/** Whether there is a file; if that cannot be found out, writing says why. */
function exists(path: string): boolean {
  try {
    return hostFiles(`find ${path}`).statSync(path).isFile;
  } catch {
    return false;
  }
}

function openLocked(path: string): HostFile {
  let file: HostFile | undefined;
  try {
    file = hostFiles(`open the journal ${path}`).openSync(path, { read: true, write: true, create: true });
    // If another process has just replaced the journal, this is no longer the file of the path.
    if (!canLock() || file.tryLockSync(true) && isSame(file, path)) return file;
  } catch (cause) {
    file?.close();
    const folder = dirname(path);
    throw failure(
      path,
      `${reasonOf(cause)}; check the folder ${folder}; a journal needs --allow-read=${folder} --allow-write=${folder}`,
      cause,
    );
  }
  file.close();
  throw failure(path, "another process is using it; wait until it ends, or give each search its own journal");
}

/** Whether a text is the beginning of another one, but not all of it; it may be empty. */
function isBeginning(part: Uint8Array, whole: Uint8Array): boolean {
  return part.length < whole.length && part.every((byte, i) => byte === whole[i]);
}

function checkedContent(content: Uint8Array, path: string, definition: Definition): JournalContent {
  const found = readJournalText(content, path);
  const different = differences(definition, found.definition);
  if (different.length === 0) return found;
  throw new FileFormatError(
    path,
    "the journal of this search",
    "that of another search; use another file, or undo the change",
    { details: different },
  );
}

/** Syncs the name of a new file to disk, if the system can. */
function syncFolder(path: string): void {
  try {
    using folder = hostFiles(`open ${path}`).openSync(dirname(path));
    folder.syncSync();
  } catch {
    // Windows cannot open folders; there, names are synced with the file.
  }
}

function failure(path: string, remedy: string, cause?: unknown): FileError {
  return new FileError("write", path, remedy, { cause });
}
