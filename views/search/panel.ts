/**
 * A panel of the picture of a search: the errors of all combinations over one hyperparameter.
 *
 * @module
 */

import { scoreOf, type SearchRow } from "../../model/search/row.ts";
import { cross, type Panel, text, widthOf } from "../compose.ts";
import { escapeXml } from "../escape_xml.ts";
import { showNumber } from "../scale.ts";
import { bad, good } from "../theme.ts";
import { wrapText } from "../wrap_text.ts";
import { type Axis, horizontalAxis, valueAxis } from "./axis.ts";

/** The height of the area of the dots, in pixels. */
const HEIGHT = 150;
/** The space above it, and that for the crosses of failed combinations. */
const TOP = 12;
const FAILED = 20;
const RIGHT = 14;
/** The distance of the dots from the sides of their area. */
const INSET = 12;
const LINE = 14;
const LETTER_HEIGHT = 11;
/** The width of the title of the vertical axis. */
const SIDE_TITLE = 18;
const MOST_TITLE_LINES = 4;
const GRID = `stroke="currentColor" stroke-opacity="0.15"`;

/** What all panels of a picture share. */
export interface PanelContent {
  /** All rows, the best one first. */
  readonly rows: readonly SearchRow[];
  readonly best: SearchRow | undefined;
  readonly width: number;
}

/** The edges of the area of the dots. */
interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Draws the panel of a hyperparameter. */
export function searchPanel(name: string, { rows, best, width }: PanelContent): Panel {
  const measured = rows.filter((row) => scoreOf(row) !== null);
  const failed = rows.filter(({ outcome }) => outcome === "failed");
  const top = TOP + (failed.length > 0 ? FAILED : 0);
  const errors = valueAxis(measured.map(errorOf), [top + HEIGHT, top]);
  const left = SIDE_TITLE + 10 + Math.max(...errors.ticks.map(({ label }) => widthOf(label)));
  const area: Area = { left, right: width - RIGHT, top, bottom: top + HEIGHT };
  const shown = [...measured, ...failed].map(({ hyperparameters }) => hyperparameters[name]);
  const values = horizontalAxis(shown, [left + INSET, area.right - INSET]);
  const below = heightOf(values);
  const lines = wrapText(name, Math.floor((area.right - left) / 7), MOST_TITLE_LINES);
  const titleAt = area.bottom + below + LINE + 2;
  const height = titleAt + (lines.length - 1) * LINE + 6;
  const titleStyle = {
    x: (left + area.right) / 2,
    step: LINE,
    style: `class="title" text-anchor="middle" font-weight="600"`,
  };
  const parts = [
    ...grid(errors, area, best),
    ...labels(values, area),
    // The best row is drawn last, on top of the others.
    ...failed.map((row) => failureMark(row, values.place(row.hyperparameters[name]))),
    ...measured.toReversed().map((row) =>
      dot(row, row === best, [
        values.place(row.hyperparameters[name]),
        errors.place(errorOf(row)),
      ])
    ),
    text(lines, titleAt, titleStyle),
  ];
  return { svg: `<svg width="${width}" height="${height}">\n${parts.join("\n")}\n</svg>`, width, height };
}

function errorOf(row: SearchRow): number {
  return scoreOf(row) ?? NaN;
}

/** Returns the height of the labels below an axis. */
function heightOf({ ticks, angle }: Axis<never>): number {
  const longest = Math.max(0, ...ticks.map(({ label }) => widthOf(label)));
  const slant = -angle * Math.PI / 180;
  return 8 + LETTER_HEIGHT * Math.cos(slant) + longest * Math.sin(slant);
}

/** Draws the vertical axis: a line for each tick, its label, and the title. */
function grid({ ticks }: Axis<number>, { left, right, top, bottom }: Area, best: SearchRow | undefined): string[] {
  const unit = best && best.errorUnit !== "" ? ` (${best.errorUnit})` : "";
  const title = best?.validationError === null ? "validation loss" : `validation error${unit}`;
  return [
    ...ticks.map(({ at, label }) =>
      `<line x1="${left}" x2="${right}" y1="${round(at)}" y2="${round(at)}" ${GRID}/>` +
      `<text x="${left - 6}" y="${round(at + 4)}" text-anchor="end">${escapeXml(label)}</text>`
    ),
    `<text transform="translate(${LETTER_HEIGHT} ${(top + bottom) / 2}) rotate(-90)" text-anchor="middle">` +
    `${escapeXml(title)}</text>`,
  ];
}

/** Draws the marks and the labels of the horizontal axis. */
function labels({ ticks, minor, angle }: Axis<never>, { left, right, bottom }: Area): string[] {
  const mark = (at: number, length: number): string =>
    `<line x1="${round(at)}" x2="${round(at)}" y1="${bottom}" y2="${bottom + length}" stroke="currentColor" ` +
    `stroke-opacity="0.5"/>`;
  return [
    `<line x1="${left}" x2="${right}" y1="${bottom}" y2="${bottom}" stroke="currentColor" stroke-opacity="0.5"/>`,
    ...minor.map((at) => mark(at, 3)),
    ...ticks.map(({ at, label }) => {
      const content = escapeXml(label);
      if (angle === 0) {
        return mark(at, 5) + `<text x="${round(at)}" y="${bottom + 17}" text-anchor="middle">${content}</text>`;
      }
      const place = `translate(${round(at + 4)} ${bottom + 12}) rotate(${angle})`;
      return mark(at, 5) + `<text transform="${place}" text-anchor="end">${content}</text>`;
    }),
  ];
}

function dot(row: SearchRow, isBest: boolean, [x, y]: readonly [x: number, y: number]): string {
  const content = `<title>${escapeXml(describe(row))}</title>`;
  const look = isBest
    ? `class="best" r="5" fill="${bad[0]}" stroke="currentColor" stroke-width="2"`
    : row.outcome === "gaveUp"
    ? `r="3.5" fill="none" stroke="${good[0]}" stroke-width="2"`
    : `r="4" fill="${good[0]}" fill-opacity="0.6"`;
  return `<circle cx="${round(x)}" cy="${round(y)}" ${look}>${content}</circle>`;
}

function failureMark(row: SearchRow, x: number): string {
  return `<path class="failed" d="${cross(round(x), TOP)}" fill="none" stroke="currentColor" stroke-width="2">` +
    `<title>${escapeXml(describe(row))}</title></path>`;
}

function describe(row: SearchRow): string {
  const result = row.failure
    ? `${row.failure.name}: ${row.failure.message}`
    : `${showNumber(errorOf(row))} ${row.errorUnit}`.trimEnd();
  return `combination ${row.number}: ${result}`;
}

function round(value: number): number {
  return Number(value.toFixed(1));
}
