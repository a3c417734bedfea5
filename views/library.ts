/**
 * Libraries that draw and read pictures, fetched and loaded when the first picture is asked for.
 *
 * @module
 */

import type * as Plot from "@observablehq/plot";
import type * as fastPng from "fast-png";
import type * as linkedom from "linkedom";

/** What is used of `asciichart`, which brings no types. */
export interface AsciiChart {
  readonly plot: (series: readonly (readonly number[])[], options: AsciiChartOptions) => string;
}

/** How `asciichart` draws. */
export interface AsciiChartOptions {
  /** Rows between the least and the greatest value. */
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

/** A library that drawing or reading pictures needs could not be loaded. */
export class LibraryError extends Error {
  /** What stack traces call it. */
  override readonly name = "LibraryError";
}

/**
 * Loads a library. Its name stands in no import that Deno could read before the program runs: otherwise every program
 * that could draw would fetch all that drawing needs at its start.
 *
 * @param purpose what cannot be done without it, for the message
 * @throws {LibraryError} if it is neither here nor to be had from npm.
 */
export async function loadLibrary<N extends keyof Libraries>(name: N, purpose = "draw"): Promise<Libraries[N]> {
  try {
    return await importFirst([name, `npm:${name}@${libraryVersions[name]}`]);
  } catch (cause) {
    throw new LibraryError(
      `Cannot ${purpose}: expected ${name} ${libraryVersions[name]}, which is fetched from npm the first time, got ${
        cause instanceof Error ? cause.message : cause
      }`,
      { cause },
    );
  }
}

/** The first of these modules that there is: by the names of an import map or of Node, else by npm's address. */
async function importFirst<T>([specifier, ...others]: readonly string[]): Promise<T> {
  try {
    return await import(specifier);
  } catch (error) {
    if (others.length === 0) throw error;
    return await importFirst(others);
  }
}
