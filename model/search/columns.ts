/**
 * The columns of the table of a search.
 *
 * @module
 */

import type { Declaration } from "../../core/options/option.ts";
import { readOptions } from "../../core/options/read.ts";
import { flag } from "../../core/options/values.ts";
import { formatError } from "../training/log_lines.ts";
import { type Label, labelOf, type SearchRow } from "./row.ts";

/** What a table shows. */
export interface TableOptions {
  /** Whether the seconds of each row are shown; without them, the same search always gives the same table. */
  readonly seconds?: boolean;
}

const tableOptions = {
  seconds: flag({ default: false, help: "show the seconds of each row" }),
} satisfies Declaration<TableOptions>;

/** A column: its title, and what each row has in it. */
export interface Column {
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

/** The columns of a table, in order. */
export function columnsOf(searched: readonly string[], options: TableOptions): Column[] {
  const { seconds } = readOptions("make a table of a search", tableOptions, options);
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

/** The cells of a row as people read them. */
export function textsOf(row: SearchRow, columns: readonly Column[]): string[] {
  return columns.map(({ cell, text }) => text ? text(row) : String(cell(row) ?? ""));
}
