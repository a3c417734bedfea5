/**
 * Lines over epochs.
 *
 * @module
 */

import type { Markish } from "@observablehq/plot";
import { type LegendEntry, type Panel, widthOf } from "./compose.ts";
import { type Plot as PlotLibrary, plot } from "./plot.ts";
import { boundsOf, linearScale, logScale, type Scale } from "./scale.ts";
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
/** The number of steps between ticks of the vertical axis, about. */
const STEPS = 5;
/** The least space for the labels of the vertical axis, so that panels are alike. */
const LEAST_MARGIN = 46;
/** The same to the right of the last epoch. */
const LEAST_RIGHT = 16;
/** The color of marks: black or white. */
const MARK = "currentColor";

/** Draws a panel of lines over epochs. */
export function curves({ series, label, mark, width, height, logarithmic = false }: Curves): Promise<Panel> {
  const isDrawn = ({ value }: Point): boolean => Number.isFinite(value) && (!logarithmic || value > 0);
  const drawn = series.map(({ points }) => points.filter(isDrawn));
  const marks = mark && isDrawn(mark) ? [mark] : [];
  const points = [...drawn.flat(), ...marks];
  const range = points.length === 0 ? [1, 1] as const : boundsOf(points.map(({ epoch }) => epoch));
  const { type, domain, ticks, minor } = verticalScale(points, logarithmic);
  const labels = new Map(points.length === 0 ? [] : ticks.map((tick) => [tick.value, tick.label]));
  return plot((Plot) => ({
    width,
    height,
    marginLeft: Math.max(LEAST_MARGIN, ...[...labels.values()].map((text) => widthOf(text) + 8)),
    marginRight: Math.max(LEAST_RIGHT, widthOf(String(Math.ceil(range[1]))) / 2 + 2),
    marginTop: 26,
    marginBottom: 34,
    style: { fontSize: "11px" },
    x: { domain: range[0] === range[1] ? [range[0] - 0.5, range[1] + 0.5] : range },
    y: { type, domain, label },
    marks: [
      Plot.gridY(minor, { strokeOpacity: 0.07 }),
      Plot.gridY([...labels.keys()], { strokeOpacity: 0.15 }),
      Plot.axisY([...labels.keys()], {
        ...{ label, labelArrow: "none", tickSize: 0, tickFormat: (value: number) => labels.get(value) ?? "" },
      }),
      Plot.axisX(wholeNumbers(range, Math.max(2, Math.floor(width / PIXELS_PER_TICK))), {
        label: "epoch",
        labelArrow: "none",
        tickFormat: "d",
      }),
      Plot.ruleX(mark ? [mark.epoch] : [], { stroke: MARK, strokeOpacity: 0.45, strokeDasharray: "3 3" }),
      ...drawn.flatMap((line, i) => lineMarks(Plot, line, i)),
      Plot.dot(marks, { x: "epoch", y: "value", r: 5, fill: "none", stroke: MARK, strokeWidth: 2 }),
    ],
  }));
}

function lineMarks(Plot: PlotLibrary, line: readonly Point[], number: number): Markish[] {
  const { color, dash } = seriesStyle(number);
  const place = { x: "epoch", y: "value" } as const;
  const radius = line.length === 1 ? 3.5 : 2.2;
  return [
    Plot.line(line, { ...place, stroke: color, strokeWidth: 2, strokeDasharray: dash }),
    Plot.dot(line.length > MOST_DOTS ? [] : line, { ...place, fill: color, r: radius }),
  ];
}

/** Returns the legend of lines. */
export function legendOf(names: readonly string[]): LegendEntry[] {
  return names.map((label, i) => ({ label, mark: "line", ...seriesStyle(i) }));
}

/** Returns the vertical scale, which starts at 0 if values are near it. */
function verticalScale(points: readonly Point[], logarithmic: boolean): Scale {
  const values = points.map(({ value }) => value);
  if (logarithmic && values.length > 0) return logScale(values);
  const [low, high] = boundsOf(values);
  return linearScale(values, { steps: STEPS, fromZero: low >= 0 && low < high / 2 });
}

/** Returns at most `most` round whole numbers of a range. */
function wholeNumbers([low, high]: readonly [number, number], most: number): number[] {
  const least = (high - low) / most;
  const power = 10 ** Math.max(0, Math.floor(Math.log10(least)));
  const step = [1, 2, 5].map((digit) => digit * power).find((step) => step >= least) ?? 10 * power;
  const first = Math.ceil(low / step) * step;
  return Array.from({ length: Math.max(0, Math.floor((high - first) / step) + 1) }, (_, i) => first + i * step);
}
