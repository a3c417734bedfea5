/**
 * Helpers for tests of pictures.
 *
 * @module
 */

import { DOMParser } from "linkedom";
import { SaxesParser } from "saxes";
import type { Profile } from "../core/profile/profile_record.ts";
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

/** A profile of two kernels, one of them in a loop. */
export const someProfile: Profile = {
  ...{ name: "step", device: "a device", clock: "host", rounds: 10 },
  ...{ milliseconds: 12.5, kernelMilliseconds: 12, outsideMilliseconds: 0.5, launchMilliseconds: 0.002 },
  ...{ operations: 3e9, bytes: 2e7, peaks: { gigaflops: 400, gigabytes: 70 } },
  kernels: [
    {
      ...{ number: 2, name: "dot+add", kind: "product", loops: "500×800 · 500", runs: 4, milliseconds: 10 },
      ...{ operations: 3e9, bytes: 1e7, gigaflops: 300, gigabytes: 1, share: 0.75, limit: "arithmetic" },
    },
    {
      ...{ number: 1, name: "sum", kind: "reduction", loops: "500 · 144", runs: 1, milliseconds: 2 },
      ...{ operations: 72_000, bytes: 1e7, gigaflops: 0.036, gigabytes: 5, share: 0.0714, limit: "memory" },
    },
  ],
};
