/**
 * Checks what the header of a PNG file promises before the file is read.
 *
 * @module
 */

import { showText } from "../../core/options/show.ts";
import { DataError } from "../errors.ts";
import { checkPixels, damaged } from "./image_limits.ts";
import { isPng, type PngHeader, pngHeader } from "./png.ts";

/** A file whose header is checked. */
export interface CheckedFile {
  /** Its name in messages. */
  readonly name: string;
  /** The most pixels that are decoded. */
  readonly limitPixels: number;
  /** What to do about a picture with more pixels: `make it smaller`. */
  readonly remedy: string;
}

/**
 * The header of a PNG file, out of its first bytes.
 *
 * @throws {DataError} if it is no PNG file, damaged, too large, or of a kind that is not supported.
 */
export function checkedPngHeader(start: Uint8Array, file: CheckedFile): PngHeader {
  const { name } = file;
  if (!isPng(start)) {
    throw new DataError(
      `Cannot read ${name}: expected a PNG file, got a file of another kind; convert the picture to PNG`,
    );
  }
  const header = headerOf(start, name);
  checkPixels(header, file);
  if (header.isInterlaced && header.depth < 8) {
    throw new DataError(
      `Cannot read ${name}: interlaced pictures of ${header.depth} bits per value are not supported; ` +
        "save it without interlacing",
    );
  }
  return header;
}

function headerOf(bytes: Uint8Array, name: string): PngHeader {
  try {
    return pngHeader(bytes);
  } catch (cause) {
    throw damaged({ name, kind: "PNG" }, showText(cause instanceof Error ? cause.message : String(cause)), cause);
  }
}
