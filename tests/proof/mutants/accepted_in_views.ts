/**
 * Mutants of `views/` and `cli/` that no test notices, each with the reason why this is no gap in the tests. Those that
 * were found first are in `accepted.ts`.
 *
 * @module
 */

import { type Accepted, ofLine } from "./accepted_mutant.ts";

/** Mutants of `views/` and `cli/` that may survive. */
export const acceptedInViews: readonly Accepted[] = [
  ...ofLine(
    {
      file: "views/events/event_writer.ts",
      context: "if (open && flushing.has(event.event)) this.#try(() => open.syncDataSync());",
      reason: "what is synchronized survives a loss of power, which tests cannot cause",
    },
    "if (open && flushing.has(event.event)) this.#try(() => open.syncDataSync()); → ;",
    "this.#try(() => open.syncDataSync()); → ;",
    "open && flushing.has(event.event) → (open)",
    "open && flushing.has(event.event) → !(open && flushing.has(event.event))",
  ),
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
    file: "views/curve_data.ts",
    context: "return linearScale(values, { steps: STEPS, fromZero: low >= 0 && low < high / 2 });",
    name: "low >= 0 → (low > 0)",
    reason: "the scale of values from 0 on begins at 0 in any case",
  },
  {
    file: "views/curve_data.ts",
    context: "return linearScale(values, { steps: STEPS, fromZero: low >= 0 && low < high / 2 });",
    name: "low < high / 2 → (low <= high / 2)",
    reason: "from which share on a scale begins at 0 is a matter of taste",
  },
  {
    file: "views/curve_data.ts",
    context: "const step = [1, 2, 5].map((digit) => digit * power).find((step) => step >= least) ?? 10 * power;",
    name: "step >= least → (step > least)",
    reason: "how many ticks an axis has is a matter of taste; tests check that their labels do not overlap",
  },
  {
    file: "views/learning_curves.ts",
    context:
      "return value === 0 || Math.abs(value) >= 0.001 ? formatError(value, unit) : `${showNumber(value)} ${unit}`.trimEnd();",
    name: "Math.abs(value) >= 0.001 → (Math.abs(value) > 0.001)",
    reason: "both write 0.001",
  },
  {
    file: "cli/evaluate_set.ts",
    context: "if (metrics.length > 0) asUsageError(() => checkEvaluation(model, set, metrics));",
    name: "metrics.length > 0 → (metrics.length >= 0)",
    reason: "no metrics were checked on the line before",
  },
  {
    file: "cli/runs/lines.ts",
    context: "return start > 0 ? parseText(line.slice(start)) : undefined;",
    name: "start > 0 → (start >= 0)",
    reason: "the whole line could not be read before",
  },
  {
    file: "cli/runs/lines.ts",
    context: "if (kept.length > 0) begun.push(kept);",
    name: "kept.length > 0 → (kept.length >= 0)",
    reason: "a piece without bytes adds none to the line",
  },
  ...ofLine(
    {
      file: "cli/images/digit.ts",
      context: "let [left, right, top, bottom] = [width, -1, height, -1];",
      reason: "there is ink, whose columns and rows are from 0 on, so other bounds take their place",
    },
    ...["1 → 2", "1 → (0)", "1 → 0"],
  ),
  ...ofLine(
    {
      file: "cli/images/digit.ts",
      context:
        "const rows = [values.subarray(0, width), ...height > 1 ? [values.subarray((height - 1) * width)] : []];",
      reason: "the median of values that all occur twice is the same",
    },
    ...["1 → (0)", "1 → 0"],
  ),
];
