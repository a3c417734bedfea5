/**
 * Reads pictures as shades of gray.
 *
 * @module
 */

import { showText } from "../../core/options/show.ts";
import { openSource } from "../../model/files/byte_source.ts";
import { checkedPngHeader } from "../../data/images/check_png.ts";
import { checkSize, damaged, MOST_PIXELS } from "../../data/images/image_limits.ts";
import { orientationOf, upright } from "../../data/images/orientation.ts";
import { decodePng, type Png, PNG_HEADER_BYTES } from "../../data/images/png.ts";
import { checkPalette, isTransparent, unpackedValues } from "../../data/images/png_values.ts";

/** A gray picture: rows of numbers from 0 (black) to 1 (white). */
export interface Grey {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
}

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
  const start = source.read(0, Math.min(PNG_HEADER_BYTES, source.length));
  const header = checkedPngHeader(start, { name: path, limitPixels: MOST_PIXELS, remedy: "make it smaller" });
  checkSize(header, { name: path, size: source.length });
  const bytes = source.read(0, source.length);
  const orientation = orientationOf(bytes);
  try {
    const { width, height, values } = upright({ ...greyOf(await decodePng(bytes, path)), channels: 1 }, orientation);
    return { width, height, values };
  } catch (cause) {
    throw damaged({ name: path, kind: "PNG" }, showText(cause instanceof Error ? cause.message : String(cause)), cause);
  }
}

/** The shades of a decoded picture, on a white background if it is dark, and on black if it is light. */
export function greyOf(png: Png): Grey {
  const { width, height } = png;
  const samples = unpackedValues(png);
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
  checkPalette(palette, samples);
  return { shade: (i) => shades[samples[i]], opacity: (i) => opacities[samples[i]] };
}

function channelShades(png: Png, samples: Samples): Shades {
  const { channels, depth, transparent } = png;
  const greatest = 2 ** depth - 1;
  const at = (i: number): number => samples[i] / greatest;
  return {
    shade: channels < 3
      ? (i) => at(i * channels)
      : (i) => brightness(at(i * channels), at(i * channels + 1), at(i * channels + 2)),
    opacity: channels % 2 === 0
      ? (i) => at((i + 1) * channels - 1)
      : transparent
      ? (i) => Number(!isTransparent(png, samples, i * channels))
      : () => 1,
  };
}

function brightness(red: number, green: number, blue: number): number {
  return BRIGHTNESS[0] * red + BRIGHTNESS[1] * green + BRIGHTNESS[2] * blue;
}
