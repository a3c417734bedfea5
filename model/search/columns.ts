/**
 * The columns of the table of a search.
 *
 * @module
 */

import type { Declaration } from "../../core/options/option.ts";
import { readOptions } from "../../core/options/read.ts";
import { flag } from "../../core/options/values.ts";
import { formatError } from "../training/log_lines.ts";
import type { SearchResult } from "./result.ts";
import { type Label, labelOf, type SearchRow } from "./row.ts";

/** The options of a table. */
export interface TableOptions {
  /**
   * Whether the seconds of each row are shown (default: false). Without them, the same search always gives the same
   * table.
   */
  readonly seconds?: boolean;
}

/** {@linkcode TableOptions}, declared. */
export const tableOptions = {
  seconds: flag({ default: false, help: "show the seconds of each row" }),
} satisfies Declaration<TableOptions>;

/** A column: its title, and its cells. */
export interface Column {
  readonly title: string;
  /** The cell of a row; null if it is empty. */
  readonly cell: (row: SearchRow) => Label;
  /** The cell as formatted text, if that differs. */
  readonly text?: (row: SearchRow) => string;
}

function errorColumn(title: string, errorOf: (row: SearchRow) => number | null): Column {
  const text = (row: SearchRow): string => {
    const error = errorOf(row);
    return error === null ? "" : formatError(error, row.errorUnit);
  };
  return { title, cell: errorOf, text };
}

function lossColumn(title: string, lossOf: (row: SearchRow) => number | null): Column {
  const text = (row: SearchRow): string => {
    const loss = lossOf(row);
    return loss === null ? "" : formatError(loss, "");
  };
  return { title, cell: lossOf, text };
}

/** The results by which rows are compared: errors, and the losses of rows without an error. */
function resultColumns(rows: readonly SearchRow[]): Column[] {
  const hasErrors = rows.some(({ validationError }) => validationError !== null);
  const hasLosses = rows.some((row) => row.validationError === null && typeof row.validationLoss === "number");
  const errors = [
    errorColumn("validation error", ({ validationError }) => validationError),
    errorColumn("test error", ({ testError }) => testError),
  ];
  const losses = [
    lossColumn("validation loss", ({ validationLoss = null }) => validationLoss),
    lossColumn("test loss", ({ testLoss = null }) => testLoss),
  ];
  if (!hasLosses) return errors;
  return hasErrors ? [...errors, ...losses] : losses;
}

/** What is shown in a table. */
type Shown = Pick<SearchResult, "searched" | "rows">;

/** The columns of a table, in order. */
export function columnsOf({ searched, rows }: Shown, options: TableOptions): Column[] {
  const { seconds } = readOptions("make a table of a search", tableOptions, options);
  return [
    { title: "number", cell: ({ number }) => number },
    ...searched.map((name): Column => ({ title: name, cell: ({ hyperparameters }) => labelOf(hyperparameters[name]) })),
    ...resultColumns(rows),
    { title: "epochs", cell: ({ epochs }) => epochs },
    { title: "outcome", cell: ({ outcome }) => outcome },
    ...seconds
      ? [{ title: "seconds", cell: (row: SearchRow) => row.seconds, text: (row: SearchRow) => row.seconds.toFixed(1) }]
      : [],
    { title: "failure", cell: ({ failure }) => failure && `${failure.name}: ${failure.message}` },
  ];
}

/** The cells of a row as text. */
export function textsOf(row: SearchRow, columns: readonly Column[]): string[] {
  return columns.map(({ cell, text }) => text ? text(row) : String(cell(row) ?? ""));
}
