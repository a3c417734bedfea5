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
  const strengths = values.map((value) => Math.max(0, isDark ? ground - value : value - ground));
  const strongest = strengths.reduce((most, one) => Math.max(most, one), 0);
  if (strongest < 1 / 64) {
    throw new DataError(
      `Cannot find a digit: expected ${isDark ? "dark" : "light"} ink on ${
        isDark ? "light" : "dark"
      } background, got a picture ` +
        `of one shade; if the ink is ${isDark ? "light" : "dark"}, use --ink ${isDark ? "light" : "dark"}`,
    );
  }
  return { width, height, values: strengths.map((one) => one / strongest) };
}

/** The pixels at the edge. */
function edgeOf({ width, height, values }: Grey): Float32Array {
  return values.filter((_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return x === 0 || y === 0 || x === width - 1 || y === height - 1;
  });
}

function medianOf(values: Float32Array): number {
  return values.toSorted()[values.length >> 1];
}

/** The part that has ink. */
function cropped({ width, height, values }: Grey): Grey {
  let [left, right, top, bottom] = [width, -1, height, -1];
  values.forEach((value, i) => {
    if (value < FAINTEST) return;
    const [x, y] = [i % width, Math.floor(i / width)];
    [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
  });
  const [columns, rows] = [right - left + 1, bottom - top + 1];
  const part = Float32Array.from({ length: columns * rows }, (_, i) => {
    const [x, y] = [i % columns, Math.floor(i / columns)];
    return values[(top + y) * width + left + x];
  });
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
    const [start, end] = [i * length, Math.min(from, (i + 1) * length)];
    const parts: (readonly [number, number])[] = [];
    for (let part = Math.floor(start); part < end; part++) {
      const share = (Math.min(part + 1, end) - Math.max(part, start)) / length;
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
