/**
 * Tables as the sets that a network learns from.
 *
 * @module
 */

import { listKind } from "../core/options/kinds.ts";
import type { Declaration } from "../core/options/option.ts";
import { checkArgument, readOptions } from "../core/options/read.ts";
import { refuseSurplus } from "../core/options/surplus.ts";
import { text } from "../core/options/values.ts";
import { type Data, data } from "./data.ts";
import { DataError } from "./errors.ts";
import { type ColumnOptions, columnOptions, fitPreprocessing } from "./steps/fit_preprocessing.ts";
import type { TablePreprocessing } from "./steps/table_preprocessing.ts";
import { Table } from "./table/table.ts";

/** Options of {@linkcode tableData}. */
export interface TableDataOptions extends ColumnOptions {
  /** The columns that are inputs, or the steps for each of them; default: all columns but the targets. */
  readonly inputs?: ColumnOptions["inputs"];
  /** The columns that are targets, or the steps for each of them. */
  readonly targets: ColumnOptions["targets"];
  /** The name of the data in reports; default: `data`. */
  readonly name?: string;
}

/** {@linkcode TableDataOptions}, declared. */
export const tableDataOptions = {
  ...columnOptions,
  name: text({ default: "data", help: "name of the data in reports" }),
} satisfies Declaration<TableDataOptions>;

/** Sets that were made of tables, with the preprocessing that made them. */
export interface TableData extends Data {
  /** The preprocessing that was fitted to the training set. */
  readonly preprocessing: TablePreprocessing;
}

const tablesKind = listKind<readonly Table[]>("tables: the training, the validation, and optionally the test set");

/**
 * The sets of two or three tables (training, validation, and optionally test), as numbers. The steps that make numbers of
 * the columns are fitted to the training set alone ({@linkcode fitPreprocessing}). Models that are trained on the data
 * keep the preprocessing: it is in their files, and `model.predict` applies it to tables.
 *
 * @throws {DataError} if a column has values that its steps do not take, with the row.
 * @throws {RangeError} if there is no such column or step; the message has the nearest name.
 *
 * @example
 * ```ts
 * import { parseTable, split, tableData } from "@yadll/yadll/data";
 * import { assertEquals } from "@std/assert";
 *
 * const table = parseTable("age,city,price\n30,Bern,100\n40,Oslo,300\n50,Bern,200\n20,Oslo,250\n");
 * const prices = tableData(split(table, [0.5, 0.5], { stratify: "city" }), { targets: "price", name: "prices" });
 * assertEquals(prices.preprocessing.features, ["age", "city=Bern", "city=Oslo"]);
 * assertEquals(prices.sampleShape, [3]);
 * ```
 */
export function tableData(tables: readonly Table[], options: TableDataOptions): TableData {
  refuseSurplus("tableData", arguments, 2);
  checkArgument("make data", tables, tablesKind);
  const { name, ...columns } = readOptions("make data of tables", tableDataOptions, options);
  tables.forEach((table, i) => {
    if (table instanceof Table) return;
    throw new TypeError(`Cannot make data of tables: expected set ${i} to be a table; use data for other sets`);
  });
  if (tables.length < 2 || tables.length > 3) {
    throw new DataError(
      `Cannot make data from ${tables.length} tables: expected training and validation, and optionally test, such as ` +
        "split(table, [0.7, 0.15, 0.15])",
    );
  }
  const preprocessing = fitPreprocessing(tables[0], columns);
  return { ...data(tables.map((table) => preprocessing.apply(table)), { name }), preprocessing };
}
