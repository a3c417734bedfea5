/**
 * Resizes pictures by bilinear interpolation with antialiasing: a pixel of the result is a weighted mean of the pixels
 * near its center. The weights fall linearly with the distance, to 0 at one pixel, or, if the picture becomes smaller, at
 * one pixel of the result.
 *
 * These are the weights of Pillow's filter `BILINEAR`, of torchvision's `resize(…, antialias=True)` and of TensorFlow's
 * `image.resize(…, antialias=True)`.
 *
 * @module
 */

import type { Raster } from "./raster.ts";

/** A part of a picture, in pixels, which may be fractions. */
export interface Part {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** How large a picture becomes. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * A part of a picture in another size.
 *
 * @param part The part, within the picture; default: all of it.
 */
export function resize(picture: Raster, size: Size, part: Part = wholeOf(picture)): Raster {
  const { width, height, channels, values } = picture;
  const isWhole = part.width === width && part.height === height;
  if (isWhole && size.width === width && size.height === height) return picture;
  const across: Stretch = { from: width, to: size.width, begin: part.left, length: part.width };
  const down: Stretch = { from: height, to: size.height, begin: part.top, length: part.height };
  // Of the two orders, the one with the smaller picture in between: a line of many pixels would become a large one.
  const sums = height * size.width <= width * size.height
    ? resizeAxis(
      resizeAxis(values, across, { before: height, after: channels }),
      down,
      { before: 1, after: size.width * channels },
    )
    : resizeAxis(
      resizeAxis(values, down, { before: 1, after: width * channels }),
      across,
      { before: size.height, after: channels },
    );
  return { ...size, channels, values: Uint8Array.from(sums, Math.round) };
}

function wholeOf({ width, height }: Size): Part {
  return { left: 0, top: 0, width, height };
}

/** What becomes of an axis: of its `from` pixels, the part from `begin` becomes `to` pixels. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly begin: number;
  readonly length: number;
}

/** The elements of the axes before and after an axis. */
interface Around {
  readonly before: number;
  readonly after: number;
}

/** Values with an axis in another length: `[before, from, after]` becomes `[before, to, after]`. */
function resizeAxis(values: Uint8Array | Float32Array, axis: Stretch, { before, after }: Around): Float32Array {
  const { from, to } = axis;
  const result = new Float32Array(before * to * after);
  for (let i = 0; i < to; i++) {
    const { first, weights } = weightsOf(axis, i);
    for (let outer = 0; outer < before; outer++) {
      const target = (outer * to + i) * after;
      for (let k = 0; k < weights.length; k++) {
        const weight = weights[k];
        const source = (outer * from + first + k) * after;
        for (let j = 0; j < after; j++) result[target + j] += weight * values[source + j];
      }
    }
  }
  return result;
}

/** The first of the pixels of which pixel `i` of a result is made, and their weights, whose sum is 1. */
function weightsOf(
  { from, to, begin, length }: Stretch,
  i: number,
): { readonly first: number; readonly weights: Float32Array } {
  const scale = length / to;
  const reach = Math.max(1, scale);
  const center = begin + (i + 0.5) * scale;
  const first = Math.max(0, Math.floor(center - reach + 0.5));
  const end = Math.min(from, Math.floor(center + reach + 0.5));
  const weights = new Float32Array(Math.max(1, end - first));
  let sum = 0;
  for (let k = 0; k < weights.length; k++) {
    weights[k] = Math.max(0, 1 - Math.abs(first + k + 0.5 - center) / reach);
    sum += weights[k];
  }
  for (let k = 0; k < weights.length; k++) weights[k] /= sum;
  return { first, weights };
}
