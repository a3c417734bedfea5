/**
 * Panels, a title and a legend in one picture.
 *
 * @module
 */

import { escapeXml } from "./escape_xml.ts";
import { Picture } from "./picture.ts";
import { background, ink, type SeriesStyle, styleSheet } from "./theme.ts";
import { wrapText } from "./wrap_text.ts";

/** A part of a picture: an `svg` element without a position. */
export interface Panel {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

/** One line of a legend. */
export interface LegendEntry extends SeriesStyle {
  readonly label: string;
  readonly mark: "line" | "dot" | "ring" | "best" | "cross";
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
const TITLE_LINE = 17;
const NOTE_LINE = 13;
/** The space between the title and what is below it. */
const TITLE_GAP = 7;
const LEGEND_HEIGHT = 18;
const GAP = 8;
const SWATCH = 22;
/** The space between a sample of a mark and its label, and between a label and the next sample. */
const LABEL_GAP = 6;
const ENTRY_GAP = 16;
/** The distances of the first lines of titles and notes from the space above them. */
const TITLE_ASCENT = 12;
const NOTE_ASCENT = 10;
/** The space of a note below its last line. */
const NOTE_DESCENT = 7;
/** The space between a legend and what is below it. */
const LEGEND_GAP = 4;
/** The largest widths of a letter, in pixels, in the title and elsewhere. */
const WIDE_LETTER = 8.2;
const LETTER = 7;
/** The same in notes. */
const SMALL_LETTER = 6;
/** The most lines of a title, and of a note. */
const MOST_LINES = 3;

/** Makes a picture of panels in rows, below a title and a legend. */
export function compose({ title, legend = [], note, panels, columns, description = title }: Composition): Picture {
  const rows = inRows(panels, columns);
  const needed = Math.min(LEAST_WIDTH, Math.max(title.length * WIDE_LETTER, widthOf(note ?? "")));
  const inner = Math.max(needed, ...rows.map((row) => sum(row.map(({ width }) => width)) + GAP * (row.length - 1)));
  const width = Math.ceil(inner + 2 * MARGIN);
  const head = linesOf(title, MARGIN + TITLE_ASCENT, {
    ...{ style: `font-size="13" font-weight="600"`, room: inner, letter: WIDE_LETTER, step: TITLE_LINE },
  });
  const top = MARGIN + head.height + TITLE_GAP;
  const placed = placeLegend(legend, { top, width: inner });
  const body = placeRows(rows, top + placed.height);
  const foot = note === undefined ? { svg: "", height: 0 } : linesOf(note, body.bottom + NOTE_ASCENT, {
    ...{ style: `font-size="10" fill-opacity="0.75"`, room: inner, letter: SMALL_LETTER, step: NOTE_LINE },
  });
  const height = Math.ceil(body.bottom + foot.height + MARGIN - (note === undefined ? GAP : NOTE_DESCENT));
  const parts = [head.svg, placed.svg, ...body.parts, foot.svg];
  return new Picture({ svg: frame(parts, { width, height, description }), width, height, description });
}

/** Places rows of panels, one below the other. */
function placeRows(
  rows: readonly (readonly Panel[])[],
  top: number,
): { readonly parts: readonly string[]; readonly bottom: number } {
  let bottom = top;
  const parts = rows.map((row) => {
    let x = MARGIN;
    const placed = row.map(({ svg, width }) => {
      const part = svg.replace("<svg ", `<svg x="${x}" y="${bottom}" `);
      x += width + GAP;
      return part;
    });
    bottom += Math.max(...row.map(({ height }) => height)) + GAP;
    return placed.join("\n");
  });
  return { parts, bottom };
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
  best: (left, middle, { color }) =>
    `<path d="M${left + SWATCH / 2 - 5},${middle}a5,5 0 1 0 10,0a5,5 0 1 0 -10,0" fill="${color}" ` +
    `stroke="currentColor" stroke-width="2"/>`,
  cross: (left, middle, { color }) =>
    `<path d="${cross(left + SWATCH / 2, middle)}" fill="none" stroke="${color}" stroke-width="2"/>`,
};

/** Arranges entries side by side, in as many rows as they need. */
function placeLegend(
  legend: readonly LegendEntry[],
  { top, width }: { readonly top: number; readonly width: number },
): { readonly svg: string; readonly height: number } {
  let [x, row] = [0, 0];
  const parts = legend.map(({ label, mark, color, dash }) => {
    const needed = SWATCH + LABEL_GAP + widthOf(label) + ENTRY_GAP;
    if (x > 0 && x + needed > width) [x, row] = [0, row + 1];
    const [left, middle] = [MARGIN + x, top + row * LEGEND_HEIGHT + 5];
    const lines = wrapText(label, Math.floor((width - SWATCH - LABEL_GAP) / LETTER), MOST_LINES);
    x += needed;
    row += lines.length - 1;
    const options = { x: left + SWATCH + LABEL_GAP, step: LEGEND_HEIGHT - 4 };
    return swatches[mark](left, middle, { color, dash }) + text(lines, middle + 4, options);
  });
  return { svg: parts.join("\n"), height: legend.length === 0 ? 0 : (row + 1) * LEGEND_HEIGHT + LEGEND_GAP };
}

/** Returns the largest width of a text in small letters, in pixels. */
export function widthOf(label: string): number {
  return label.length * LETTER;
}

/** The path of a cross around a point. */
export function cross(x: number, y: number, size = 4): string {
  return `M${x - size},${y - size}l${2 * size},${2 * size}M${x + size},${y - size}l${-2 * size},${2 * size}`;
}

/** The appearance of lines of text, in pixels. */
interface LineOptions {
  /** Attributes of the element. */
  readonly style: string;
  /** The width that a line may take. */
  readonly room: number;
  /** The largest width of a letter. */
  readonly letter: number;
  /** The distance between lines. */
  readonly step: number;
}

/** Breaks a text into lines, the first of which is at the height `y`. */
function linesOf(
  content: string,
  y: number,
  { style, room, letter, step }: LineOptions,
): { readonly svg: string; readonly height: number } {
  const lines = wrapText(content, Math.floor(room / letter), MOST_LINES);
  return { svg: text(lines, y, { x: MARGIN, step, style }), height: lines.length * step };
}

/** Where text starts, the distance between its lines, and further attributes. */
interface TextOptions {
  readonly x: number;
  readonly step: number;
  readonly style?: string;
}

/** Lines of text; several are joined by spaces if they are copied. */
export function text(lines: readonly string[], y: number, { x, step, style }: TextOptions): string {
  const attributes = style === undefined ? "" : ` ${style}`;
  const content = lines.length === 1
    ? escapeXml(lines[0])
    : lines.map((line, i) =>
      `<tspan x="${x}" dy="${i === 0 ? 0 : step}">${escapeXml(line)}${i < lines.length - 1 ? " " : ""}</tspan>`
    ).join("");
  return `<text x="${x}" y="${y}"${attributes}>${content}</text>`;
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
