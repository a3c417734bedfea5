/**
 * The table of a search as an HTML page.
 *
 * @module
 */

import { refuseSurplus } from "../../core/options/surplus.ts";
import { checkArgument } from "../../core/options/read.ts";
import { resultKind } from "../../model/search/result_kind.ts";
import { columnsOf, type TableOptions, textsOf } from "../../model/search/columns.ts";
import type { SearchResult } from "../../model/search/result.ts";
import { escapeXml } from "../escape_xml.ts";
import { pageOf, recordStyle } from "../html_page.ts";
import { drawSearch, searchSvg } from "./picture.ts";

/** The page is as wide as its table. */
const STYLE = "body { max-width: none }";

/**
 * Makes a self-contained HTML page of a search: the picture of `searchPicture`, and below it the rows, the best ones
 * first. Errors are rounded to three decimals. Like the picture, it needs no library.
 *
 * @example
 * ```ts
 * import { finish, gridSearch, hyperparameters } from "@yadll/yadll/model";
 * import { searchHtml } from "@yadll/yadll/views";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const build = () => Promise.reject(new RangeError("Cannot build <it>"));
 * const result = await finish(gridSearch(hyperparameters({ nUnits: [5, [5, 10]] }), build));
 * assertStringIncludes(searchHtml(result), "<td>RangeError: Cannot build &lt;it&gt;</td>");
 * ```
 */
export function searchHtml(result: SearchResult, options: TableOptions = {}): string {
  refuseSurplus("searchHtml", arguments, 2);
  checkArgument("show a search", result, resultKind);
  const columns = columnsOf(result, options);
  const titles = columns.map(({ title }) => title);
  const rows = result.rows.map((row) => textsOf(row, columns));
  const lines = [
    `<div class="wide">`,
    searchSvg(result),
    "</div>",
    `<div class="narrow">`,
    drawSearch(result, 1).svg,
    "</div>",
    `<table class="records">`,
    `<thead>${line("th", titles)}</thead>`,
    "<tbody>",
    ...rows.map((row) => line("td", row)),
    "</tbody>",
    "</table>",
  ];
  return pageOf("Hyperparameter search", lines, STYLE + recordStyle(titles, rows));
}

function line(tag: "th" | "td", cells: readonly string[]): string {
  return `<tr>${cells.map((cell) => `<${tag}>${escapeXml(cell)}</${tag}>`).join("")}</tr>`;
}
