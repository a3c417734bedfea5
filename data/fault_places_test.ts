/** A fault is found wherever it is, also in the first example and in the last one, and the message says where. */

import { assertStringIncludes, assertThrows } from "@std/assert";
import { tensor } from "../core/creation.ts";
import { data } from "./data.ts";
import { samples } from "./samples.ts";
import { fitPreprocessing } from "./steps/fit_preprocessing.ts";
import type { ColumnSteps } from "./steps/registry.ts";
import { type GivenRow, tableOf } from "./table/table_of.ts";

const LENGTH = 4;

/** Numbers that are right, but for one. */
const numbersWith = (wrong: number, place: number): number[] =>
  Array.from({ length: LENGTH }, (_, i) => i === place ? wrong : i % 2);

const x = samples(Array.from({ length: LENGTH }, (_, i) => [i, 1]));
const y = Int32Array.of(0, 1, 0, 1);
const good = { x, y };

/** Uses a column of a table as an input, with these steps. */
function useColumn(
  steps: ColumnSteps,
  values: readonly GivenRow[string][],
  target: readonly (number | null)[] = numbersWith(0, 0),
) {
  const table = tableOf(values.map((c, i) => ({ c, target: target[i] })));
  return fitPreprocessing(table, { inputs: { c: steps }, targets: { target: [] } }).inputs(table);
}

/** For each fault: what has it at a place, and what the message says. */
const faults: Readonly<Record<string, readonly [(place: number) => unknown, (place: number) => string]>> = {
  "a class below 0": [
    (place) => data([{ x, y: Int32Array.from(numbersWith(-1, place)) }, good]),
    (place) => `expected classes from 0, got -1 at ${place}`,
  ],
  "a class beyond i32": [
    (place) => data([{ x, y: Uint32Array.from(numbersWith(2 ** 32 - 1, place)) }, good]),
    (place) => `4294967295 at ${place}`,
  ],
  "a number that is not finite": [
    (place) => data([{ x: samples(numbersWith(NaN, place).map((one) => [one])), y }, good]),
    (place) => `got NaN as feature 0 of example ${place}`,
  ],
  "a weight below 0": [
    (place) => data([{ ...good, weights: Float32Array.from(numbersWith(-1, place)) }, good]),
    (place) => `expected finite numbers from 0, got -1 at example ${place}`,
  ],
  "an infinite weight": [
    (place) => data([{ ...good, weights: Float32Array.from(numbersWith(Infinity, place)) }, good]),
    (place) => `expected finite numbers from 0, got Infinity at example ${place}`,
  ],
  "a flag of a bool tensor": [
    (place) => tensor(Uint8Array.from(numbersWith(2, place))),
    (place) => `got 2 at [${place}]`,
  ],
  "an infinite number of a column": [
    (place) => useColumn(["standardize"], numbersWith(Infinity, place)),
    (place) => `got Infinity in row ${place}`,
  ],
  "a number without a logarithm": [
    (place) => useColumn([["log", { offset: 1 }]], numbersWith(-1, place)),
    (place) => `expected numbers above -1, got -1 in row ${place}`,
  ],
  "a missing value": [
    (place) => useColumn([], numbersWith(0, place).map((one, i) => i === place ? null : one)),
    (place) => `expected a value in row ${place}`,
  ],
  "a missing target": [
    (place) => useColumn([], numbersWith(0, place), numbersWith(0, place).map((one, i) => i === place ? null : one)),
    (place) => `expected a value in row ${place}`,
  ],
  "a text among texts of numbers": [
    (place) => useColumn([], numbersWith(0, place).map((one, i) => i === place ? "many" : `${one}`)),
    (place) => `expected numbers, got "many" in row ${place}`,
  ],
};

Deno.test("a fault is found at any place, and the message names the place", () => {
  for (const [name, [use, message]] of Object.entries(faults)) {
    for (const place of [0, 1, LENGTH - 1]) {
      assertStringIncludes(assertThrows(() => use(place), Error, undefined, name).message, message(place), name);
    }
  }
});
