/**
 * The losses of a learning-rate range test.
 *
 * @module
 */

import { refuseSurplus } from "../core/options/surplus.ts";
import { anyText } from "../core/options/kinds.ts";
import { positive } from "../core/options/numbers.ts";
import type { Declaration } from "../core/options/option.ts";
import { checkArgument, readOptions } from "../core/options/read.ts";
import type { LearningRateRange, RatePoint } from "../model/training/rate_range.ts";
import { rateRangeKind } from "./argument_kinds.ts";
import { compose, type Panel, widthOf } from "./compose.ts";
import { legendOf } from "./curve_data.ts";
import type { Picture } from "./picture.ts";
import { plot } from "./plot.ts";
import { linearScale, logScale, showNumber } from "./scale.ts";
import { seriesStyle } from "./theme.ts";

/** Options of {@linkcode rateCurve}. */
export interface RateCurveOptions {
  /** The title; default: `Learning rates`. */
  readonly title?: string;
  /** The width in pixels; default: 560. */
  readonly width?: number;
  /** The height of the panel in pixels; default: 300. */
  readonly height?: number;
}

/** {@linkcode RateCurveOptions}, declared. */
export const rateCurveOptions = {
  title: anyText({ default: "Learning rates", help: "title" }),
  width: positive({ default: 560, help: "width in pixels" }),
  height: positive({ default: 300, help: "height of the panel in pixels" }),
} satisfies Declaration<RateCurveOptions>;

/** The space to the left of the axis. */
const LEAST_MARGIN = 46;

/** Returns what a range test found, as text: `suggestion 0.17; lowest loss at 1.7`. */
export function rateText({ suggestion, lowest }: LearningRateRange): string {
  if (lowest === null) return "no losses";
  const advice = suggestion === null ? "no suggestion: the loss does not fall" : `suggestion ${showNumber(suggestion)}`;
  return `${advice}; lowest loss at ${showNumber(lowest)}`;
}

/**
 * Draws the losses of a learning-rate range test over the learning rates, which have a logarithmic scale. The suggestion
 * is marked.
 *
 * @throws {LibraryError} if the drawing library cannot be loaded.
 *
 * @example
 * ```ts
 * import { rateCurve } from "@yadll/yadll/views";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const points = [2.3, 2.2, 1.4, 9].map((loss, i) => ({ rate: 10 ** (i - 3), loss, smoothed: loss }));
 * const range = { points, suggestion: 0.01, steepest: 0.01, lowest: 0.1, stop: "diverged" as const };
 * const picture = await rateCurve(range, { title: "mlp" });
 * assertStringIncludes(picture.svg, "suggestion 0.01");
 * ```
 */
export async function rateCurve(range: LearningRateRange, options?: RateCurveOptions): Promise<Picture> {
  refuseSurplus("rateCurve", arguments, 2);
  checkArgument("draw learning rates", range, rateRangeKind);
  const { title, width, height } = readOptions("draw learning rates", rateCurveOptions, options);
  const [smoothed, each] = legendOf(["smoothed loss", "loss of a step"]);
  const { suggestion } = range;
  const mark = { mark: "ring", color: "currentColor", dash: "none" } as const;
  return compose({
    title,
    legend: [
      smoothed,
      each,
      ...suggestion === null ? [] : [{ label: `suggestion ${showNumber(suggestion)}`, ...mark }],
    ],
    panels: [await panelOf(range, { width, height })],
    columns: 1,
    description: `${title}: losses of ${range.points.length} steps at rising learning rates; ${rateText(range)}`,
  });
}

/** Losses far above the first one would hide the others. */
const HIGHEST = 2;

function panelOf(
  { points, suggestion }: LearningRateRange,
  { width, height }: { readonly width: number; readonly height: number },
): Promise<Panel> {
  const top = HIGHEST * Math.max(...points.slice(0, 1).map(({ smoothed }) => Math.abs(smoothed)), 0);
  const shown = points.filter(({ loss, smoothed }) => Math.max(loss, smoothed) <= (top === 0 ? Infinity : top));
  const rates = logScale(shown.length === 0 ? [1] : shown.map(({ rate }) => rate));
  const losses = linearScale(shown.flatMap(({ loss, smoothed }) => [loss, smoothed]), { fromZero: true });
  const labels = new Map(losses.ticks.map(({ value, label }) => [value, label]));
  const names = new Map(rates.ticks.map(({ value, label }) => [value, label]));
  const within = suggestion !== null && suggestion >= rates.domain[0] && suggestion <= rates.domain[1];
  const rule = within ? [suggestion] : [];
  const marked = rule.flatMap((best) => shown.filter(({ rate }) => rate >= best).slice(0, 1));
  return plot((Plot) => ({
    width,
    height,
    marginLeft: Math.max(LEAST_MARGIN, ...[...labels.values()].map((text) => widthOf(text) + 8)),
    marginRight: 16,
    marginTop: 26,
    marginBottom: 34,
    style: { fontSize: "11px" },
    x: { type: "log", domain: rates.domain },
    y: { type: "linear", domain: losses.domain },
    marks: [
      Plot.gridY([...labels.keys()], { strokeOpacity: 0.15 }),
      Plot.axisY([...labels.keys()], {
        ...{ label: "loss", labelArrow: "none", tickSize: 0, tickFormat: (value: number) => labels.get(value) ?? "" },
      }),
      Plot.axisX([...names.keys()], {
        ...{ label: "learning rate", labelArrow: "none", tickFormat: (value: number) => names.get(value) ?? "" },
      }),
      Plot.ruleX(rule, { stroke: "currentColor", strokeOpacity: 0.45 }),
      Plot.dot(shown, { x: "rate", y: "loss", r: 1.8, fill: seriesStyle(1).color }),
      Plot.line(shown, { x: "rate", y: "smoothed", stroke: seriesStyle(0).color, strokeWidth: 2 }),
      Plot.dot(marked, { x: "rate", y: "smoothed", r: 5, fill: "none", stroke: "currentColor", strokeWidth: 2 }),
    ],
  }));
}

/** Returns the part of the points that is worth drawing as text: up to twice the first smoothed loss. */
export function shownPoints(points: readonly RatePoint[]): readonly RatePoint[] {
  const [first] = points;
  const end = points.findIndex(({ smoothed }) => smoothed > HIGHEST * Math.abs(first.smoothed));
  return end < 0 ? points : points.slice(0, end);
}
