/**
 * The picture of a search: how the validation error depends on each hyperparameter.
 *
 * @module
 */

import { checkArgument } from "../../core/options/read.ts";
import { resultKind } from "../../model/search/result_kind.ts";
import type { SearchResult } from "../../model/search/result.ts";
import { scoreOf, type SearchRow } from "../../model/search/row.ts";
import { escapeXml } from "../escape_xml.ts";
import { Picture } from "../picture.ts";
import { background, bad, good, ink } from "../theme.ts";
import { type Axis, horizontalAxis, showNumber, valueAxis } from "./axis.ts";

const PANEL = { width: 220, height: 200, left: 56, right: 12, top: 34, bottom: 58 };
/** The most panels side by side. */
const MOST_COLUMNS = 4;
/** The height of the caption, which is above all panels. */
const CAPTION_HEIGHT = 28;

/** Colors are in separate rules, without variables, because not all programs that show SVG support those. */
const STYLE = `
  .search { font: 11px system-ui, sans-serif; max-width: 100%; height: auto }
  .search .title { font-weight: 600; font-size: 12px }
  .search .ground { fill: ${background[0]} }
  .search text { fill: ${ink[0]} }
  .search line { stroke: #8a93a3; stroke-opacity: 0.35 }
  .search circle { fill: ${good[0]}; fill-opacity: 0.55 }
  .search .best { fill: ${bad[0]}; fill-opacity: 1 }
  @media (prefers-color-scheme: dark) {
    .search .ground { fill: ${background[1]} }
    .search text { fill: ${ink[1]} }
    .search circle { fill: ${good[1]} }
    .search .best { fill: ${bad[1]} }
  }`;

/**
 * Draws the results of a search: a panel for each hyperparameter that was searched, with a dot for each combination at
 * its validation error. The best one is marked. No library is needed, so a search of days never ends without its
 * picture because one could not be fetched.
 *
 * @example
 * ```ts
 * import { finish, gridSearch, hyperparameters } from "@yadll/yadll/model";
 * import { searchPicture } from "@yadll/yadll/views";
 * import { assertEquals } from "@std/assert";
 *
 * const build = () => Promise.reject(new RangeError("Cannot build it"));
 * const picture = searchPicture(await finish(gridSearch(hyperparameters({ nUnits: [5, [5, 10]] }), build)));
 * assertEquals(picture.description, "0 of 2 combinations have a validation error");
 * ```
 */
export function searchPicture(result: SearchResult): Picture {
  checkArgument("draw a search", result, resultKind);
  const { searched, rows, best } = result;
  const measured = rows.filter((row) => scoreOf(row) !== null);
  const errors = valueAxis(measured.map(errorOf), PANEL.height - PANEL.bottom, PANEL.top);
  // The best row is drawn last, on top of the others.
  const drawn = measured.toReversed();
  const panels = measured.length === 0 ? [] : searched.map((name, i) => panel(name, i, { drawn, best, errors }));
  const columns = Math.max(1, Math.min(MOST_COLUMNS, panels.length));
  const width = columns * PANEL.width;
  const height = CAPTION_HEIGHT + Math.ceil(panels.length / columns) * PANEL.height;
  const description = `${measured.length} of ${rows.length} combinations have a validation error` +
    (best ? `; the best is ${showNumber(errorOf(best))} ${best.errorUnit}`.trimEnd() : "");
  return new Picture({ svg: frame(panels, { width, height, description }), width, height, description });
}

/**
 * Returns the picture of {@linkcode searchPicture} as SVG text, which follows the reader's choice of light or dark
 * colors.
 *
 * @example
 * ```ts
 * import { finish, gridSearch, hyperparameters } from "@yadll/yadll/model";
 * import { searchSvg } from "@yadll/yadll/views";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const build = () => Promise.reject(new RangeError("Cannot build it"));
 * const result = await finish(gridSearch(hyperparameters({ nUnits: [5, [5, 10]] }), build));
 * assertStringIncludes(searchSvg(result), "0 of 2 combinations have a validation error");
 * ```
 */
export function searchSvg(result: SearchResult): string {
  checkArgument("draw a search", result, resultKind);
  return searchPicture(result).svg;
}

function frame(
  panels: readonly string[],
  { width, height, description }: Pick<Picture, "width" | "height" | "description">,
): string {
  return [
    `<svg class="search" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" ` +
    `height="${height}" role="img" aria-label="${escapeXml(description)}">`,
    `<style>${STYLE}\n</style>`,
    `<rect class="ground" width="${width}" height="${height}"/>`,
    `<text x="8" y="18">${escapeXml(description)}</text>`,
    ...panels,
    "</svg>",
  ].join("\n");
}

function errorOf(row: SearchRow): number {
  return scoreOf(row) ?? NaN;
}

interface PanelContent {
  readonly drawn: readonly SearchRow[];
  readonly best: SearchRow | undefined;
  readonly errors: Axis<number>;
}

function panel(name: string, index: number, { drawn, best, errors }: PanelContent): string {
  const { width, height, left, right, bottom, top } = PANEL;
  const values = horizontalAxis(
    drawn.map(({ hyperparameters }) => hyperparameters[name]),
    left + 14,
    width - right - 14,
  );
  const dots = drawn.map((row) => {
    const [x, y] = [values.place(row.hyperparameters[name]), errors.place(errorOf(row))];
    const isBest = row === best;
    return `<circle${isBest ? ' class="best"' : ""} cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${isBest ? 5 : 4}">` +
      `<title>${escapeXml(describe(row))}</title></circle>`;
  });
  const rules = errors.ticks.map(({ at, label }) =>
    `<line x1="${left}" x2="${width - right}" y1="${at.toFixed(1)}" y2="${at.toFixed(1)}"/>` +
    `<text x="${left - 6}" y="${(at + 4).toFixed(1)}" text-anchor="end">${escapeXml(label)}</text>`
  );
  const labels = values.ticks.map(({ at, label }) =>
    `<text transform="translate(${at.toFixed(1)} ${height - bottom + 20}) rotate(-30)" text-anchor="end">` +
    `${escapeXml(label)}</text>`
  );
  const [x, y] = [index % MOST_COLUMNS * width, CAPTION_HEIGHT + Math.floor(index / MOST_COLUMNS) * height];
  const title = `<text class="title" x="${left}" y="${top - 14}">${escapeXml(name)}</text>`;
  return [`<g transform="translate(${x} ${y})">`, title, ...rules, ...labels, ...dots, "</g>"].join("\n");
}

function describe(row: SearchRow): string {
  return `combination ${row.number}: ${showNumber(errorOf(row))} ${row.errorUnit}`.trimEnd();
}
