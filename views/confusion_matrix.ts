/**
 * The confusion matrix.
 *
 * @module
 */

import { refuseSurplus } from "../core/options/surplus.ts";
import { confusionKind } from "./argument_kinds.ts";
import { checkArgument, readOptions } from "../core/options/read.ts";
import { anyText, textKind } from "../core/options/kinds.ts";
import { positive } from "../core/options/numbers.ts";
import type { Declaration } from "../core/options/option.ts";
import { list } from "../core/options/values.ts";
import type { Markish } from "@observablehq/plot";
import { compose, type Panel } from "./compose.ts";
import type { Confusion } from "./confusion_counts.ts";
import type { Picture } from "./picture.ts";
import { type Plot as PlotLibrary, plot } from "./plot.ts";
import { background, bad, good } from "./theme.ts";
import { cut, cutMiddle } from "./wrap_text.ts";

/** Options of {@linkcode confusionMatrix}. */
export interface ConfusionOptions {
  /** The title; default: `Confusion matrix`. */
  readonly title?: string;
  /** The names of the classes; default: their numbers. */
  readonly labels?: readonly string[];
  /** The largest width of the matrix in pixels; default: 420. */
  readonly width?: number;
}

/** {@linkcode ConfusionOptions}, declared. */
export const confusionOptions = {
  title: anyText({ default: "Confusion matrix", help: "title" }),
  labels: list(textKind, { otherwise: "their numbers", help: "names of the classes" }),
  width: positive({ default: 420, help: "largest width of the matrix in pixels" }),
} satisfies Declaration<ConfusionOptions>;

const MOST_CELL = 44;
/** The least width of a matrix, for the titles of its axes. */
const LEAST_SIDE = 110;
/** Smaller cells show no number. */
const LEAST_CELL_WITH_NUMBER = 22;
const LETTER = 7;
const LONGEST_LABEL = 16;
/** The width of a digit for each pixel of the font size, and the largest and the smallest size of numbers. */
const DIGIT = 0.64;
const MOST_SIZE = 11;
const LEAST_SIZE = 7;
/** The least distance between labels, in pixels. */
const LEAST_STEP = 12;
/** Numbers on stronger cells than this have the color of the background. */
const DARK = 0.55;
/** The strength of a cell with one example. */
const FAINTEST = 0.12;

interface Cell {
  readonly target: string;
  readonly prediction: string;
  readonly count: number;
  readonly isRight: boolean;
  /** From 0 to 1, by the fraction of the examples of its class. */
  readonly strength: number;
}

function cellsOf({ counts }: Confusion, labels: readonly string[]): Cell[] {
  return counts.flatMap((row, target) => {
    const examples = row.reduce((sum, count) => sum + count, 0);
    return row.map((count, prediction) => ({
      target: labels[target],
      prediction: labels[prediction],
      count,
      isRight: target === prediction,
      // The square root makes rare confusions visible.
      strength: count === 0 ? 0 : FAINTEST + (1 - FAINTEST) * Math.sqrt(count / examples),
    }));
  });
}

/**
 * Draws the confusion matrix, with a row for each true class and a column for each predicted one. Correct predictions
 * are on the diagonal.
 *
 * @throws {RangeError} if there are not as many labels as classes, or labels are equal.
 * @throws {LibraryError} if the drawing library cannot be loaded.
 *
 * @example
 * ```ts
 * import { confusionMatrix, countConfusion } from "@yadll/yadll/views";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const picture = await confusionMatrix(countConfusion([0, 1, 1, 1], [0, 1, 0, 1]), { labels: ["cat", "dog"] });
 * assertStringIncludes(picture.svg, "1 of 4 examples misclassified, 25.00 %");
 * ```
 */
export async function confusionMatrix(confusion: Confusion, options?: ConfusionOptions): Promise<Picture> {
  refuseSurplus("confusionMatrix", arguments, 2);
  checkArgument("draw a confusion matrix", confusion, confusionKind);
  const { counts, total, wrong } = confusion;
  const given = readOptions("draw a confusion matrix", confusionOptions, options);
  const { title, labels = counts.map((_, i) => String(i)), width } = given;
  if (new Set(labels).size !== counts.length) {
    throw new RangeError(
      `Cannot label ${counts.length} classes by ${labels.length} labels: expected a different label for each class`,
    );
  }
  const classes = Math.max(1, counts.length);
  const cell = Math.max(LEAST_SIDE / classes, Math.min(MOST_CELL, width / classes));
  const panel = await matrix(cellsOf(confusion, labels), labels, cell);
  const share = total === 0 ? 0 : wrong / total * 100;
  const [few, all] = [wrong, total].map((count) => count.toLocaleString("en-US"));
  const note = `${few} of ${all} examples misclassified, ${share.toFixed(2)} %`;
  return compose({ title, note, panels: [panel], columns: 1, description: `${title}: ${note}` });
}

