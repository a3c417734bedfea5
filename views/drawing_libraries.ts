/**
 * Libraries that draw and read pictures, fetched and loaded for the first picture.
 *
 * @module
 */

import type * as Plot from "@observablehq/plot";
import type * as fastPng from "fast-png";
import type * as linkedom from "linkedom";
import { loadVersion } from "../data/libraries/load_library.ts";

/** The part of `asciichart` that is used; the library has no types. */
export interface AsciiChart {
  readonly plot: (series: readonly (readonly number[])[], options: AsciiChartOptions) => string;
}

/** Options of `asciichart`. */
export interface AsciiChartOptions {
  /** Rows between the smallest and the largest value. */
  readonly height: number;
  /** Cells before the line: the label, a space and the axis are one each. */
  readonly offset: number;
  readonly min?: number;
  readonly format: (value: number) => string;
  /** A control sequence for each series. */
  readonly colors?: readonly string[];
}

/** The libraries, by their names on npm. */
interface Libraries {
  readonly "@observablehq/plot": typeof Plot;
  readonly "asciichart": AsciiChart;
  readonly "fast-png": typeof fastPng;
  readonly "linkedom": typeof linkedom;
}

/** The versions, as in `deno.json`. */
export const libraryVersions: Readonly<Record<keyof Libraries, string>> = {
  "@observablehq/plot": "0.6.17",
  "asciichart": "1.5.25",
  "fast-png": "8.0.0",
  "linkedom": "0.18.12",
};

/**
 * Loads a library that draws.
 *
 * @param purpose the task that requires it, for the message
 * @throws {LibraryError} if it is neither on this machine nor available from npm.
 */
export function loadLibrary<N extends keyof Libraries>(name: N, purpose = "draw"): Promise<Libraries[N]> {
  return loadVersion({ name, version: libraryVersions[name] }, purpose);
}
