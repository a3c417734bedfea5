/**
 * How a camera was held, from the Exif data of a picture.
 *
 * @see {@link https://www.w3.org/TR/png-3/#eXIf | the chunk eXIf}, and tag 0x0112 of Exif 3.0
 *
 * @module
 */

import type { Raster } from "./raster.ts";

const FIRST_CHUNK = 8;
const ORIENTATION = 0x0112;
const ENTRY_BYTES = 12;
/** The header of Exif data, the number of entries, and one entry. */
const LEAST_BYTES = 8 + 2 + ENTRY_BYTES;

/** The data of the first chunk of this type. */
function chunkOf(bytes: Uint8Array<ArrayBuffer>, type: string): DataView | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = FIRST_CHUNK; at + 12 <= bytes.length;) {
    const length = view.getUint32(at);
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (at + 12 + length > bytes.length) return undefined;
    if (name === type) return new DataView(bytes.buffer, bytes.byteOffset + at + 8, length);
    at += 12 + length;
  }
  return undefined;
}

/**
 * The orientation in the Exif data of a PNG file, 1 to 8; 1 (as it is) if there is none, or none that can be
 * understood.
 */
export function orientationOf(bytes: Uint8Array<ArrayBuffer>): number {
  const exif = chunkOf(bytes, "eXIf");
  return exif ? exifOrientation(exif) : 1;
}

/** The orientation in Exif data, 1 to 8; 1 (as it is) if there is none, or none that can be understood. */
export function exifOrientation(exif: DataView): number {
  if (exif.byteLength < LEAST_BYTES) return 1;
  const little = exif.getUint16(0) === 0x4949;
  const first = exif.getUint32(4, little);
  if (first + 2 > exif.byteLength) return 1;
  const count = exif.getUint16(first, little);
  for (
    let at = first + 2;
    at < first + 2 + count * ENTRY_BYTES && at + ENTRY_BYTES <= exif.byteLength;
    at += ENTRY_BYTES
  ) {
    if (exif.getUint16(at, little) !== ORIENTATION) continue;
    const value = exif.getUint16(at + 8, little);
    return Object.hasOwn(turns, value) ? value : 1;
  }
  return 1;
}

/** Whether columns and rows are exchanged, and then which of the two run backward, by orientation. */
const turns: Readonly<Record<number, { readonly turned: boolean; readonly flipX: boolean; readonly flipY: boolean }>> =
  {
    2: { turned: false, flipX: true, flipY: false },
    3: { turned: false, flipX: true, flipY: true },
    4: { turned: false, flipX: false, flipY: true },
    5: { turned: true, flipX: false, flipY: false },
    6: { turned: true, flipX: false, flipY: true },
    7: { turned: true, flipX: true, flipY: true },
    8: { turned: true, flipX: true, flipY: false },
  };

/** The picture as it is meant to be seen. */
export function upright<V extends Uint8Array | Float32Array>(picture: Raster<V>, orientation: number): Raster<V> {
  if (!Object.hasOwn(turns, orientation)) return picture;
  const { turned, flipX, flipY } = turns[orientation];
  const { channels } = picture;
  const [width, height] = turned ? [picture.height, picture.width] : [picture.width, picture.height];
  const values = picture.values.slice();
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [column, row] = turned ? [y, x] : [x, y];
      const fromX = flipX ? picture.width - 1 - column : column;
      const fromY = flipY ? picture.height - 1 - row : row;
      const from = (fromY * picture.width + fromX) * channels;
      const to = (y * width + x) * channels;
      for (let k = 0; k < channels; k++) values[to + k] = picture.values[from + k];
    }
  }
  return { width, height, channels, values: values as V };
}
