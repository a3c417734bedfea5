/**
 * Helpers for tests of pictures.
 *
 * @module
 */

import { DOMParser } from "linkedom";
import { SaxesParser } from "saxes";
import type { EpochRecord } from "../model/training/report.ts";

/** The part of an element of a picture that tests check. */
export interface Part {
  readonly textContent: string;
  getAttribute(name: string): string | null;
  querySelectorAll(selector: string): Iterable<Part>;
}

/** All parts of a picture that a selector finds; fails if the picture is not well-formed XML. */
export function partsOf(svg: string, selector: string): Part[] {
  const strict = new SaxesParser({ xmlns: true });
  strict.on("error", (error) => {
    throw error;
  });
  strict.write(svg).close();
  const document: { querySelectorAll(selector: string): Iterable<Part> } = new DOMParser()
    .parseFromString(svg, "image/svg+xml");
  return [...document.querySelectorAll(selector)];
}

/** The texts of a picture. */
export function textsOf(svg: string): string[] {
  return partsOf(svg, "text").map(({ textContent }) => textContent);
}

/** The corners of the lines of a color. */
export function cornersOf(svg: string, color: string): [x: number, y: number][][] {
  return partsOf(svg, `g[stroke="${color}"] path`).map((path) =>
    path.getAttribute("d")!.slice(1).split(/[LC]/).map((corner) => corner.split(",").map(Number) as [number, number])
  );
}

/** A history with these validation errors; the other numbers follow from them. */
export function historyOf(...errors: readonly number[]): EpochRecord[] {
  return errors.map((validationError, i) => ({
    epoch: i + 1,
    trainLoss: validationError / 10,
    validationLoss: validationError / 8,
    trainError: validationError / 2,
    validationError,
    seconds: 2,
    samplesPerSecond: 500,
  }));
}
