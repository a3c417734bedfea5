/**
 * Lines over epochs.
 *
 * @module
 */

import type { LegendEntry, Panel } from "./compose.ts";
import { plot } from "./plot.ts";
import { seriesStyle } from "./theme.ts";

/** A point of a line. */
export interface Point {
  /** Counted from 1; the end of an epoch is a whole number. */
  readonly epoch: number;
  readonly value: number;
}

/** A line. */
export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
}

/** Lines over epochs. */
export interface Curves {
  readonly series: readonly Series[];
  /** The name of the values, with their unit. */
  readonly label: string;
  /** A point to mark. */
  readonly mark?: Point | undefined;
  readonly width: number;
  readonly height: number;
  /** Whether the scale is logarithmic; values without a logarithm are left out. */
  readonly logarithmic?: boolean;
}

/** Lines with more points have no dots. */
const MOST_DOTS = 30;
const PIXELS_PER_TICK = 45;
/** The color of marks: black or white. */
const MARK = "currentColor";

/** Draws a panel of lines over epochs. */
export function curves({ series, label, mark, width, height, logarithmic = false }: Curves): Promise<Panel> {
  const isDrawn = ({ value }: Point): boolean => Number.isFinite(value) && (!logarithmic || value > 0);
  const drawn = series.map(({ points }) => points.filter(isDrawn));
  const marks = mark && isDrawn(mark) ? [mark] : [];
  const points = [...drawn.flat(), ...marks];
  const range = boundsOf(points.map(({ epoch }) => epoch));
  return plot((Plot) => ({
    width,
    height,
    marginLeft: 52,
    marginTop: 26,
    marginBottom: 34,
    style: { fontSize: "11px" },
    x: { domain: range[0] === range[1] ? [range[0] - 0.5, range[1] + 0.5] : range },
    y: { label, labelArrow: "none", nice: true, ...verticalScale(points, logarithmic) },
    marks: [
      Plot.gridY({ strokeOpacity: 0.15, ticks: 5 }),
      Plot.axisY({ ticks: 5, label, labelArrow: "none", tickSize: 0, ...logarithmic && { tickFormat: "~r" } }),
      Plot.axisX(wholeNumbers(range, Math.max(2, Math.floor(width / PIXELS_PER_TICK))), {
        label: "epoch",
        labelArrow: "none",
        tickFormat: "d",
      }),
      Plot.ruleX(mark ? [mark.epoch] : [], { stroke: MARK, strokeOpacity: 0.45, strokeDasharray: "3 3" }),
      ...drawn.flatMap((line, i) => {
        const { color, dash } = seriesStyle(i);
        const place = { x: "epoch", y: "value" } as const;
        return [
          Plot.line(line, { ...place, stroke: color, strokeWidth: 2, strokeDasharray: dash }),
          Plot.dot(line.length > MOST_DOTS ? [] : line, { ...place, fill: color, r: 2.2 }),
        ];
      }),
      Plot.dot(marks, { x: "epoch", y: "value", r: 5, fill: "none", stroke: MARK, strokeWidth: 2 }),
    ],
  }));
}

/** Returns the legend of lines. */
export function legendOf(names: readonly string[]): LegendEntry[] {
  return names.map((label, i) => ({ label, mark: "line", ...seriesStyle(i) }));
}

/** Returns the vertical scale, which starts at 0 if values are near it. */
function verticalScale(points: readonly Point[], logarithmic: boolean): { type: "log" | "linear"; zero?: boolean } {
  if (logarithmic) return { type: "log" };
  const [low, high] = boundsOf(points.map(({ value }) => value));
  return { type: "linear", zero: low >= 0 && low < high / 2 };
}

function boundsOf(values: readonly number[]): [number, number] {
  if (values.length === 0) return [1, 1];
  return [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
}

/** Returns at most `most` round whole numbers of a range. */
function wholeNumbers([low, high]: readonly [number, number], most: number): number[] {
  const least = (high - low) / most;
  const power = 10 ** Math.max(0, Math.floor(Math.log10(least)));
  const step = [1, 2, 5, 10].map((digit) => digit * power).find((step) => step >= least) ?? 10 * power;
  const first = step === 1 ? Math.ceil(low) : Math.ceil(low / step) * step;
  return Array.from({ length: Math.max(0, Math.floor((high - first) / step) + 1) }, (_, i) => first + i * step);
}
