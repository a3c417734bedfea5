/**
 * Decodes JPEG files, by the library jpeg-js.
 *
 * @module
 */

import { loadReader } from "../libraries/reading_libraries.ts";
import type { JpegHeader } from "./jpeg_header.ts";
import type { Raster } from "./raster.ts";

/**
 * 32 bytes in megabytes of 2²⁰ bytes: the decoder keeps up to 4 coefficients of 32 bits for each pixel, the values of its
 * channels, and the result. The spare ones are for small pictures, whose rows and columns it fills up to whole blocks.
 */
const MEGABYTES_PER_PIXEL = 2 ** -15;
const SPARE_MEGABYTES = 16;

/**
 * Decodes a JPEG file as red, green and blue, or as gray if it has one channel.
 *
 * @throws {Error} if it is damaged.
 * @throws {LibraryError} if the decoder cannot be loaded.
 */
export async function decodeJpeg(
  bytes: Uint8Array,
  { width, height, channels }: Omit<JpegHeader, "bytes">,
): Promise<Raster> {
  const { default: { decode } } = await loadReader("jpeg-js", "read a JPEG file");
  const { data, ...size } = decode(bytes, {
    useTArray: true,
    formatAsRGBA: false,
    tolerantDecoding: false,
    // The memory alone bounds the size.
    maxResolutionInMP: Infinity,
    maxMemoryUsageInMB: SPARE_MEGABYTES + width * height * MEGABYTES_PER_PIXEL,
  });
  if (size.width !== width || size.height !== height) {
    throw new RangeError(`it has ${size.width}×${size.height} pixels`);
  }
  return channels === 1
    ? { width, height, channels: 1, values: firstOf(data) }
    : { width, height, channels: 3, values: data };
}

/** The first of each three values, which are equal for gray pictures. */
function firstOf(data: Uint8Array): Uint8Array {
  const values = new Uint8Array(data.length / 3);
  for (let i = 0; i < values.length; i++) values[i] = data[3 * i];
  return values;
}
