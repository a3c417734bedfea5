/**
 * Tables of the command line: CSV files that a saved model predicts, or is evaluated on.
 *
 * @module
 */

import { DataError } from "../data/errors.ts";
import { delimiterOption } from "../data/formats/csv.ts";
import { TablePreprocessing } from "../data/steps/table_preprocessing.ts";
import { placeOf } from "../data/table/column.ts";
import { readTableAs } from "../data/table/read_table.ts";
import type { Table } from "../data/table/table.ts";
import { tensorSet } from "../data/tensor_set.ts";
import type { Model } from "../model/model.ts";
import type { GivenMetric } from "../model/training/metric_option.ts";
import { evaluateSet, type SetEvaluation } from "./evaluate_set.ts";
import { valued } from "./options/option.ts";
import type { Output } from "./output.ts";
import { jsonLine } from "./json_lines.ts";

/** The option for the character between two columns. */
export const delimiter = valued("CHARACTER", {
  ...delimiterOption,
  help: "character between two columns of a CSV file",
});

/** Whether a file is a table, by its name. */
export function isTableFile(path: string): boolean {
  return /\.(csv|tsv)$/i.test(path);
}

/** A table that is used with a model. */
export interface TableUsage {
  readonly model: Model;
  readonly path: string;
  /** The character between two columns (default: a comma, and a tab in a .tsv file). */
  readonly delimiter: string | undefined;
}

/** The preprocessing of a model that was trained on tables. */
function preprocessingFor(action: string, { model: { network, preprocessing }, path }: TableUsage): TablePreprocessing {
  if (preprocessing instanceof TablePreprocessing) return preprocessing;
  throw new DataError(
    `Cannot ${action} ${path} with ${network.name}: expected a model that was trained on tables, as tableData makes them`,
  );
}

async function readFor(preprocessing: TablePreprocessing, { path, delimiter }: TableUsage): Promise<Table> {
  return await readTableAs(path, preprocessing.types, delimiter ?? (/\.tsv$/i.test(path) ? "\t" : ","));
}

/** Prints the predictions for the rows of a CSV file: as CSV, or as a line of JSON for each row. */
export async function predictFile(
  usage: TableUsage,
  { output, json }: { output: Output; json: boolean },
): Promise<void> {
  const preprocessing = preprocessingFor("predict", usage);
  const table = await readFor(preprocessing, usage);
  const predicted = await usage.model.predict(table);
  const [first] = table.columns.map((name) => table.column(name));
  if (!json) output.result(predicted.columns.map(quoted).join(","));
  for (let row = 0; row < predicted.length; row++) {
    const values = predicted.row(row);
    if (json) output.result(jsonLine("prediction", { name: placeOf(first.origin, row), ...values }));
    else output.result(Object.values(values).map((value) => quoted(value === null ? "" : String(value))).join(","));
  }
}

/** A field of a CSV file. */
function quoted(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Evaluates a model on the rows of a CSV file, which has the targets. */
export async function evaluateFile(usage: TableUsage, metrics?: readonly GivenMetric[]): Promise<SetEvaluation> {
  const preprocessing = preprocessingFor("evaluate", usage);
  const table = await readFor(preprocessing, usage);
  return await evaluateSet(usage.model, tensorSet(preprocessing.apply(table)), metrics);
}
