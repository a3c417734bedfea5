/**
 * Panels, a title and a legend in one picture.
 *
 * @module
 */

import { escapeXml } from "./escape_xml.ts";
import { Picture } from "./picture.ts";
import { background, ink, type SeriesStyle, styleSheet } from "./theme.ts";

/** A part of a picture: an `svg` element without a position. */
export interface Panel {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

/** One line of a legend. */
export interface LegendEntry extends SeriesStyle {
  readonly label: string;
  readonly mark: "line" | "dot" | "ring";
}

/** The contents of a picture. */
export interface Composition {
  readonly title: string;
  readonly legend?: readonly LegendEntry[];
  /** A note below the panels, in small letters. */
  readonly note?: string;
  readonly panels: readonly Panel[];
  /** Panels side by side. */
  readonly columns: number;
  /** A description for readers who cannot see it; default: the title. */
  readonly description?: string;
}

/** The least width of a picture, so that titles and notes fit above and below narrow panels. */
const LEAST_WIDTH = 300;
const MARGIN = 10;
const TITLE_HEIGHT = 24;
const LEGEND_HEIGHT = 18;
const GAP = 8;
const SWATCH = 22;
/** The largest widths of a letter, in pixels, in the title and elsewhere. */
const WIDE_LETTER = 8.2;
const LETTER = 7;
/** The same in notes. */
const SMALL_LETTER = 6;

/** Makes a picture of panels in rows, below a title and a legend. */
export function compose({ title, legend = [], note, panels, columns, description = title }: Composition): Picture {
  const rows = inRows(panels, columns);
  const needed = Math.min(LEAST_WIDTH, Math.max(title.length * WIDE_LETTER, widthOf(note ?? "")));
  const inner = Math.max(needed, ...rows.map((row) => sum(row.map(({ width }) => width)) + GAP * (row.length - 1)));
  const width = Math.ceil(inner + 2 * MARGIN);
  const placed = placeLegend(legend, inner);
  let y = MARGIN + TITLE_HEIGHT + placed.height;
  const drawn = rows.map((row) => {
    let x = MARGIN;
    const parts = row.map(({ svg, width }) => {
      const part = svg.replace("<svg ", `<svg x="${x}" y="${y}" `);
      x += width + GAP;
      return part;
    });
    y += Math.max(...row.map(({ height }) => height)) + GAP;
    return parts.join("\n");
  });
  const notes = note === undefined ? [] : [
    text(note, [MARGIN, y += 10], { style: `font-size="10" fill-opacity="0.75"`, room: inner, letter: SMALL_LETTER }),
  ];
  const height = Math.ceil(y + MARGIN - (notes.length > 0 ? 4 : GAP));
  const headStyle = { style: `font-size="13" font-weight="600"`, room: inner, letter: WIDE_LETTER };
  const head = text(title, [MARGIN, MARGIN + 12], headStyle);
  const parts = [head, placed.svg, ...drawn, ...notes];
  return new Picture({ svg: frame(parts, { width, height, description }), width, height, description });
}

function frame(
  parts: readonly string[],
  { width, height, description }: Pick<Picture, "width" | "height" | "description">,
): string {
  return [
    `<svg class="yadll-picture" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" ` +
    `height="${height}" font-family="system-ui, sans-serif" font-size="11" fill="currentColor" color="${ink[0]}" ` +
    `role="img" aria-label="${escapeXml(description)}">`,
    `<style>${styleSheet}</style>`,
    `<rect width="${width}" height="${height}" fill="${background[0]}"/>`,
    ...parts.filter((part) => part !== ""),
    "</svg>",
  ].join("\n");
}

/** Draws samples of the marks, from `left` on, around the height `middle`. */
const swatches: Readonly<Record<LegendEntry["mark"], (left: number, middle: number, style: SeriesStyle) => string>> = {
  line: (left, middle, { color, dash }) =>
    `<path d="M${left},${middle}h${SWATCH}" stroke="${color}" stroke-width="2" stroke-dasharray="${dash}"/>`,
  dot: (left, middle, { color }) => `<circle cx="${left + SWATCH / 2}" cy="${middle}" r="4" fill="${color}"/>`,
  ring: (left, middle, { color }) =>
    `<circle cx="${left + SWATCH / 2}" cy="${middle}" r="5" fill="none" stroke="${color}" stroke-width="2"/>`,
};

/** Arranges entries side by side, in as many rows as they need. */
function placeLegend(legend: readonly LegendEntry[], width: number): { readonly svg: string; readonly height: number } {
  let [x, row] = [0, 0];
  const parts = legend.map(({ label, mark, color, dash }) => {
    const needed = SWATCH + 6 + widthOf(label) + 12;
    if (x > 0 && x + needed > width) [x, row] = [0, row + 1];
    const [left, middle] = [MARGIN + x, MARGIN + TITLE_HEIGHT + row * LEGEND_HEIGHT + 5];
    x += needed;
    const swatch = swatches[mark](left, middle, { color, dash });
    return swatch + text(label, [left + SWATCH + 6, middle + 4], { room: width - SWATCH - 6 });
  });
  return { svg: parts.join("\n"), height: legend.length === 0 ? 0 : (row + 1) * LEGEND_HEIGHT + 4 };
}

/** Returns the largest width of a text in small letters, in pixels. */
export function widthOf(label: string): number {
  return label.length * LETTER;
}

/** The appearance of a line of text, in pixels. */
interface TextOptions {
  /** Attributes of the element. */
  readonly style?: string;
  /** The width that the line may take. */
  readonly room: number;
  /** The largest width of a letter. */
  readonly letter?: number;
}

/** A line of text, cut off if it is too long. */
function text(content: string, [x, y]: readonly [x: number, y: number], options: TextOptions): string {
  const { style, room, letter = LETTER } = options;
  const attributes = style === undefined ? "" : ` ${style}`;
  return `<text x="${x}" y="${y}"${attributes}>${escapeXml(cut(content, Math.floor(room / letter)))}</text>`;
}

/** Cuts a text off after a number of letters. */
export function cut(label: string, most: number): string {
  return label.length > most ? `${label.slice(0, Math.max(1, most - 1))}…` : label;
}

function inRows<T>(items: readonly T[], columns: number): readonly (readonly T[])[] {
  return Array.from(
    { length: Math.ceil(items.length / columns) },
    (_, row) => items.slice(row * columns, (row + 1) * columns),
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
