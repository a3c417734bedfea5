/**
 * How well a few examples were learned, as text.
 *
 * @module
 */

import { decimalsText } from "../number_text.ts";
import type { Overfit } from "./overfit_goal.ts";
import type { Report } from "./report.ts";

/** The lines about a training that overfits. If it failed, they say what to look at. */
export function overfitLines(
  { examples, firstLoss, goal, reached, lookAt }: Overfit,
  { validationLoss }: Pick<Report, "validationLoss">,
): string[] {
  const [first, least] = [decimalsText(firstLoss, 3), decimalsText(goal, 3)];
  const last = typeof validationLoss === "number" ? decimalsText(validationLoss, 3) : "unknown";
  const what = examples === 1 ? "1 example" : `${examples} examples`;
  if (reached) return [`Overfitting ${what} succeeded: the loss fell from ${first} to ${last}, near zero`];
  return [
    `Warning: overfitting ${what} failed: the loss went from ${first} to ${last}, not to ${least} or less. ` +
    `Look at ${lookAt.join("; ")}`,
  ];
}
