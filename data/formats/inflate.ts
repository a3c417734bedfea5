/**
 * Deflate streams that are unpacked up to a bound: a stream of a megabyte may hold a gigabyte.
 *
 * @module
 */

import { hostModule } from "../../core/host.ts";
import { DataError, messageOf } from "../errors.ts";
import { allocate, GREATEST_RATIO } from "./limits.ts";

/** The wrappings of deflate streams. */
export type Wrapping = "gzip" | "deflate" | "deflate-raw";

/** Thrown if a stream holds more than it may. */
export class OverflowError extends Error {
  /** The name in stack traces. */
  override readonly name = "OverflowError";
}

/** Bytes that are passed to a decompressor at a time: at most 4 MiB come out of them. */
const PIECE_BYTES = 2 ** 12;

/** Bytes that zlib needs after the content to see the end of the stream. */
const SPARE = 64;

/** The least memory that is taken at once, even if the stream says that its content is shorter. */
const LEAST_CHUNK = 2 ** 20;

/** The functions of zlib, which is several times faster than streams and starts sooner. */
const functions = { "gzip": "gunzip", "deflate": "inflate", "deflate-raw": "inflateRaw" } as const;

/**
 * The first bytes of the content of a stream, which may itself be cut; fewer if the content has fewer.
 *
 * @throws {Error} if the stream is damaged or cut short before.
 */
export async function firstBytes(
  packed: Uint8Array<ArrayBuffer>,
  wrapping: Wrapping,
  count: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const zlib = hostModule("node:zlib");
  if (zlib) {
    const unpackNow = zlib[`${functions[wrapping]}Sync`];
    const options = { finishFlush: zlib.constants.Z_SYNC_FLUSH }; // the end may be missing
    for (let taken = PIECE_BYTES;; taken *= 2) {
      const content = unpackNow(packed.subarray(0, taken), options);
      if (content.length >= count) return Uint8Array.from(content.subarray(0, count));
      // Without that option, this throws if the stream is cut short.
      if (taken >= packed.length) return Uint8Array.from(unpackNow(packed));
    }
  }
  const start = new Uint8Array(count);
  let length = 0;
  for await (const chunk of unpacked(packed, wrapping)) {
    const part = chunk.subarray(0, count - length);
    start.set(part, length);
    length += part.length;
    if (length === count) break;
  }
  return start.subarray(0, length);
}

/**
 * The content of a stream.
 *
 * @param most The most bytes that it may have.
 * @throws {OverflowError} if it has more, as soon as this is known.
 * @throws {Error} if the stream is damaged or cut short.
 */
export function inflate(
  packed: Uint8Array<ArrayBuffer>,
  wrapping: Wrapping,
  { most, name }: { readonly most: number; readonly name: string },
): Promise<Uint8Array<ArrayBuffer>> {
  const zlib = hostModule("node:zlib");
  if (!zlib) return inflateInPieces(packed, wrapping, { most, name });
  return new Promise((resolve, reject) => {
    // With memory for the whole content, it need not be joined from pieces.
    const length = Math.min(most, GREATEST_RATIO * packed.length, Math.max(LEAST_CHUNK, hintOf(packed, wrapping)));
    const options = { chunkSize: SPARE + length, maxOutputLength: SPARE + most };
    zlib[functions[wrapping]](packed, options, (error, content) => {
      if (error) return reject("code" in error && error.code === "ERR_BUFFER_TOO_LARGE" ? overflow(most) : error);
      const { buffer, byteOffset, byteLength } = content;
      if (byteLength > most) return reject(overflow(most));
      resolve(buffer instanceof ArrayBuffer ? new Uint8Array(buffer, byteOffset, byteLength) : new Uint8Array(content));
    });
  });
}

/** The length of the content modulo 2³², which ends a gzip stream: how much memory to take at first. */
function hintOf({ buffer, byteOffset, byteLength }: Uint8Array, wrapping: Wrapping): number {
  if (wrapping !== "gzip") return Infinity;
  return byteLength < 4 ? 0 : new DataView(buffer, byteOffset + byteLength - 4).getUint32(0, true);
}

/** Does the same as {@linkcode inflate}, with streams, for browsers. */
async function inflateInPieces(
  packed: Uint8Array<ArrayBuffer>,
  wrapping: Wrapping,
  { most, name }: { readonly most: number; readonly name: string },
): Promise<Uint8Array<ArrayBuffer>> {
  const content = allocate(most, name);
  let length = 0;
  for await (const chunk of unpacked(packed, wrapping)) {
    if (length + chunk.length > most) throw overflow(most);
    content.set(chunk, length);
    length += chunk.length;
  }
  return content.subarray(0, length);
}

/** The content in pieces. A consumer that stops early ends the stream. */
async function* unpacked(packed: Uint8Array<ArrayBuffer>, wrapping: Wrapping): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let at = 0;
  const pieces = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      if (at >= packed.length) return controller.close();
      controller.enqueue(packed.subarray(at, at += PIECE_BYTES));
    },
  }, { highWaterMark: 0 });
  const reader = pieces.pipeThrough(new DecompressionStream(wrapping)).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {}); // a damaged stream has ended already
  }
}

function overflow(most: number): OverflowError {
  return new OverflowError(`expected at most ${most} bytes, got more`);
}

/** Runs a task, and makes its errors those of a damaged stream. */
export async function damagedIfThrows<T>(
  task: () => Promise<T>,
  { name, packed }: { readonly name: string; readonly packed: number },
): Promise<T> {
  try {
    return await task();
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    if (cause instanceof OverflowError) {
      throw new DataError(`Cannot unpack ${name}: ${cause.message}; it has more than its header promises`, { cause });
    }
    throw new DataError(
      `Cannot unpack ${name}: expected a whole gzip stream, got ${packed} bytes that are damaged or cut short (${
        messageOf(cause)
      }); fetch the file again`,
      { cause },
    );
  }
}
