/**
 * The table of a search as CSV, JSON, Markdown and HTML.
 *
 * @module
 */

import { suggestName } from "../../core/nearest.ts";
import { writeJson } from "../files/json.ts";
import { formatError } from "../training/log_lines.ts";
import { escapeXml, searchSvg } from "./picture.ts";
import type { SearchResult } from "./result.ts";
import { type Label, labelOf, labelsOf, type SearchRow } from "./row.ts";

/** A form of a table. */
export type TableFormat = "csv" | "json" | "markdown" | "html";

/** Options of {@linkcode formatTable}. */
export interface TableOptions {
  /** Whether the seconds of each row are shown; without them, the same search always gives the same table. */
  readonly seconds?: boolean;
}

interface Column {
  readonly title: string;
  /** What a row has in it; null where it has nothing. */
  readonly cell: (row: SearchRow) => Label;
  /** The same for people, where it differs. */
  readonly text?: (row: SearchRow) => string;
}

function errorColumn(title: string, errorOf: (row: SearchRow) => number | null): Column {
  const text = (row: SearchRow): string => {
    const error = errorOf(row);
    return error === null ? "" : formatError(error, row.errorUnit);
  };
  return { title, cell: errorOf, text };
}

function columnsOf(searched: readonly string[], { seconds = false }: TableOptions): Column[] {
  return [
    { title: "number", cell: ({ number }) => number },
    ...searched.map((name): Column => ({ title: name, cell: ({ hyperparameters }) => labelOf(hyperparameters[name]) })),
    errorColumn("validation error", ({ validationError }) => validationError),
    errorColumn("test error", ({ testError }) => testError),
    { title: "epochs", cell: ({ epochs }) => epochs },
    { title: "outcome", cell: ({ outcome }) => outcome },
    ...seconds
      ? [{ title: "seconds", cell: (row: SearchRow) => row.seconds, text: (row: SearchRow) => row.seconds.toFixed(1) }]
      : [],
    { title: "failure", cell: ({ failure }) => failure && `${failure.name}: ${failure.message}` },
  ];
}

function textsOf(row: SearchRow, columns: readonly Column[]): string[] {
  return columns.map(({ cell, text }) => text ? text(row) : String(cell(row) ?? ""));
}

const writers: Readonly<Record<TableFormat, (result: SearchResult, options: TableOptions) => string>> = {
  csv: ({ searched, rows }, options) => {
    const columns = columnsOf(searched, options);
    const lines = [
      columns.map(({ title }) => title),
      ...rows.map((row) => columns.map(({ cell }) => String(cell(row) ?? ""))),
    ];
    return lines.map((cells) => `${cells.map(quoteCsv).join(",")}\r\n`).join("");
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
    const columns = columnsOf(searched, options);
    const line = (cells: readonly string[]): string => `| ${cells.map(escapeMarkdown).join(" | ")} |\n`;
    const titles = columns.map(({ title }) => title);
    return [titles, titles.map(() => "---"), ...rows.map((row) => textsOf(row, columns))].map(line).join("");
  },
  html: (result, options) => {
    const columns = columnsOf(result.searched, options);
    const line = (tag: string, cells: readonly string[]): string =>
      `<tr>${cells.map((cell) => `<${tag}>${escapeXml(cell)}</${tag}>`).join("")}</tr>`;
    return page([
      searchSvg(result),
      "<table>",
      `<thead>${line("th", columns.map(({ title }) => title))}</thead>`,
      "<tbody>",
      ...result.rows.map((row) => line("td", textsOf(row, columns))),
      "</tbody>",
      "</table>",
    ]);
  },
};

/** RFC 4180. */
function quoteCsv(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

function escapeMarkdown(cell: string): string {
  return cell.replaceAll(/[\\|<`*_[\]]/g, "\\$&").replaceAll(/\s*\n\s*/g, " ");
}

const STYLE = "body{font:14px system-ui,sans-serif;color-scheme:light dark;margin:2em}" +
  "table{border-collapse:collapse;margin-top:1em}th,td{text-align:left;padding:.3em .8em;border-bottom:1px solid #8886}";

function page(lines: readonly string[]): string {
  return [
    "<!DOCTYPE html>",
    '<html lang="en">',
    `<head><meta charset="utf-8"><title>Search of hyperparameters</title><style>${STYLE}</style></head>`,
    "<body>",
    ...lines,
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

/**
 * The table of a search as text, best rows first. Numbers in CSV and JSON are exact; Markdown and HTML round errors to
 * three places, and HTML is a whole page with the picture of {@linkcode searchSvg}.
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
  if (Object.hasOwn(writers, format)) return writers[format](result, options);
  throw new RangeError(
    `Cannot write a table as ${JSON.stringify(format)}${suggestName(String(format), Object.keys(writers))}`,
  );
}
