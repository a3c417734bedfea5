/**
 * Adds bytes to the end of a file, all or none of them.
 *
 * @module
 */

import { type HostFile, seekFrom } from "../../core/host_files.ts";

const NEWLINE = 0x0a;

/**
 * Adds bytes to the end of an open file. If the disk is full, those that were written are removed again, so that the
 * file never ends within a record.
 */
export function appendAll(file: HostFile, bytes: Uint8Array): void {
  const size = file.statSync().isFile ? file.seekSync(0, seekFrom.end) : undefined;
  try {
    for (let written = 0; written < bytes.length;) written += file.writeSync(bytes.subarray(written));
  } catch (error) {
    if (size !== undefined) cut(file, size);
    throw error;
  }
}

function cut(file: HostFile, size: number): void {
  try {
    file.truncateSync(size);
    file.seekSync(size, seekFrom.start);
  } catch {
    // The failed write is reported; readers skip an incomplete record.
  }
}

/** Whether a file, open for reading, ends with an incomplete line. Files that are not on a disk have no end. */
export function endsWithinLine(file: HostFile): boolean {
  const { isFile, size } = file.statSync();
  if (!isFile || size === 0) return false;
  file.seekSync(size - 1, seekFrom.start);
  const last = new Uint8Array(1);
  return file.readSync(last) === 1 && last[0] !== NEWLINE;
}
