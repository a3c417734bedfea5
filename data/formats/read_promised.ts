/**
 * Files that begin with a header that promises their length. It is read first, and no more than it promises afterwards.
 *
 * @module
 */

import { DataError } from "../errors.ts";
import type { ByteSource } from "./byte_source.ts";
import { freeBytes } from "./brief_memory.ts";
import { gzipHeaderBytes, isGzip } from "./gzip.ts";
import { damagedIfThrows, firstBytes, inflate } from "./inflate.ts";
import { checkLimit, checkPacked, limitOf, MOST_HEADER_BYTES, mostPacked } from "./limits.ts";

/** How a format promises the length of a file. */
export interface PromisingFormat {
  /** The bytes of the header, as far as the given first ones show; more may be needed then. */
  headerBytes(start: DataView): number;
  /**
   * The bytes of the whole file.
   *
   * @throws {DataError} if there is no valid header.
   */
  promised(start: DataView, name: string): number;
  /** The shape that the header promises, for messages. */
  describe(start: DataView, name: string): string;
  /** Whether files may be gzipped. */
  readonly gzipped: boolean;
}

/** The promise of a header. */
export interface Promised {
  /** The bytes of the whole file. */
  readonly bytes: number;
  /** The shape in words, for messages. */
  readonly words: string;
}

/** Enough of a gzip stream for its own header, unless that is long, and for the header of its content. */
const PACKED_START = 2 ** 16;

/**
 * The content of a file, unpacked if it is gzipped, in memory of its own. It has as many bytes as its header promises.
 *
 * @throws {DataError} if it has no valid header, more bytes than allowed, or more or fewer than promised.
 */
export async function readPromised(
  source: ByteSource,
  format: PromisingFormat,
  limitBytes?: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const limit = limitOf(limitBytes, source.size);
  if (format.gzipped && isGzip(await source.read(0, 2))) return await readPacked(source, format, limit);
  const { bytes, words } = await promiseOf((count) => source.read(0, count), format, source.name);
  checkLimit(bytes, limit, source.name);
  checkLength(await source.lengthUpTo(bytes), { bytes, words }, source.name);
  const content = await source.read(0, bytes);
  checkLength(content.length, { bytes, words }, source.name);
  return content;
}

async function readPacked(
  source: ByteSource,
  format: PromisingFormat,
  limit: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const { name } = source;
  const start = await packedStart(source);
  const { bytes, words } = await damagedIfThrows(
    () => promiseOf((count) => firstBytes(start, "deflate-raw", count), format, name),
    { name, packed: start.length },
  );
  checkLimit(bytes, limit, name);
  const packed = await source.lengthUpTo(mostPacked(bytes));
  checkPacked(packed, bytes, name);
  const content = await damagedIfThrows(
    async () => {
      const stream = await source.read(0, packed, "brief");
      const unpacked = await inflate(stream, "gzip", { most: bytes, name });
      freeBytes(stream);
      return unpacked;
    },
    { name, packed },
  );
  checkLength(content.length, { bytes, words }, name);
  return content;
}

/**
 * The first bytes behind the header of a gzip stream, which may have an extra field, a name and a comment.
 *
 * @throws {DataError} if the header is not whole, or too long.
 */
async function packedStart(source: ByteSource): Promise<Uint8Array<ArrayBuffer>> {
  for (const most of [PACKED_START, PACKED_START + MOST_HEADER_BYTES]) {
    const bytes = await source.read(0, most);
    const begin = gzipHeaderBytes(bytes);
    if (begin !== undefined) return bytes.subarray(begin);
    if (bytes.length < most) break;
  }
  throw new DataError(
    `Cannot unpack ${source.name}: expected a gzip header of at most ${MOST_HEADER_BYTES} bytes, got one that is longer ` +
      "or cut short; fetch the file again",
  );
}

/**
 * Reads the header, which may take several attempts.
 *
 * @param read Returns this many of the first bytes, fewer if there are fewer.
 * @throws {DataError} if there is no valid header.
 */
export async function promiseOf(
  read: (count: number) => Promise<Uint8Array<ArrayBuffer>>,
  format: PromisingFormat,
  name: string,
): Promise<Promised> {
  let start: DataView = new DataView(new ArrayBuffer(0));
  for (;;) {
    const count = format.headerBytes(start);
    if (count <= start.byteLength) break;
    const { buffer, byteOffset, byteLength } = await read(count);
    const isAll = byteLength < count;
    start = new DataView(buffer, byteOffset, byteLength);
    if (isAll) break;
  }
  return { bytes: format.promised(start, name), words: format.describe(start, name) };
}

/**
 * Throws unless a file has the promised length.
 *
 * @throws {DataError} that says what is wrong.
 */
export function checkLength(length: number, { bytes, words }: Promised, name: string): void {
  if (length === bytes) return;
  const fault = length < bytes ? "it is cut short" : "bytes follow its end";
  throw new DataError(`Cannot read ${name}: expected ${bytes} bytes for ${words}, got ${length}; ${fault}`);
}
