/**
 * Mutants of `views/` and `cli/` that no test notices, each with the reason why this is no gap in the tests. Those that
 * were found first are in `accepted.ts`.
 *
 * @module
 */

import type { Accepted } from "./accepted_mutant.ts";

/** Mutants of `views/` and `cli/` that may survive. */
export const acceptedInViews: readonly Accepted[] = [
  {
    file: "views/confusion_matrix.ts",
    context: "const turned = longest > cell;",
    name: "longest > cell → (longest >= cell)",
    reason: "widths of texts are estimates, so labels that fit exactly may as well be turned",
  },
  {
    file: "views/rate_curve.ts",
    context: "return end < 0 ? points : points.slice(0, end);",
    name: "end < 0 → (end <= 0)",
    reason: "the first loss is not more than twice itself, so the end is never the first point",
  },
  ...[
    "suggestion >= rates.domain[0] → (suggestion > rates.domain[0])",
    "suggestion <= rates.domain[1] → (suggestion < rates.domain[1])",
  ].map((name): Accepted => ({
    file: "views/rate_curve.ts",
    context: "const within = suggestion !== null && suggestion >= rates.domain[0] && suggestion <= rates.domain[1];",
    name,
    reason: "axes extend beyond their values, so only a suggestion that is none of the rates is exactly at an end",
  })),
  {
    file: "cli/runs/folder.ts",
    context: "if (end < size) file.truncateSync(end);",
    name: "end < size → (end <= size)",
    reason: "a file that is cut to its own length stays as it is",
  },
];