function matrix(cells: readonly Cell[], labels: readonly string[], cell: number): Promise<Panel> {
  const shown = shortened(labels);
  const longest = Math.max(1, ...shown.map(({ length }) => length)) * LETTER;
  const turned = longest > cell;
  const [left, bottom] = [longest + 40, turned ? 44 + 0.8 * longest : 44];
  const side = cell * labels.length;
  const ticks = labels.filter((_, i) => i % Math.ceil(LEAST_STEP / cell) === 0);
  return plot((Plot) => ({
    width: Math.ceil(left + side + 4),
    height: Math.ceil(4 + side + bottom),
    ...{ marginLeft: left, marginRight: 4, marginTop: 4, marginBottom: bottom },
    style: { fontSize: "11px" },
    x: { domain: labels, padding: 0.06 },
    y: { domain: labels, padding: 0.06 },
    opacity: { type: "identity" },
    marks: [
      ...axes(Plot, { ticks, shown: new Map(labels.map((label, i) => [label, shown[i]])), turned }),
      Plot.frame({ fill: "currentColor", fillOpacity: 0.05, stroke: "none" }),
      ...squares(Plot, cells),
      ...cell < LEAST_CELL_WITH_NUMBER ? [] : numbers(Plot, cells, cell),
    ],
  }));
}

/** Cuts labels off that are too long: in their middle if they would be alike otherwise. */
function shortened(labels: readonly string[]): string[] {
  const short = labels.map((label) => cut(label, LONGEST_LABEL));
  return new Set(short).size === labels.length ? short : labels.map((label) => cutMiddle(label, LONGEST_LABEL));
}

/** The classes that have a label, the text of each, and whether the texts below the matrix are vertical. */
interface Labels {
  readonly ticks: readonly string[];
  readonly shown: ReadonlyMap<string, string>;
  readonly turned: boolean;
}

function axes(Plot: PlotLibrary, { ticks, shown, turned }: Labels): Markish[] {
  const tickFormat = (label: string): string => shown.get(label) ?? label;
  const shared = { ticks, tickSize: 0, tickFormat, labelAnchor: "center", labelArrow: "none" } as const;
  return [
    Plot.axisX({ ...shared, label: "predicted class", tickRotate: turned ? -90 : 0 }),
    Plot.axisY({ ...shared, label: "true class" }),
  ];
}

/** A square for each cell that has examples, with different colors for right and wrong predictions. */
function squares(Plot: PlotLibrary, cells: readonly Cell[]): Markish[] {
  return [true, false].map((right) =>
    Plot.cell(cells.filter(({ isRight, count }) => isRight === right && count > 0), {
      x: "prediction",
      y: "target",
      fill: right ? good[0] : bad[0],
      fillOpacity: "strength",
    })
  );
}

/** Writes the number of examples into each cell, in the same size: short forms such as 980K if others do not fit. */
function numbers(Plot: PlotLibrary, cells: readonly Cell[], cell: number): Markish[] {
  const forms = [{}, { notation: "compact", maximumSignificantDigits: 3 }] as const;
  const [whole, short] = forms.map((form) => ({ count }: Cell): string => count.toLocaleString("en-US", form));
  const sizeOf = (text: (cell: Cell) => string): number =>
    cells.reduce((size, one) => Math.min(size, (cell - 3) / (DIGIT * text(one).length)), Math.min(MOST_SIZE, cell / 3));
  const text = sizeOf(whole) < LEAST_SIZE ? short : whole;
  return [true, false].map((dark) =>
    Plot.text(cells.filter(({ count, strength }) => count > 0 && strength > DARK === dark), {
      x: "prediction",
      y: "target",
      text,
      fill: dark ? background[0] : "currentColor",
      fontSize: sizeOf(text),
    })
  );
}
