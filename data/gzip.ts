/**
 * Files that may be gzipped.
 *
 * @module
 */

import { hostModule } from "../core/host.ts";
import { DataError, messageOf } from "./errors.ts";

/** True for bytes that begin as a gzip stream does (RFC 1952). */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes.length >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * The content of a file: unpacked where it is gzipped, else as it is.
 *
 * @param name What messages call the file.
 * @throws {DataError} if the stream is damaged or cut short.
 */
export async function unpack(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<Uint8Array<ArrayBuffer>> {
  if (!isGzip(bytes)) return bytes;
  try {
    return await gunzip(bytes);
  } catch (cause) {
    throw new DataError(
      `Cannot unpack ${name}: expected a whole gzip stream, got ${bytes.length} bytes that are damaged or cut short (${
        messageOf(cause)
      }); fetch the file again`,
      { cause },
    );
  }
}

/** By the host's own library where it has one, which works beside this thread and is some times faster than streams. */
function gunzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const zlib = hostModule("node:zlib");
  if (!zlib) {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).arrayBuffer().then((content) => new Uint8Array(content));
  }
  return new Promise((resolve, reject) => {
    zlib.gunzip(bytes, { chunkSize: chunkSize(bytes) }, (error, content) => {
      if (error) return reject(error);
      const { buffer, byteOffset, byteLength } = content;
      resolve(buffer instanceof ArrayBuffer ? new Uint8Array(buffer, byteOffset, byteLength) : new Uint8Array(content));
    });
  });
}

/** The least chunk that zlib takes, and what it needs beyond the content to see the end of the stream. */
const SPARE = 64;
/** No stream of this format is longer than so many times its packed form. */
const GREATEST_RATIO = 1032;
const GREATEST_CHUNK = 2 ** 30;

/** Memory for the whole content, whose length modulo 2³² ends the stream, so that it need not be put together from pieces. */
function chunkSize({ buffer, byteOffset, byteLength }: Uint8Array): number {
  const length = byteLength < 4 ? 0 : new DataView(buffer, byteOffset + byteLength - 4).getUint32(0, true);
  return SPARE + Math.min(length, GREATEST_RATIO * byteLength, GREATEST_CHUNK);
}
