/**
 * The values of a PNG file's pixels: bits of packed values, and colors of palettes.
 *
 * @module
 */

import type { Png } from "./png.ts";
import type { Raster } from "./raster.ts";

/** The values of all pixels. Values of fewer than 8 bits are packed into bytes, and each row starts with a new byte. */
export function unpackedValues({ width, height, depth, channels, data }: Png): Png["data"] {
  if (depth >= 8) return data;
  const values = new Uint8Array(width * height * channels);
  const rowLength = width * channels;
  const rowBytes = Math.ceil(rowLength * depth / 8);
  for (let i = 0; i < values.length; i++) {
    const [row, column] = [Math.floor(i / rowLength), i % rowLength];
    const bit = column * depth;
    const byte = data[row * rowBytes + (bit >> 3)];
    values[i] = byte >> (8 - depth - bit % 8) & 2 ** depth - 1;
  }
  return values;
}

/**
 * Throws if a pixel has a color that the palette does not have.
 *
 * @throws {RangeError} that says which one.
 */
export function checkPalette(palette: readonly (readonly number[])[], values: Png["data"]): void {
  const odd = values.findIndex((value) => value >= palette.length);
  if (odd >= 0) throw new RangeError(`pixel ${odd} has color ${values[odd]} of ${palette.length}`);
}

/**
 * The picture of a PNG file, with levels from 0 to 255.
 *
 * @throws {RangeError} if a pixel has a color that the palette does not have.
 */
export function rasterOf(png: Png): Raster {
  const { width, height, depth, channels, palette } = png;
  const values = unpackedValues(png);
  if (palette) return { width, height, ...paletteLevels(palette, values) };
  const levels = levelsOf(values, depth);
  if (png.transparent === undefined) return { width, height, channels, values: levels };
  const covered = new Uint8Array(width * height * (channels + 1)).fill(255);
  for (let i = 0, at = 0; i < levels.length; i += channels, at += channels + 1) {
    for (let k = 0; k < channels; k++) covered[at + k] = levels[i + k];
    if (isTransparent(png, values, i)) covered[at + channels] = 0;
  }
  return { width, height, channels: channels + 1, values: covered };
}

/** Whether the pixel whose values start at a place has the color that is transparent. */
export function isTransparent({ transparent }: Png, values: Png["data"], at: number): boolean {
  return transparent !== undefined && transparent.every((value, k) => values[at + k] === value);
}

function levelsOf(values: Png["data"], depth: number): Uint8Array {
  if (depth === 8 && values instanceof Uint8Array) return values;
  const scale = 255 / (2 ** depth - 1);
  const levels = new Uint8Array(values.length);
  for (let i = 0; i < levels.length; i++) levels[i] = Math.round(values[i] * scale);
  return levels;
}

function paletteLevels(
  palette: readonly (readonly number[])[],
  values: Png["data"],
): { readonly channels: number; readonly values: Uint8Array } {
  checkPalette(palette, values);
  const channels = palette.every((color) => color[3] === 255) ? 3 : 4;
  const levels = new Uint8Array(channels * values.length);
  for (let i = 0; i < values.length; i++) {
    const color = palette[values[i]];
    for (let k = 0; k < channels; k++) levels[i * channels + k] = color[k];
  }
  return { channels, values: levels };
}
