/**
 * Files of tar archives (POSIX.1-1988, "ustar"), the format of npm packages.
 *
 * @module
 */

import { DataError } from "../errors.ts";

/** Archives consist of blocks of this size: a header, then the content of the file. */
const BLOCK = 512;

/** Where the fields of a header are. */
const fields = { name: [0, 100], size: [124, 12], type: [156, 1], magic: [257, 5], prefix: [345, 155] } as const;

const text = new TextDecoder();

/**
 * The files of an archive by their paths. They share the memory of the archive.
 *
 * @param name The name of the archive in messages.
 * @throws {DataError} if it is not a tar archive, or is cut short.
 */
export function readTar(bytes: Uint8Array<ArrayBuffer>, name: string): Map<string, Uint8Array<ArrayBuffer>> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (let at = 0; at + BLOCK <= bytes.length;) {
    const header = bytes.subarray(at, at + BLOCK);
    if (header[0] === 0) break; // blocks of zeros end the archive
    const [, digits] = /^ *([0-7]+) *$/.exec(field(header, "size")) ?? [];
    const size = parseInt(digits, 8);
    if (field(header, "magic") !== "ustar" || Number.isNaN(size)) {
      throw new DataError(`Cannot read ${name}: expected a tar archive, got an invalid header at byte ${at}`);
    }
    const begin = at + BLOCK;
    if (begin + size > bytes.length) {
      throw new DataError(`Cannot read ${name}: expected ${begin + size} bytes, got ${bytes.length}; it is cut short`);
    }
    const isFile = ["", "0"].includes(field(header, "type"));
    if (isFile) files.set(pathIn(header), bytes.subarray(begin, begin + size));
    at = begin + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}

function pathIn(header: Uint8Array): string {
  return [field(header, "prefix"), field(header, "name")].filter((part) => part !== "").join("/");
}

/** A field of a header up to the zero that ends it. */
function field(header: Uint8Array, name: keyof typeof fields): string {
  const [begin, length] = fields[name];
  const [value] = text.decode(header.subarray(begin, begin + length)).split("\0", 1);
  return value;
}
