/**
 * Files that may be gzipped.
 *
 * @module
 */

import { hostModule } from "../../core/host.ts";
import { DataError, messageOf } from "../errors.ts";

/** Whether bytes start like a gzip stream (RFC 1952). */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes.length >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * The content of a file, unpacked if it is gzipped.
 *
 * @param name The name of the file in messages.
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

/**
 * Uses the host's own library if there is one, which works in another thread and is several times faster than streams.
 */
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

/** The smallest chunk that zlib accepts; it needs as much after the content to see the end of the stream. */
const SPARE = 64;
/** No stream of this format is longer than this many times its packed form. */
const GREATEST_RATIO = 1032;
const GREATEST_CHUNK = 2 ** 30;

/** Memory for the whole content, whose length modulo 2³² ends the stream, so it need not be joined from pieces. */
function chunkSize({ buffer, byteOffset, byteLength }: Uint8Array): number {
  const length = byteLength < 4 ? 0 : new DataView(buffer, byteOffset + byteLength - 4).getUint32(0, true);
  return SPARE + Math.min(length, GREATEST_RATIO * byteLength, GREATEST_CHUNK);
}
