/**
 * Bytes that are read in parts, so that a file is checked before much of it is in memory.
 *
 * @module
 */

import { type HostFile, hostFiles, notAFile, seekFrom } from "../../core/host_files.ts";
import { FileError, FileFormatError } from "./errors.ts";
import { describeCause } from "./remedies.ts";

/** Bytes in memory or in a file. Its length is that of when it was opened, even if the file grows. */
export interface ByteSource extends Disposable {
  /** The name in messages. */
  readonly file: string;
  /** The number of bytes. */
  readonly length: number;
  /** The most bytes that it may have, and the most that its content may take in memory. */
  readonly limitBytes: number;
  /** The bytes between two positions, in a buffer that holds nothing else. */
  read(begin: number, end: number): Uint8Array<ArrayBuffer>;
}

/**
 * A source of bytes in memory.
 *
 * @throws {FileFormatError} if there are more than `limitBytes`.
 */
export function memorySource(bytes: Uint8Array, file: string, limitBytes: number): ByteSource {
  checkLength(bytes.length, limitBytes, file);
  return {
    file,
    length: bytes.length,
    limitBytes,
    read: (begin, end) => new Uint8Array(bytes.subarray(begin, end)),
    [Symbol.dispose]: () => {},
  };
}

/**
 * Opens a file.
 *
 * @param limitBytes The longest file that may be read.
 * @throws {FileError} if it does not exist or cannot be read.
 * @throws {FileFormatError} if it is longer.
 */
export function openSource(path: string, limitBytes: number): ByteSource {
  const file = attempt(path, () => {
    const problem = notAFile(path);
    if (problem !== undefined) throw new Error(problem);
    return hostFiles(`read ${path}`).openSync(path);
  });
  try {
    const { size: length, isDirectory } = attempt(path, () => file.statSync());
    if (isDirectory) attempt(path, () => file.readSync(new Uint8Array(1)));
    checkLength(length, limitBytes, path);
    return {
      file: path,
      length,
      limitBytes,
      read: (begin, end) => readFully({ path, file }, begin, end),
      [Symbol.dispose]: () => file.close(),
    };
  } catch (error) {
    file.close();
    throw error;
  }
}

/**
 * Throws if a file is too long.
 *
 * @throws {FileFormatError} that says how to read it nevertheless.
 */
export function checkLength(length: number, limitBytes: number, file: string): void {
  if (length <= limitBytes) return;
  throw new FileFormatError(file, `at most ${limitBytes} bytes (see option limitBytes)`, String(length));
}

/**
 * The whole content of a file that has a longest length.
 *
 * @throws {FileError} if it does not exist or cannot be read.
 * @throws {FileFormatError} if it is longer.
 */
export function readAtMost(path: string, limitBytes: number): Uint8Array<ArrayBuffer> {
  using source = openSource(path, limitBytes);
  return source.read(0, source.length);
}

function readFully(
  { path, file }: { readonly path: string; readonly file: HostFile },
  begin: number,
  end: number,
): Uint8Array<ArrayBuffer> {
  const bytes = allocate(end - begin, path);
  attempt(path, () => file.seekSync(begin, seekFrom.start));
  for (let done = 0; done < bytes.length;) {
    const count = attempt(path, () => file.readSync(bytes.subarray(done)));
    if (count === null) {
      throw new FileFormatError(path, `${end} bytes, as at first`, `${begin + done}: it was changed meanwhile`);
    }
    done += count;
  }
  return bytes;
}

function allocate(length: number, path: string): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(length);
  } catch (cause) {
    throw new FileError("read", path, `there is not enough memory for ${length} bytes of it`, { cause });
  }
}

function attempt<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    throw new FileError("read", path, describeCause(cause, path), { cause });
  }
}
