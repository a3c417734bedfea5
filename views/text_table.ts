/**
 * Tables within pictures: columns of text and of numbers, each as wide as necessary.
 *
 * @module
 */

import type { Markish } from "@observablehq/plot";
import { widthOf } from "./compose.ts";
import type { Plot } from "./plot.ts";
import { cut } from "./wrap_text.ts";

/** The height of a line in pixels. */
export const LINE = 18;
/** The space between columns. */
export const GAP = 14;
const LONGEST_TEXT = 44;

/** A text of a table, and its position. */
interface TextCell {
  readonly text: string;
  /** -1 for the titles. */
  readonly line: number;
  readonly isText: boolean;
  /** The position of its start, or for numbers of its end, in pixels. */
  readonly at: number;
}

/** Texts in columns. */
export interface TextTable {
  readonly cells: readonly TextCell[];
  /** The width of all columns. */
  readonly width: number;
  /** The middle of a line, in pixels from the top. */
  middleOf(line: number): number;
}

/**
 * Arranges the columns of some lines below a head of some pixels, which ends with the titles. The first columns, as many
 * as `texts`, are text; the others are numbers.
 */
export function textTable(
  titles: readonly string[],
  lines: readonly (readonly string[])[],
  { texts: textColumns, head }: { readonly texts: number; readonly head: number },
): TextTable {
  const shown = lines.map((texts) => texts.map((text) => cut(text, LONGEST_TEXT)));
  const widths = titles.map((title, i) => Math.max(widthOf(title), ...shown.map((texts) => widthOf(texts[i] ?? ""))));
  const starts = widths.map((_, i) => widths.slice(0, i).reduce((sum, width) => sum + width + GAP, 0));
  const cells = [titles, ...shown].flatMap((texts, line) =>
    texts.map((text, column) => {
      const isText = column < textColumns;
      return { text, line: line - 1, isText, at: starts[column] + (isText ? 0 : widths[column]) };
    })
  );
  return { cells, width: starts.at(-1)! + widths.at(-1)!, middleOf: (line) => head + (line + 0.5) * LINE };
}

/** Draws a table, and stripes behind every second line. */
export function tableMarks(library: Plot, { cells, middleOf }: TextTable, width: number): Markish[] {
  const lines = Math.max(...cells.map(({ line }) => line)) + 1;
  const striped = Array.from({ length: Math.ceil(lines / 2) }, (_, i) => 2 * i);
  return [
    library.ruleY(striped, { x1: 0, x2: width, y: middleOf, strokeOpacity: 0.06, strokeWidth: LINE }),
    ...[true, false].map((isText) =>
      library.text(cells.filter((cell) => cell.isText === isText), {
        ...{ x: "at", y: ({ line }: TextCell) => middleOf(line), text: "text", textAnchor: isText ? "start" : "end" },
        fontWeight: 400,
      })
    ),
  ];
}
