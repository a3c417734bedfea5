/**
 * The history of a training in a `.ym` file.
 *
 * @module
 */

import { epochFields, flatEpoch, History, isUsedField, metricSetOf } from "../training/history.ts";
import { FileFormatError } from "./errors.ts";
import { checkedColumns, columnsOf, entryOf, type HistoryColumns, readCell } from "./history_columns.ts";
import type { Json } from "./json.ts";
import type { TensorEntries } from "./safetensors.ts";
import type { SavedState } from "./saved_schema.ts";

/** The columns of the history that a training and its report share. */
export function historyColumns({ training, report }: SavedState): HistoryColumns {
  const history = training?.progress?.history;
  // The report of a model that is saved without its training may come from anywhere.
  if (!history) return columnsOf((report?.history ?? []).map(flatEpoch));
  if (history.length === 0) return { fields: [], columns: {} };
  const columns = history.columns();
  return {
    fields: Object.keys(columns),
    columns: Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, entryOf(column)])),
  };
}

/**
 * The history in the columns of a file.
 *
 * @param fields the fields in order, from the file
 * @throws {FileFormatError} if a column is missing or unknown, or a value is not that of an epoch.
 */
export function readHistory(fields: Json, columns: TensorEntries, file: string): History {
  const found = checkedColumns(fields, columns, file);
  if (found.length === 0) return History.of([]);
  const names = found.map(([name]) => name);
  const own = names.filter((name) => !isUsedField(name));
  if (own.length !== epochFields.length || !epochFields.every((name) => own.includes(name))) {
    throw new FileFormatError(file, `the fields ${epochFields.join(", ")} of epochs`, names.join(", "));
  }
  for (const [name, words] of found) checkCells(name, words, file);
  return History.ofColumns(Object.fromEntries(found));
}

/** The fields that are null before the first validation. */
const optional: ReadonlySet<string> = new Set(["validationError", "validationLoss"]);

function checkCells(field: string, words: Uint32Array, file: string): void {
  for (let i = 0; 2 * i < words.length; i++) {
    const value = readCell(words, i);
    if (typeof value === "number" && (field !== "epoch" || Number.isSafeInteger(value) && value >= 0)) continue;
    if (value === null && (optional.has(field) || metricSetOf(field) === "validation")) continue;
    const expected = field === "epoch" ? "a whole number of at least 0" : "a number";
    throw new FileFormatError(file, `${expected} as ${field} of epoch ${i + 1}`, String(value ?? "none"));
  }
}
