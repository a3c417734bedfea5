/**
 * The table of a search as an HTML page.
 *
 * @module
 */

import { checkArgument } from "../../core/options/read.ts";
import { resultKind } from "../../model/search/result_kind.ts";
import { columnsOf, type TableOptions, textsOf } from "../../model/search/columns.ts";
import type { SearchResult } from "../../model/search/result.ts";
import { escapeXml } from "../escape_xml.ts";
import { searchSvg } from "./picture.ts";

const STYLE = "body{font:14px system-ui,sans-serif;color-scheme:light dark;margin:2em}" +
  "table{border-collapse:collapse;margin-top:1em}th,td{text-align:left;padding:.3em .8em;border-bottom:1px solid #8886}";

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
  checkArgument("show a search", result, resultKind);
  const columns = columnsOf(result.searched, options);
  return page([
    searchSvg(result),
    "<table>",
    `<thead>${line("th", columns.map(({ title }) => title))}</thead>`,
    "<tbody>",
    ...result.rows.map((row) => line("td", textsOf(row, columns))),
    "</tbody>",
    "</table>",
  ]);
}

function line(tag: "th" | "td", cells: readonly string[]): string {
  return `<tr>${cells.map((cell) => `<${tag}>${escapeXml(cell)}</${tag}>`).join("")}</tr>`;
}

function page(lines: readonly string[]): string {
  return [
    "<!DOCTYPE html>",
    '<html lang="en">',
    `<head><meta charset="utf-8"><title>Hyperparameter search</title><style>${STYLE}</style></head>`,
    "<body>",
    ...lines,
    "</body>",
    "</html>",
    "",
  ].join("\n");
}
