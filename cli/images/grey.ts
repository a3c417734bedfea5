/**
 * Reads pictures as shades of gray.
 *
 * @module
 */

import type { DecodedPng } from "fast-png";
import { DataError } from "../../data/errors.ts";
import { readWhole } from "../../model/files/atomic.ts";
import { loadLibrary } from "../../views/drawing_libraries.ts";
import { orientationOf, upright } from "./orientation.ts";

/** A gray picture: rows of numbers from 0 (black) to 1 (white). */
export interface Grey {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
}

/** Larger pictures would take gigabytes. */
const MOST_PIXELS = 100_000_000;

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const WIDTH_AT = 16;
const HEIGHT_AT = 20;
const DEPTH_AT = 24;
const INTERLACED_AT = 28;

/** The shares of red, green and blue in brightness, by Recommendation ITU-R BT.709. */
const BRIGHTNESS = [0.2126, 0.7152, 0.0722];

/**
 * The shades of a PNG file, gray or colored, of any depth, with or without transparency, turned as its Exif data say.
 *
 * @throws {FileError} if it cannot be read.
 * @throws {DataError} if it is not a PNG file, is damaged, far too large, or of a kind that is not supported.
 * @throws {LibraryError} if the library that decodes PNG cannot be fetched.
 */
export async function readGrey(path: string): Promise<Grey> {
  const bytes = readWhole(path);
  checkHeader(bytes, path);
  const { decode } = await loadLibrary("fast-png", `read ${path}`);
  try {
    return upright(greyOf(decode(bytes, { checkCrc: true })), orientationOf(bytes));
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new DataError(`Cannot read ${path}: expected a complete PNG file, got a damaged one (${message})`, { cause });
  }
}

function checkHeader(bytes: Uint8Array, path: string): void {
  if (bytes.length <= INTERLACED_AT || SIGNATURE.some((byte, i) => bytes[i] !== byte)) {
    throw new DataError(
      `Cannot read ${path}: expected a PNG file, got a file of another kind; convert the picture to PNG`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [width, height] = [view.getUint32(WIDTH_AT), view.getUint32(HEIGHT_AT)];
  if (width * height > MOST_PIXELS) {
    throw new DataError(
      `Cannot read ${path}: expected at most ${MOST_PIXELS} pixels, got ${width}×${height}; make it smaller`,
    );
  }
  // The library that decodes PNG cannot read these, and would report them as damaged.
  if (bytes[INTERLACED_AT] !== 0 && bytes[DEPTH_AT] < 8) {
    throw new DataError(
      `Cannot read ${path}: interlaced pictures of ${bytes[DEPTH_AT]} bits per value are not supported; ` +
        "save it without interlacing",
    );
  }
}

/** The shades of a decoded picture, on a white background if it is dark, and on black if it is light. */
export function greyOf(png: DecodedPng): Grey {
  const { width, height } = png;
  const [shades, cover] = [new Float32Array(width * height), new Float32Array(width * height)];
  const samples = samplesOf(png);
  const { palette, channels } = png;
  const greatest = 2 ** png.depth - 1;
  for (let i = 0; i < shades.length; i++) {
    const pixel = palette
      ? palette[samples[i]].map((value) => value / 255)
      : Array.from(samples.subarray(i * channels, (i + 1) * channels), (value) => value / greatest);
    const hasAlpha = pixel.length % 2 === 0;
    cover[i] = hasAlpha ? pixel[pixel.length - 1] : 1;
    shades[i] = pixel.length < 3 ? pixel[0] : BRIGHTNESS.reduce((sum, share, k) => sum + share * pixel[k], 0);
  }
  const covered = cover.reduce((sum, one) => sum + one, 0);
  const mean = covered === 0 ? 0 : shades.reduce((sum, shade, i) => sum + shade * cover[i], 0) / covered;
  const ground = mean < 0.5 ? 1 : 0;
  return { width, height, values: shades.map((shade, i) => shade * cover[i] + ground * (1 - cover[i])) };
}

/** The values of all pixels. Values of fewer than 8 bits are packed into bytes, and each row starts with a new byte. */
function samplesOf({ width, height, depth, channels, data }: DecodedPng): Uint8Array | Uint8ClampedArray | Uint16Array {
  if (depth >= 8) return data;
  const samples = new Uint8Array(width * height * channels);
  const rowLength = width * channels;
  const rowBytes = Math.ceil(rowLength * depth / 8);
  for (let i = 0; i < samples.length; i++) {
    const [row, column] = [Math.floor(i / rowLength), i % rowLength];
    const bit = column * depth;
    const byte = data[row * rowBytes + (bit >> 3)];
    samples[i] = byte >> (8 - depth - bit % 8) & 2 ** depth - 1;
  }
  return samples;
}
