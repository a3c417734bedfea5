/**
 * Rows of a search that was never run, for tests of tables and pictures.
 *
 * @module
 */

import { resultOf } from "./result.ts";
import type { SearchRow } from "./row.ts";

/** A row without figures, except for the changes. */
export function row(number: number, changes: Partial<SearchRow>): SearchRow {
  return {
    number,
    hyperparameters: { rate: 0.1 ** number, activation: "tanh" },
    outcome: "trained",
    validationError: null,
    testError: null,
    errorUnit: "%",
    bestIteration: null,
    epochs: 3,
    errors: [],
    seconds: 1.25,
    device: "WebAssembly",
    failure: null,
    ...changes,
  };
}

/** A failure whose message contains special characters of every format. */
export const failure = { name: "TypeError", message: 'Cannot <b>add</b> "a",\n`b` | c & d' };
const rows = [
  row(0, { outcome: "failed", failure }),
  row(1, { validationError: 10 / 3, testError: 4 }),
  row(2, { validationError: 3, hyperparameters: { rate: 0.01, activation: Math.tanh } }),
];
/** A row that failed and two with an error; two more are missing. */
export const result = resultOf(["rate", "activation"], rows, 5);
