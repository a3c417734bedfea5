/**
 * The losses of a learning-rate range test as text.
 *
 * @module
 */

import { refuseSurplus } from "../core/options/surplus.ts";
import { checkArgument, readOptions } from "../core/options/read.ts";
import type { LearningRateRange } from "../model/training/rate_range.ts";
import { rateRangeKind } from "./argument_kinds.ts";
import { loadLibrary } from "./drawing_libraries.ts";
import { rateText, shownPoints } from "./rate_curve.ts";
import { showNumber } from "./scale.ts";
import { chart, lineColors } from "./terminal_chart.ts";
import { type TerminalOptions, terminalOptions } from "./terminal_curves.ts";

/**
 * Draws the smoothed losses of a learning-rate range test as text for a terminal, over the logarithm of the rates.
 *
 * @throws {LibraryError} if the drawing library cannot be loaded.
 *
 * @example
 * ```ts
 * import { terminalRateCurve } from "@yadll/yadll/views";
 * import { assert } from "@std/assert";
 *
 * const points = [2.3, 2.2, 1.4, 2].map((loss, i) => ({ rate: 10 ** (i - 3), loss, smoothed: loss }));
 * const range = { points, suggestion: 0.01, steepest: 0.01, lowest: 0.1, stop: "steps" as const };
 * const text = await terminalRateCurve(range, { columns: 70 });
 * assert(text.startsWith("smoothed loss, suggestion 0.01; lowest loss at 0.1\n"));
 * ```
 */
export async function terminalRateCurve(range: LearningRateRange, options?: TerminalOptions): Promise<string> {
  refuseSurplus("terminalRateCurve", arguments, 2);
  checkArgument("draw learning rates as text", range, rateRangeKind);
  const size = readOptions("draw learning rates as text", terminalOptions, options);
  const library = await loadLibrary("asciichart");
  const points = shownPoints(range.points).map(({ rate, smoothed }) => ({ epoch: Math.log10(rate), value: smoothed }));
  return chart(library, {
    lines: [{ name: "smoothed loss", points, color: lineColors.blue }],
    addition: `, ${rateText(range)}`,
    ends: (first, last) => [`learning rate ${showNumber(10 ** first)}`, first === last ? "" : showNumber(10 ** last)],
  }, size);
}
