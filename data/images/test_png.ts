/**
 * PNG files for tests.
 *
 * @module
 */

import { deflateSync } from "node:zlib";
import { crc32 } from "../checksums.ts";

/** A part of a PNG file. */
export type PngChunk = readonly [type: string, content: Uint8Array];

/** What the header of a PNG file says. */
export interface PngFacts {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly color: number;
  readonly isInterlaced?: boolean;
}

/** The header of a PNG file. */
export function headerChunk({ width, height, depth, color, isInterlaced = false }: PngFacts): PngChunk {
  const content = new Uint8Array(13);
  new DataView(content.buffer).setUint32(0, width);
  new DataView(content.buffer).setUint32(4, height);
  content.set([depth, color, 0, 0, Number(isInterlaced)], 8);
  return ["IHDR", content];
}

/** The pixels of a PNG file: rows, each after the number of its filter. */
export function pixelChunk(content: Uint8Array): PngChunk {
  return ["IDAT", deflateSync(content)];
}

/** A PNG file of some parts, without the last one. */
export function pngOf(chunks: readonly PngChunk[]): Uint8Array<ArrayBuffer> {
  const parts = [...chunks, ["IEND", new Uint8Array(0)] as const].map(([type, content]) => {
    const part = new Uint8Array(12 + content.length);
    const view = new DataView(part.buffer);
    view.setUint32(0, content.length);
    part.set(new TextEncoder().encode(type), 4);
    part.set(content, 8);
    view.setUint32(8 + content.length, crc32(part.subarray(4, 8 + content.length)));
    return part;
  });
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 8));
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  let at = 8;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
