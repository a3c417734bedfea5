/**
 * The alphabet, for a first lesson on sequences.
 *
 * @module
 */

import { checkArguments } from "../core/options/read.ts";
import { count } from "../core/options/numbers.ts";
import { oneHotEncoding } from "./one_hot.ts";
import type { SampleSet } from "./samples.ts";

/** The letters in order. */
export const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

const runLength = count({ most: alphabet.length - 1 });

/**
 * All runs of letters of the alphabet, and the letter that follows each: `ABC` → `D`, `BCD` → `E`, …
 *
 * There is nothing else to learn from the alphabet, so the sets for training, validation and test are the same.
 *
 * @param sequenceLength The number of letters in a run, from 1 to 25; default: 3.
 * @returns Sets of `x`, `[run, time, letter]` with a single 1 for each letter, and `y`, the numbers of the letters that
 * follow (A is 0).
 * @throws {RangeError} if `sequenceLength` is not a whole number from 1 to 25.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { alphabet, alphabetLoader } from "@yadll/yadll/data";
 *
 * const [training] = alphabetLoader(3);
 * assertEquals(training.x.shape, [23, 3, 26]);
 * assertEquals(alphabet[training.y[0]], "D");
 * ```
 */
export function alphabetLoader(
  sequenceLength = 3,
): readonly [training: AlphabetSet, validation: AlphabetSet, test: AlphabetSet] {
  checkArguments("make runs of letters", { sequenceLength }, runLength);
  const runs = alphabet.length - sequenceLength;
  const letters = Array.from(
    { length: runs * sequenceLength },
    (_, i) => Math.floor(i / sequenceLength) + i % sequenceLength,
  );
  const { values } = oneHotEncoding(letters, alphabet.length - 1);
  const set: AlphabetSet = {
    x: { values, shape: [runs, sequenceLength, alphabet.length] },
    y: Int32Array.from({ length: runs }, (_, run) => run + sequenceLength),
  };
  return [set, set, set];
}

/** Runs of letters and the numbers of the letters that follow them. */
export interface AlphabetSet extends SampleSet {
  /** The number of the letter that follows each run. */
  readonly y: Int32Array;
}
