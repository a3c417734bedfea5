/**
 * Decodes pictures of any known format. The header is read first, and then no more than it promises.
 *
 * @module
 */

import { showText } from "../../core/options/show.ts";
import { DataError } from "../errors.ts";
import type { ByteSource } from "../formats/byte_source.ts";
import { LibraryError } from "../libraries/load_library.ts";
import { type CheckedFile, checkedPngHeader } from "./check_png.ts";
import { checkPixels, checkSize, damaged, MOST_OTHER_BYTES, mostFileBytes } from "./image_limits.ts";
import { decodeJpeg } from "./jpeg.ts";
import { isJpeg, type JpegHeader, jpegHeader, jpegParts } from "./jpeg_header.ts";
import { orientationOf, upright } from "./orientation.ts";
import { decodePng, isPng } from "./png.ts";
import { rasterOf } from "./png_values.ts";
import type { Raster } from "./raster.ts";

/** Bytes that are read first: all of most small pictures, and the headers of most others. */
const START_BYTES = 2 ** 16;

/** A picture whose header was read. */
export interface OpenedImage {
  /** Bytes of its decoded form. */
  readonly bytes: number;
  /**
   * Decodes it, turned as its Exif data say.
   *
   * @throws {DataError} if it is damaged.
   */
  decode(): Promise<Raster>;
}

/** A format of pictures that is known, but not read. */
const otherFormats: readonly (readonly [name: string, at: number, start: string])[] = [
  ["GIF", 0, "GIF8"],
  ["WebP", 8, "WEBP"],
  ["BMP", 0, "BM"],
  ["TIFF", 0, "II*\0"],
  ["TIFF", 0, "MM\0*"],
  ["HEIC or AVIF", 4, "ftyp"],
];

/**
 * Reads the header of a picture.
 *
 * @throws {DataError} if it is of another kind, damaged, or too large.
 */
export async function openImage(source: ByteSource, limitPixels: number): Promise<OpenedImage> {
  const start = await source.read(0, START_BYTES);
  const file = { name: source.name, limitPixels, remedy: "make it smaller, or raise the option `limitPixels`" };
  if (isPng(start)) return openPng(source, start, file);
  if (isJpeg(start)) return await openJpeg(source, start, file);
  throw unknownFormat(source.name, start);
}

function unknownFormat(name: string, start: Uint8Array): DataError {
  const text = String.fromCharCode(...start.subarray(0, 16));
  const found = otherFormats.find(([, at, mark]) => text.startsWith(mark, at));
  const got = start.length === 0 ? "an empty file" : found ? `a ${found[0]} file` : "a file of another kind";
  const remedy = found ? "convert it" : "remove it";
  return new DataError(`Cannot read ${name}: expected a PNG or JPEG file, got ${got}; ${remedy}`);
}

function openPng(source: ByteSource, start: Uint8Array<ArrayBuffer>, file: CheckedFile): OpenedImage {
  const header = checkedPngHeader(start, file);
  return {
    bytes: header.bytes,
    decode: async () => {
      const bytes = await restOf(source, start, header);
      return await undamaged({ name: file.name, kind: "PNG" }, async () => {
        const orientation = orientationOf(bytes);
        return upright(rasterOf(await decodePng(bytes, file.name)), orientation);
      });
    },
  };
}

async function openJpeg(
  source: ByteSource,
  start: Uint8Array<ArrayBuffer>,
  file: CheckedFile,
): Promise<OpenedImage> {
  const kind = { name: file.name, kind: "JPEG" };
  const header = await undamaged(kind, async () => {
    const found = jpegHeader(start) ?? jpegHeader(await source.read(0, START_BYTES + MOST_OTHER_BYTES));
    if (found === undefined) throw new RangeError("it has no size");
    return found;
  });
  checkPixels(header, file);
  return {
    bytes: header.bytes,
    decode: async () => {
      const bytes = await restOf(source, start, header);
      return await undamaged(kind, async () => {
        const parts = jpegParts(bytes);
        return upright(await decodeJpeg(bytes, parts), parts.orientation);
      });
    },
  };
}

/** All bytes of a file, whose first ones are known. */
async function restOf(
  source: ByteSource,
  start: Uint8Array<ArrayBuffer>,
  header: Pick<JpegHeader, "width" | "height" | "bytes">,
): Promise<Uint8Array<ArrayBuffer>> {
  const size = await source.lengthUpTo(mostFileBytes(header.bytes));
  checkSize(header, { name: source.name, size });
  return size <= start.length ? start.subarray(0, size) : await source.read(0, size);
}

/** Runs a task, and makes its errors those of a damaged file. */
async function undamaged<T>(
  file: { readonly name: string; readonly kind: string },
  task: () => Promise<T>,
): Promise<T> {
  try {
    return await task();
  } catch (cause) {
    if (cause instanceof DataError || cause instanceof LibraryError) throw cause;
    throw damaged(file, showText(cause instanceof Error ? cause.message : String(cause)), cause);
  }
}
