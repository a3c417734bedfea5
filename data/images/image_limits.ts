/**
 * Limits on what reading a picture may take, and the errors of pictures that are damaged or too large. The header is
 * read first, and then no more than it promises.
 *
 * @module
 */

import { DataError } from "../errors.ts";

/** Larger pictures would take gigabytes, and many seconds. */
export const MOST_PIXELS = 50_000_000;

/** The most bytes of a file that do not belong to its pixels, such as color profiles and small copies. */
export const MOST_OTHER_BYTES = 2 ** 24;

/** What the header of a picture says. */
interface Extents {
  readonly width: number;
  readonly height: number;
}

/**
 * Throws if a picture has more pixels than allowed.
 *
 * @throws {DataError} that says so.
 */
export function checkPixels(
  { width, height }: Extents,
  { name, limitPixels, remedy }: { readonly name: string; readonly limitPixels: number; readonly remedy: string },
): void {
  if (width * height <= limitPixels) return;
  throw new DataError(`Cannot read ${name}: expected at most ${limitPixels} pixels, got ${width}×${height}; ${remedy}`);
}

/** The most bytes of a file with a picture whose decoded form has this many bytes. */
export function mostFileBytes(decoded: number): number {
  return Math.ceil(decoded * 9 / 8) + MOST_OTHER_BYTES;
}

/**
 * Throws if a file has more bytes than a picture of this size can have.
 *
 * @throws {DataError} that says so.
 */
export function checkSize(
  { width, height, bytes }: Extents & { readonly bytes: number },
  { name, size }: { readonly name: string; readonly size: number },
): void {
  const most = mostFileBytes(bytes);
  if (size <= most) return;
  throw new DataError(
    `Cannot read ${name}: expected at most ${most} bytes for ${width}×${height} pixels, got ${size}; save it again`,
  );
}

/** The error of a damaged file. */
export function damaged(
  { name, kind }: { readonly name: string; readonly kind: string },
  reason: string,
  cause: unknown,
): DataError {
  return new DataError(`Cannot read ${name}: expected a complete ${kind} file, got a damaged one (${reason})`, {
    cause,
  });
}
