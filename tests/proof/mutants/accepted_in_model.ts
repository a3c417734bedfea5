/**
 * Mutants of `model/` that no test notices, each with the reason why this is no gap in the tests.
 *
 * @module
 */

import type { Accepted } from "./accepted_mutant.ts";

/** Mutants of `model/` that may survive. */
export const acceptedInModel: readonly Accepted[] = [
  {
    file: "model/check_tokens.ts",
    context: "for (let firstRow = 0; firstRow < length; firstRow += AT_A_TIME) {",
    name: "firstRow < length → (firstRow <= length)",
    reason: "no rows have no tokens to check",
  },
  {
    file: "model/files/json_structure.ts",
    context: "for (let at = 0; at < text.length; at++) {",
    name: "at < text.length → (at <= text.length)",
    reason: "there is no character past the end, which is none of those that count",
  },
  {
    file: "model/files/json_structure.ts",
    context: "for (let quote = text.indexOf('\"', start + 1); quote >= 0; quote = text.indexOf('\"', quote + 1)) {",
    name: "quote >= 0 → (quote > 0)",
    reason: "quotes are searched behind the first character",
  },
  {
    file: "model/files/json_text.ts",
    context:
      "if (bytes.length * 2 * WIDE_COPIES > most && wideBytes(bytes) * WIDE_COPIES > most) throw tooLarge(file, most);",
    name: "bytes.length * 2 * WIDE_COPIES > most → (bytes.length * 2 * WIDE_COPIES >= most)",
    reason: "the second condition decides; the first one only avoids most counts",
  },
  {
    file: "model/files/json_text.ts",
    context: "for (let at = 0; at < bytes.length; at += PIECE_BYTES) {",
    name: "at < bytes.length → (at <= bytes.length)",
    reason: "no bytes are valid",
  },
  {
    file: "model/files/safetensors.ts",
    context: "for (let first = begin; first < end; first += step) {",
    name: "first < end → (first <= end)",
    reason: "an empty piece has no elements",
  },
  {
    file: "model/predict.ts",
    context: "if (count <= size && fixed === undefined) return run(x);",
    name: "count <= size → (count < size)",
    reason: "one part of all examples has the same outputs",
  },
  {
    file: "model/search/search.ts",
    context: "if (rows.size < total) {",
    name: "rows.size < total → (rows.size <= total)",
    reason: "nothing is tried if all results are known",
  },
  {
    file: "model/search/search.ts",
    context: "for (let start = 0; start < numbers.length; start += length) {",
    name: "start < numbers.length → (start <= numbers.length)",
    reason: "an empty wave has nothing to try",
  },
];
