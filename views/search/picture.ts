/**
 * The picture of a search: how the validation error depends on each hyperparameter.
 *
 * @module
 */

import { checkArgument } from "../../core/options/read.ts";
import { resultKind } from "../../model/search/result_kind.ts";
import type { SearchResult } from "../../model/search/result.ts";
import { scoreOf, type SearchRow } from "../../model/search/row.ts";
import { compose, type LegendEntry } from "../compose.ts";
import type { Picture } from "../picture.ts";
import { showNumber } from "../scale.ts";
import { bad, good } from "../theme.ts";
import { searchPanel } from "./panel.ts";

/** The most panels side by side. */
const MOST_COLUMNS = 4;
/** The width of panels, and of those of which there are only one or two, in pixels. */
const WIDTH = 232;
const LARGE_WIDTH = 340;

/**
 * Draws the results of a search: a panel for each hyperparameter that was searched, with a dot for each combination at
 * its validation error. The best one is marked, and failed ones are crosses above the others. Numbers are drawn to
 * scale; if they span powers of ten, the scale is logarithmic. No library is needed, so a search of days never ends
 * without its picture because one could not be fetched.
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
  return drawSearch(result, MOST_COLUMNS);
}

/** Draws the picture of a search with at most `most` panels side by side. */
export function drawSearch({ searched, rows, best }: SearchResult, most: number): Picture {
  const measured = rows.filter((row) => scoreOf(row) !== null);
  const failed = rows.filter(({ outcome }) => outcome === "failed");
  const width = searched.length > 2 && most > 1 ? WIDTH : LARGE_WIDTH;
  const panels = measured.length === 0 ? [] : searched.map((name) => searchPanel(name, { rows, best, width }));
  const unit = best && best.errorUnit !== "" ? ` ${best.errorUnit}` : "";
  const measure = best && best.validationError === null ? "validation loss" : "validation error";
  const description = `${measured.length} of ${rows.length} combinations have a ${measure}` +
    (best ? `; the best is ${showNumber(scoreOf(best) ?? NaN)}${unit}` : "");
  return compose({
    title: description,
    legend: panels.length === 0 ? [] : legendOf(rows, failed.length),
    panels,
    columns: Math.max(1, Math.min(most, panels.length)),
  });
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

function legendOf(rows: readonly SearchRow[], failed: number): LegendEntry[] {
  const shared = { color: good[0], dash: "none" };
  const gaveUp = rows.some((row) => row.outcome === "gaveUp" && scoreOf(row) !== null);
  return [
    { ...shared, label: "best", mark: "best", color: bad[0] },
    ...gaveUp ? [{ ...shared, label: "given up", mark: "ring" } as const] : [],
    ...failed > 0 ? [{ ...shared, label: `failed (${failed})`, mark: "cross", color: "currentColor" } as const] : [],
  ];
}
