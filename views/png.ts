/**
 * Gray pictures as PNG files.
 *
 * @module
 */

import { loadLibrary } from "./drawing_libraries.ts";

/** A gray picture: rows of bytes, where 0 is black. */
export interface GreyPicture {
  /** In pixels. */
  readonly width: number;
  /** In pixels. */
  readonly height: number;
  /** width · height bytes, row by row. */
  readonly pixels: Uint8Array;
}

/**
 * Returns the bytes of a PNG file of a picture.
 *
 * @throws {RangeError} if the pixels are not width · height.
 * @throws {LibraryError} if the library that writes PNG files cannot be loaded.
 */
export async function encodePng({ width, height, pixels }: GreyPicture): Promise<Uint8Array> {
  if (pixels.length !== width * height) {
    throw new RangeError(`Cannot write ${pixels.length} pixels as a picture of ${width} by ${height}`);
  }
  const { encode } = await loadLibrary("fast-png");
  return encode({ width, height, data: pixels, channels: 1, depth: 8 });
}

/** Returns the PNG file as a data URL. */
export async function pngAddress(picture: GreyPicture): Promise<string> {
  const text = Array.from(await encodePng(picture), (byte) => String.fromCharCode(byte)).join("");
  return `data:image/png;base64,${btoa(text)}`;
}
