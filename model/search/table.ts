/**
 * The table of a search as CSV, JSON and Markdown.
 *
 * @module
 */

import { refuseSurplus } from "../../core/options/surplus.ts";
import { checkArgument, checkArguments } from "../../core/options/read.ts";
import { oneOf } from "../../core/options/values.ts";
import { csvLines } from "../csv_lines.ts";
import { writeJson } from "../files/json.ts";
import { columnsOf, type TableOptions, textsOf } from "./columns.ts";
import type { SearchResult } from "./result.ts";
import { resultKind } from "./result_kind.ts";
import { labelsOf } from "./row.ts";

/** The format of a table. */
export type TableFormat = "csv" | "json" | "markdown";

const writers: Readonly<Record<TableFormat, (result: SearchResult, options: TableOptions) => string>> = {
  csv: ({ searched, rows }, options) => {
    const columns = columnsOf({ searched, rows }, options);
    const lines = [
      columns.map(({ title }) => title),
      ...rows.map((row) => columns.map(({ cell }) => String(cell(row) ?? ""))),
    ];
    return csvLines(lines);
  },
  json: ({ searched, rows, missing }, { seconds: withSeconds = false }) => {
    const shown = rows.map(({ seconds, device, ...row }) => ({
      ...row,
      ...withSeconds && { seconds, device },
      hyperparameters: labelsOf(row.hyperparameters),
    }));
    return `${writeJson({ searched, rows: shown, missing }, 2)}\n`;
  },
  markdown: ({ searched, rows }, options) => {
    const columns = columnsOf({ searched, rows }, options);
    const line = (cells: readonly string[]): string => `| ${cells.map(escapeMarkdown).join(" | ")} |\n`;
    const titles = columns.map(({ title }) => title);
    return [titles, titles.map(() => "---"), ...rows.map((row) => textsOf(row, columns))].map(line).join("");
  },
};

const formatKind = oneOf(Object.keys(writers));

function escapeMarkdown(cell: string): string {
  return cell.replaceAll(/[\\|<`*_[\]]/g, "\\$&").replaceAll(/\s*\n\s*/g, " ");
}

/**
 * The table of a search as text, best rows first. Rows without errors, because there is no metric, show their
 * losses. Numbers in CSV and JSON are exact; Markdown rounds results. `searchHtml` of `@yadll/yadll/views` makes an HTML page of it.
 *
 * @throws {RangeError} for an unknown format; the message has the nearest known one.
 *
 * @example
 * ```ts
 * import { finish, formatTable, gridSearch, hyperparameters } from "@yadll/yadll/model";
 * import { assertEquals } from "@std/assert";
 *
 * const build = () => Promise.reject(new RangeError('Cannot build "it"'));
 * const result = await finish(gridSearch(hyperparameters({ nUnits: [5, [5, 10]] }), build));
 * assertEquals(formatTable(result, "csv").split("\r\n").slice(0, 2), [
 *   "number,nUnits,validation error,test error,epochs,outcome,failure",
 *   '0,5,,,0,failed,"RangeError: Cannot build ""it"""',
 * ]);
 * ```
 */
export function formatTable(result: SearchResult, format: TableFormat, options: TableOptions = {}): string {
  refuseSurplus("formatTable", arguments, 3);
  checkArguments("write a table", { format }, formatKind);
  checkArgument("write a table", result, resultKind);
  return writers[format](result, options);
}
