/**
 * Adds bytes to the end of a file, all or none of them.
 *
 * @module
 */

/** `Deno.SeekMode`, which hosts other than Deno lack. */
const [FROM_START, FROM_END] = [0, 2];
const NEWLINE = 0x0a;

/**
 * Adds bytes to the end of an open file. If the disk is full, those that were written are removed again, so that the
 * file never ends within a record.
 */
export function appendAll(file: Deno.FsFile, bytes: Uint8Array): void {
  const size = file.statSync().isFile ? file.seekSync(0, FROM_END) : undefined;
  try {
    for (let written = 0; written < bytes.length;) written += file.writeSync(bytes.subarray(written));
  } catch (error) {
    if (size !== undefined) cut(file, size);
    throw error;
  }
}

function cut(file: Deno.FsFile, size: number): void {
  try {
    file.truncateSync(size);
    file.seekSync(size, FROM_START);
  } catch {
    // The failed write is reported; readers skip an incomplete record.
  }
}

/** Whether a file, open for reading, ends with an incomplete line. Files that are not on a disk have no end. */
export function endsWithinLine(file: Deno.FsFile): boolean {
  const { isFile, size } = file.statSync();
  if (!isFile || size === 0) return false;
  file.seekSync(size - 1, FROM_START);
  const last = new Uint8Array(1);
  return file.readSync(last) === 1 && last[0] !== NEWLINE;
}
