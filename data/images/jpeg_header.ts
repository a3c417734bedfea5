/**
 * Reads what a JPEG file says about itself, without decoding it.
 *
 * @see {@link https://www.w3.org/Graphics/JPEG/itu-t81.pdf | ITU-T T.81}, Annex B
 *
 * @module
 */

import { exifOrientation } from "./orientation.ts";

/** What a JPEG file says about itself. */
export interface JpegHeader {
  readonly width: number;
  readonly height: number;
  /** Values of a pixel: 1, 3 or 4. */
  readonly channels: number;
  /** Bytes of the decoded picture. */
  readonly bytes: number;
}

/** What all parts of a JPEG file say. */
export interface JpegParts extends JpegHeader {
  /** How the camera was held, 1 to 8. */
  readonly orientation: number;
}

/** Each scan of a progressive picture visits all of its pixels; usual ones have about ten. */
const MOST_SCANS = 100;

/** A block of 64 pixels takes at least one bit, even if all pixels are alike. */
const MOST_PIXELS_PER_BYTE = 512;

/** Kinds of frames that the decoder knows: baseline, extended and progressive, with Huffman codes. */
const knownFrames: ReadonlySet<number> = new Set([0xc0, 0xc1, 0xc2]);

const START = 0xd8;
const END = 0xd9;
const SCAN = 0xda;
const APPLICATION_1 = 0xe1;
const EXIF = [0x45, 0x78, 0x69, 0x66, 0, 0];

/** Whether bytes start like a JPEG file. */
export function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === START && bytes[2] === 0xff;
}

/** A part of a file: its marker, and where its content is. */
interface Segment {
  readonly marker: number;
  readonly begin: number;
  readonly end: number;
}

/**
 * The segments up to the end marker, without scan data.
 *
 * @throws {RangeError} if they end before.
 */
function* segmentsOf(bytes: Uint8Array): Generator<Segment> {
  let at = 2;
  for (;;) {
    while (at < bytes.length && bytes[at] !== 0xff) at++; // scan data, or bytes that decoders skip
    while (bytes[at] === 0xff) at++;
    const marker = bytes[at++];
    if (marker === 0 || marker === 1 || marker >= 0xd0 && marker <= START) continue; // no segment
    if (marker === END) return yield { marker, begin: at, end: at };
    const length = bytes[at] << 8 | bytes[at + 1];
    if (at + 2 > bytes.length) throw new RangeError("it is cut short");
    if (length < 2) throw new RangeError(`a part has ${length} bytes`);
    yield { marker, begin: at + 2, end: at + length };
    at += length;
  }
}

/** Whether a marker is that of a frame, which has the size of the picture. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/**
 * Reads the frame of a file, as far as its first bytes show.
 *
 * @returns undefined if the frame is further behind.
 * @throws {RangeError} if it is damaged, or of a kind that is not supported.
 */
export function jpegHeader(start: Uint8Array): JpegHeader | undefined {
  let at = 2;
  while (at + 10 <= start.length) {
    if (start[at] !== 0xff) throw new RangeError("its parts do not begin with markers");
    if (start[at + 1] === 0xff) {
      at++;
      continue;
    }
    const marker = start[at + 1];
    if (isFrame(marker)) return frameOf(start, { marker, begin: at + 4, end: start.length });
    if (marker === SCAN || marker === END) throw new RangeError("it has no size");
    at += 2 + Math.max(2, start[at + 2] << 8 | start[at + 3]);
  }
  return undefined;
}

function frameOf(bytes: Uint8Array, { marker, begin }: Segment): JpegHeader {
  const word = (at: number): number => bytes[begin + at] << 8 | bytes[begin + at + 1];
  const [depth, height, width, channels] = [bytes[begin], word(1), word(3), bytes[begin + 5]];
  if (!knownFrames.has(marker) || depth !== 8) {
    throw new RangeError(
      `it is of a kind that is not supported, 0x${marker.toString(16)} with ${depth} bits; ` +
        "save it as a baseline or progressive picture of 8 bits",
    );
  }
  if (width === 0 || height === 0) throw new RangeError(`it has ${width}×${height} pixels`);
  if (channels !== 1 && channels !== 3 && channels !== 4) throw new RangeError(`its pixels have ${channels} values`);
  return { width, height, channels, bytes: width * height * channels };
}

/**
 * Reads all parts of a file, and checks that it is complete.
 *
 * @throws {RangeError} if it is damaged or cut short, or has very many scans.
 */
export function jpegParts(bytes: Uint8Array): JpegParts {
  const header = jpegHeader(bytes);
  if (header === undefined) throw new RangeError("it has no size");
  let [orientation, scans, frames] = [1, 0, 0];
  for (const { marker, begin, end } of segmentsOf(bytes)) {
    if (end > bytes.length) throw new RangeError("it is cut short");
    if (isFrame(marker)) frames++;
    if (marker === SCAN) scans++;
    if (marker === APPLICATION_1 && EXIF.every((byte, i) => bytes[begin + i] === byte)) {
      const { buffer, byteOffset, byteLength } = bytes.subarray(begin + EXIF.length, end);
      orientation = exifOrientation(new DataView(buffer, byteOffset, byteLength));
    }
  }
  if (frames !== 1) throw new RangeError(`it has ${frames} sizes`);
  if (scans === 0 || scans > MOST_SCANS) throw new RangeError(`it has ${scans} scans`);
  if (bytes.length < header.width * header.height / MOST_PIXELS_PER_BYTE) throw new RangeError("it is cut short");
  return { ...header, orientation };
}
