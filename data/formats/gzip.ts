/**
 * Files that may be gzipped.
 *
 * @module
 */

import { hostModule } from "../../core/host.ts";
import { damagedIfThrows, inflate } from "./inflate.ts";
import { DEFAULT_LIMIT } from "./limits.ts";

/** Whether bytes start like a gzip stream (RFC 1952). */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Flags of the header of a gzip stream: the fields that follow it. */
const flags = { checksum: 2, extra: 4, name: 8, comment: 16 } as const;

/** The bytes of the fixed fields of a header. */
const FIXED_BYTES = 10;

/** The length of the header of a gzip stream; undefined if it does not end within these bytes. */
export function gzipHeaderBytes(start: Uint8Array): number | undefined {
  let end = FIXED_BYTES;
  if (start[3] & flags.extra) end += 2 + (start[end] | start[end + 1] << 8);
  for (const field of [flags.name, flags.comment]) {
    if ((start[3] & field) === 0) continue;
    const zero = start.indexOf(0, end);
    if (zero < 0) return undefined;
    end = zero + 1;
  }
  if (start[3] & flags.checksum) end += 2;
  return end < start.length ? end : undefined;
}

/**
 * The content of a file without a header that promises its length, unpacked if it is gzipped.
 *
 * @param name The name of the file in messages.
 * @param most The most bytes that the content may have.
 * @throws {DataError} if the stream is damaged or cut short, or has more bytes.
 */
export async function unpack(
  bytes: Uint8Array<ArrayBuffer>,
  name: string,
  most: number = DEFAULT_LIMIT,
): Promise<Uint8Array<ArrayBuffer>> {
  if (!isGzip(bytes)) return bytes;
  return await damagedIfThrows(() => inflate(bytes, "gzip", { most, name }), { name, packed: bytes.length });
}

/** Compresses bytes. */
export function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const zlib = hostModule("node:zlib");
  if (!zlib) {
    const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
    return new Response(stream).arrayBuffer().then((content) => new Uint8Array(content));
  }
  return new Promise((resolve, reject) => {
    zlib.gzip(bytes, (error, content) => error ? reject(error) : resolve(new Uint8Array(content)));
  });
}
