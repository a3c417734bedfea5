/**
 * Converts a picture to the form of MNIST: light ink on black, 20 pixels high or wide, with its center of mass in the
 * middle of 28 by 28 pixels.
 *
 * Source: LeCun, Cortes and Burges, "The MNIST database of handwritten digits", http://yann.lecun.com/exdb/mnist
 *
 * @module
 */

import { DataError } from "../../data/errors.ts";
import type { Grey } from "./grey.ts";

/** Whether the ink is darker or lighter than the background; `auto` judges by the edge of the picture. */
export type Ink = "auto" | "dark" | "light";

/** The width and height of a picture of MNIST. */
const SIDE = 28;

/** The width and height to which the ink is scaled. */
const BOX = 20;

/** The row and column of the center of mass, counted from 0. */
const MIDDLE = 14;

/** Fainter ink is dirt, noise, or the grain of the paper. */
const FAINTEST = 0.1;

/**
 * The 784 pixels of a picture, in the form that a network for MNIST takes. In a picture of 28 by 28 pixels, position
 * and size of the ink are kept.
 *
 * @throws {DataError} if the picture is empty.
 */
export function digitOf(picture: Grey, ink: Ink = "auto"): Float32Array {
  const inked = inkOf(picture, ink);
  if (picture.width === SIDE && picture.height === SIDE) return inked.values;
  return centred(scaled(cropped(inked)));
}

/** The strength of the ink, from 0 for the background to 1. */
function inkOf({ width, height, values }: Grey, ink: Ink): Grey {
  const ground = medianOf(edgeOf({ width, height, values }));
  const isDark = ink === "auto" ? ground > 0.5 : ink === "dark";
  const strengths = new Float32Array(values.length);
  let strongest = 0;
  for (let i = 0; i < values.length; i++) {
    strengths[i] = Math.max(0, isDark ? ground - values[i] : values[i] - ground);
    strongest = Math.max(strongest, strengths[i]);
  }
  if (strongest < 1 / 64) {
    throw new DataError(
      `Cannot find a digit: expected ${isDark ? "dark" : "light"} ink on ${
        isDark ? "light" : "dark"
      } background, got a picture ` +
        `of one shade; if the ink is ${isDark ? "light" : "dark"}, use --ink ${isDark ? "light" : "dark"}`,
    );
  }
  for (let i = 0; i < strengths.length; i++) strengths[i] /= strongest;
  return { width, height, values: strengths };
}

/** The pixels at the edge. */
function edgeOf({ width, height, values }: Grey): Float32Array {
  const rows = [values.subarray(0, width), ...height > 1 ? [values.subarray((height - 1) * width)] : []];
  const columns = width > 1 ? [0, width - 1] : [0];
  const sides = columns.map((x) =>
    Float32Array.from({ length: Math.max(0, height - 2) }, (_, y) => values[(y + 1) * width + x])
  );
  return Float32Array.from([...rows, ...sides].flatMap((part) => [...part]));
}

function medianOf(values: Float32Array): number {
  return values.toSorted()[values.length >> 1];
}

/** The part that has ink. */
function cropped({ width, height, values }: Grey): Grey {
  let [left, right, top, bottom] = [width, 0, height, 0];
  for (let i = 0; i < values.length; i++) {
    if (values[i] < FAINTEST) continue;
    const y = Math.floor(i / width);
    const x = i - y * width;
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = y;
  }
  const [columns, rows] = [right - left + 1, bottom - top + 1];
  const part = new Float32Array(columns * rows);
  for (let y = 0; y < rows; y++) {
    const begin = (top + y) * width + left;
    part.set(values.subarray(begin, begin + columns), y * columns);
  }
  return { width: columns, height: rows, values: part };
}

/** Scaled to fit the box; each pixel is the mean of the pixels that it covers. */
function scaled({ width, height, values }: Grey): Grey {
  const factor = BOX / Math.max(width, height);
  const [columns, rows] = [width, height].map((extent) => Math.max(1, Math.round(extent * factor)));
  const [across, down] = [sharesOf(width, columns), sharesOf(height, rows)];
  const result = new Float64Array(columns * rows);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      for (const [row, heightShare] of down[y]) {
        for (const [column, widthShare] of across[x]) {
          result[y * columns + x] += heightShare * widthShare * values[row * width + column];
        }
      }
    }
  }
  return { width: columns, height: rows, values: Float32Array.from(result, (value) => Math.min(1, value)) };
}

/** For each of `to` equal parts of a length, the `from` equal parts that overlap it, with their shares. */
function sharesOf(from: number, to: number): (readonly [part: number, share: number])[][] {
  const length = from / to;
  return Array.from({ length: to }, (_, i) => {
    const [start, end] = [i * length, (i + 1) * length];
    const parts: (readonly [number, number])[] = [];
    for (let part = Math.floor(start); part < end; part++) {
      const share = (Math.min(part + 1, end) - Math.max(part, start)) / length;
      // An end that is rounded up reaches no part behind the last one.
      if (share > 1e-9) parts.push([part, share]);
    }
    return parts;
  });
}

/** Places the center of mass in the middle of 28 by 28 pixels, as far as the ink fits. */
function centred({ width, height, values }: Grey): Float32Array {
  const total = values.reduce((sum, value) => sum + value, 0);
  const mean = (coordinate: (i: number) => number): number =>
    values.reduce((sum, value, i) => sum + value * coordinate(i), 0) / total;
  const offset = (center: number, extent: number): number =>
    Math.max(0, Math.min(SIDE - extent, Math.round(MIDDLE - center)));
  const left = offset(mean((i) => i % width), width);
  const top = offset(mean((i) => Math.floor(i / width)), height);
  const result = new Float32Array(SIDE * SIDE);
  values.forEach((value, i) => {
    result[(top + Math.floor(i / width)) * SIDE + left + i % width] = value;
  });
  return result;
}
