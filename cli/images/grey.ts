/**
 * Reads pictures as shades of gray.
 *
 * @module
 */

import { DataError } from "../../data/errors.ts";
import { showText } from "../../core/options/show.ts";
import { openSource } from "../../model/files/byte_source.ts";
import { orientationOf, upright } from "./orientation.ts";
import { decodePng, isPng, type Png, PNG_HEADER_BYTES, type PngHeader, pngHeader } from "./png.ts";

/** A gray picture: rows of numbers from 0 (black) to 1 (white). */
export interface Grey {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
}

/** Larger pictures would take gigabytes, and many seconds. */
const MOST_PIXELS = 50_000_000;

/** The most bytes of a file that do not belong to its pixels, such as color profiles and small copies. */
const MOST_OTHER_BYTES = 2 ** 24;

/** The shares of red, green and blue in brightness, by Recommendation ITU-R BT.709. */
const BRIGHTNESS = [0.2126, 0.7152, 0.0722];

/**
 * The shades of a PNG file, gray or colored, of any depth, with or without transparency, turned as its Exif data say.
 * Its header is read first, and then no more than the header promises.
 *
 * @throws {FileError} if it cannot be read.
 * @throws {DataError} if it is not a PNG file, is damaged, far too large, or of a kind that is not supported.
 */
export async function readGrey(path: string): Promise<Grey> {
  using source = openSource(path, Infinity);
  checkHeader(source.read(0, Math.min(PNG_HEADER_BYTES, source.length)), source.length, path);
  const bytes = source.read(0, source.length);
  const orientation = orientationOf(bytes);
  try {
    return upright(greyOf(await decodePng(bytes, path)), orientation);
  } catch (cause) {
    throw damaged(path, cause);
  }
}

function damaged(path: string, cause: unknown): DataError {
  const message = showText(cause instanceof Error ? cause.message : String(cause));
  return new DataError(`Cannot read ${path}: expected a complete PNG file, got a damaged one (${message})`, { cause });
}

function checkHeader(bytes: Uint8Array, size: number, path: string): void {
  if (!isPng(bytes)) {
    throw new DataError(
      `Cannot read ${path}: expected a PNG file, got a file of another kind; convert the picture to PNG`,
    );
  }
  const { width, height, depth, isInterlaced, bytes: promised } = headerOf(bytes, path);
  if (width * height > MOST_PIXELS) {
    throw new DataError(
      `Cannot read ${path}: expected at most ${MOST_PIXELS} pixels, got ${width}×${height}; make it smaller`,
    );
  }
  if (isInterlaced && depth < 8) {
    throw new DataError(
      `Cannot read ${path}: interlaced pictures of ${depth} bits per value are not supported; ` +
        "save it without interlacing",
    );
  }
  const most = Math.ceil(promised * 9 / 8) + MOST_OTHER_BYTES;
  if (size > most) {
    throw new DataError(
      `Cannot read ${path}: expected at most ${most} bytes for ${width}×${height} pixels, got ${size}; save it again`,
    );
  }
}

function headerOf(bytes: Uint8Array, path: string): PngHeader {
  try {
    return pngHeader(bytes);
  } catch (cause) {
    throw damaged(path, cause);
  }
}

/** The shades of a decoded picture, on a white background if it is dark, and on black if it is light. */
export function greyOf(png: Png): Grey {
  const { width, height } = png;
  const samples = samplesOf(png);
  const { shade, opacity } = png.palette ? paletteShades(png.palette, samples) : channelShades(png, samples);
  const values = new Float32Array(width * height);
  let [covered, sum] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const cover = opacity(i);
    values[i] = shade(i);
    covered += cover;
    sum += values[i] * cover;
  }
  if (covered === values.length) return { width, height, values };
  const mean = covered === 0 ? 0 : sum / covered;
  const ground = mean < 0.5 ? 1 : 0;
  for (let i = 0; i < values.length; i++) {
    const cover = Math.fround(opacity(i));
    values[i] = values[i] * cover + ground * (1 - cover);
  }
  return { width, height, values };
}

/** The brightness and the opacity of each pixel. */
interface Shades {
  readonly shade: (i: number) => number;
  readonly opacity: (i: number) => number;
}

type Samples = Png["data"];

function paletteShades(palette: readonly (readonly number[])[], samples: Samples): Shades {
  const shades = palette.map(([red, green, blue]) => brightness(red / 255, green / 255, blue / 255));
  const opacities = palette.map((color) => (color[3] ?? 255) / 255);
  const odd = samples.findIndex((sample) => sample >= palette.length);
  if (odd >= 0) throw new RangeError(`pixel ${odd} has color ${samples[odd]} of ${palette.length}`);
  return { shade: (i) => shades[samples[i]], opacity: (i) => opacities[samples[i]] };
}

function channelShades({ channels, depth }: Png, samples: Samples): Shades {
  const greatest = 2 ** depth - 1;
  const at = (i: number): number => samples[i] / greatest;
  return {
    shade: channels < 3
      ? (i) => at(i * channels)
      : (i) => brightness(at(i * channels), at(i * channels + 1), at(i * channels + 2)),
    opacity: channels % 2 === 0 ? (i) => at((i + 1) * channels - 1) : () => 1,
  };
}

function brightness(red: number, green: number, blue: number): number {
  return BRIGHTNESS[0] * red + BRIGHTNESS[1] * green + BRIGHTNESS[2] * blue;
}

/** The values of all pixels. Values of fewer than 8 bits are packed into bytes, and each row starts with a new byte. */
function samplesOf({ width, height, depth, channels, data }: Png): Samples {
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
