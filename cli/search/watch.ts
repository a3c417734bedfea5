/**
 * Reports what happens in a search.
 *
 * @module
 */

import { inOneLine } from "../../core/options/show.ts";
import type { SearchResult } from "../../model/search/result.ts";
import { scoreOf, type SearchRow } from "../../model/search/row.ts";
import type { SearchEvent } from "../../model/search/search.ts";
import { formatTable } from "../../model/search/table.ts";
import { type Watcher, watchTraining } from "../../model/progress/watch_training.ts";
import { formatError, summaryLines, validationText } from "../../model/training/log_lines.ts";
import type { Report } from "../../model/training/report.ts";
import { jsonLine } from "../json_lines.ts";
import type { Output } from "../output.ts";
import { type Cell, tableOf } from "../table.ts";

/** The output of a search. */
export interface SearchWatcher {
  readonly tell: (event: SearchEvent) => void;
  /** Prints the table, at the end. */
  readonly table: (result: SearchResult) => void;
  /** Shows the progress of training the best combination again. */
  readonly training: Watcher;
  /** Prints its result. */
  readonly refitted: (report: Report) => void;
  /** Prints a message. */
  readonly note: (line: string) => void;
}

/** The least time between two updates of the progress line, in milliseconds. */
const REDRAW = 100;

/** Readable output: one line per row, and on a terminal the current progress. */
export function watchSearch(output: Output, quiet = false, now = performance.now.bind(performance)): SearchWatcher {
  let drawn = -Infinity;
  const isTerminal = (): boolean => !quiet && output.columns() !== undefined;
  const clear = (): void => isTerminal() ? output.note("\r\x1b[K") : undefined;
  const note = (line: string): void => {
    clear();
    output.note(`${inOneLine(line)}\n`);
  };
  const said = quiet ? () => {} : note;
  const draw = (text: string): void => {
    const columns = output.columns();
    if (quiet || columns === undefined || now() - drawn < REDRAW) return;
    drawn = now();
    output.note(`\r${text.slice(0, columns - 1)}\x1b[K`);
  };
  return {
    tell: (event) => {
      if (event.event === "epoch") draw(epochText(event));
      if (event.event === "start" && event.known > 0) {
        said(`${event.known} of ${event.total} combinations are in the journal`);
      }
      if (event.event === "row" && !event.resumed) said(`${event.done}/${event.total}, ${rowText(event.row)}`);
      if (event.event === "end") clear();
    },
    table: (result) => {
      const columns = output.resultColumns?.();
      if (columns === undefined) output.result(formatTable(result, "markdown").trimEnd());
      else tableForPeople(result, columns).forEach(output.result);
    },
    training: quiet ? () => {} : watchTraining(output).tell,
    refitted: (report) => summaryLines(report).forEach(output.result),
    note,
  };
}

/** JSON output: each row is a line of JSON on standard output; progress is printed as usual. */
export function watchSearchJson(output: Output, quiet = false): SearchWatcher {
  const people = watchSearch(output, quiet);
  return {
    ...people,
    tell: (event) => {
      people.tell(event);
      if (event.event === "row") output.result(jsonLine("row", { ...event.row, resumed: event.resumed }));
    },
    table: ({ best, missing, rows }) =>
      output.result(jsonLine("end", { best: best ?? null, rows: rows.length, missing: missing.length })),
    refitted: (report) => output.result(jsonLine("refit", report)),
  };
}

function epochText(event: Extract<SearchEvent, { event: "epoch" }>): string {
  const found = validationText({ ...event, errorUnit: "%" });
  return `combination ${event.number}: epoch ${event.epoch}${found && `, ${found}`}`;
}

function rowText(row: SearchRow): string {
  const { number, outcome, failure } = row;
  const found = failure ? failure.message : validationText(row) || "no validation";
  return `combination ${number}: ${outcome}, ${found}`;
}

/** The table in a form that fits the terminal. */
function tableForPeople({ searched, rows }: SearchResult, columns: number): string[] {
  const shown = (value: unknown): Cell =>
    typeof value === "number" ? Number(value.toPrecision(4)) : typeof value === "function" ? value.name : String(value);
  const error = (value: number | null | undefined, { errorUnit }: SearchRow): string =>
    typeof value !== "number" ? "" : formatError(value, errorUnit);
  return tableOf(
    ["number", ...searched, "validation", "test", "epochs", "outcome"],
    rows.map((row) => [
      row.number,
      ...searched.map((name) => shown(row.hyperparameters[name])),
      ...[
        error(scoreOf(row), row),
        error(row.validationError === null ? row.testLoss : row.testError, row),
        row.epochs,
      ],
      row.failure?.message ?? row.outcome,
    ]),
    columns,
  );
}
