/**
 * Memory that is returned to the system before the engine collects garbage.
 *
 * @module
 */

import { hostModule } from "../../core/host.ts";

/** Shorter memory is not worth pages of its own. */
const LEAST_BYTES = 2 ** 20;

/**
 * Memory for bytes that are soon passed to {@linkcode freeBytes}. Long memory has pages of its own, because the C library
 * would keep as much in reserve as is freed at once. Streams of the web refuse such pages, so hosts that unpack with
 * streams get ordinary memory.
 */
export function briefMemory(bytes: number): Uint8Array<ArrayBuffer> {
  if (bytes < LEAST_BYTES || hostModule("node:zlib") === undefined) return new Uint8Array(bytes);
  // Engines reserve the pages of a buffer that can be resized, and those that cannot resize ignore the option.
  return new Uint8Array(new ArrayBuffer(bytes, { maxByteLength: bytes }), 0, bytes);
}

/**
 * Returns the memory of bytes at once, which cannot be read afterwards. The engine would do it at one of its next
 * collections, when a training has taken its memory already. Engines that can do neither keep it until then.
 */
export function freeBytes({ buffer }: Uint8Array<ArrayBuffer>): void {
  if (buffer.resizable) buffer.resize(0);
  else if ("transfer" in buffer) buffer.transfer(0);
}
