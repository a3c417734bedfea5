/**
 * Tables of CSV files.
 *
 * @module
 */

import { loadedFileKind, textKind } from "../../core/options/kinds.ts";
import type { Declaration } from "../../core/options/option.ts";
import { custom } from "../../core/options/option.ts";
import { checkArguments, readOptions } from "../../core/options/read.ts";
import { refuseSurplus } from "../../core/options/surplus.ts";
import { flag, list } from "../../core/options/values.ts";
import { fileName, type WebFile } from "../../core/web_file.ts";
import { DataError } from "../errors.ts";
import { delimiterOption } from "../formats/csv.ts";
import { CsvScanner } from "../formats/csv_rows.ts";
import { scanCsv } from "../formats/csv_source.ts";
import { type LimitOptions, limitOptions } from "../formats/limits.ts";
import { columnTypes } from "./column_types.ts";
import type { Table } from "./table.ts";
import type { TableOfOptions } from "./table_of.ts";
import { TableSink } from "./table_sink.ts";

/** How a CSV file is read as a table. */
export interface ReadTableOptions extends TableOfOptions {
  /** The types of columns; default: those of all of their values. */
  readonly columns?: NonNullable<TableOfOptions["columns"]>;
  /** The character between two columns; default: `,`. */
  readonly delimiter?: string;
  /** Whether the first line names the columns; default: true, and a first line of numbers is refused. */
  readonly header?: boolean;
  /** The texts of missing values, in any case; default: an empty field, `NA`, `N/A`, `NaN` and `null`. */
  readonly missing?: readonly string[];
}

type Types = NonNullable<ReadTableOptions["columns"]>;

const anyText = custom<string>({
  expected: "a text",
  accepts: (value): value is string => typeof value === "string",
  parse: (text) => text,
});

/** {@linkcode ReadTableOptions}, declared. */
export const readTableOptions = {
  columns: columnTypes,
  delimiter: delimiterOption,
  header: flag({
    otherwise: "true, and a first line of numbers is refused",
    help: "whether the first line names the columns",
  }),
  missing: list(anyText, {
    otherwise: "an empty field, `NA`, `N/A`, `NaN` and `null`",
    help: "texts of missing values, in any case",
    items: "texts",
  }),
} satisfies Declaration<ReadTableOptions>;

const optionsOfFiles = { ...readTableOptions, ...limitOptions };

/**
 * Reads a CSV file as a table, in pieces. The type of a column that is not declared is that of all of its values:
 * numbers, true and false, dates such as `2024-02-29` or `2024-02-29T12:30`, otherwise text. Numbers that start with a
 * zero, such as the codes of towns, make a column of text. Missing values stay missing.
 *
 * @throws {DataError} if lines differ in length, a column has no name of its own, a value does not have the declared
 * type, or there are more bytes than allowed.
 * @throws {RangeError} if an option is unknown or out of bounds.
 * @throws {Deno.errors.NotFound} if there is no such file; in Node, an error with the code `ENOENT`.
 *
 * @example
 * ```ts
 * import { readTable } from "@yadll/yadll/data";
 * import { assertEquals } from "@std/assert";
 *
 * const file = await Deno.makeTempFile({ suffix: ".csv" });
 * await Deno.writeTextFile(file, 'age,city,zip\n31,"Bern, CH",3004\n,Oslo,0150\n');
 * const people = await readTable(file, { columns: { age: "number" } });
 * assertEquals(people.row(1), { age: null, city: "Oslo", zip: "0150" });
 * await Deno.remove(file);
 * ```
 */
export async function readTable(
  file: string | URL | WebFile,
  options: ReadTableOptions & LimitOptions = {},
): Promise<Table> {
  refuseSurplus("readTable", arguments, 2);
  const { delimiter, limitBytes, ...settings } = readOptions("read a table", optionsOfFiles, options);
  refuseParquet(file);
  const sink = await scanCsv(file, { delimiter, limitBytes }, (name) => new TableSink({ ...settings, name }));
  return sink.toTable();
}

/** Refuses a file whose name says that it is no CSV file. */
function refuseParquet(file: string | URL | WebFile): void {
  checkArguments("read a file", { path: file }, loadedFileKind);
  const name = fileName(file);
  if (!/\.parquet$/i.test(name)) return;
  throw new DataError(`Cannot read ${name} as a CSV file: its name is that of a Parquet file; use readParquet`);
}

/** Reads a CSV file whose columns have these types, as far as it has them. */
export async function readTableAs(file: string | URL, columns: Types, delimiter: string): Promise<Table> {
  const settings = { columns, header: undefined, missing: undefined, isPartial: true };
  const sink = await scanCsv(
    file,
    { delimiter, limitBytes: undefined },
    (name) => new TableSink({ ...settings, name }),
  );
  return sink.toTable();
}

/**
 * The table of a CSV text. Fields may be enclosed in double quotes; empty lines are skipped.
 *
 * @param name The name of the text in messages; default: CSV text.
 * @throws {DataError} if lines differ in length, a column has no name of its own, or a value does not have the declared
 * type.
 * @throws {RangeError} if an option is unknown or out of bounds.
 *
 * @example
 * ```ts
 * import { parseTable } from "@yadll/yadll/data";
 * import { assertEquals } from "@std/assert";
 *
 * const people = parseTable("age;smokes\n31;true\n?;false\n", { delimiter: ";", missing: ["?"] });
 * assertEquals(people.types, { age: "number", smokes: "boolean" });
 * assertEquals(people.column("age").missing, 1);
 * ```
 */
export function parseTable(text: string, options: ReadTableOptions = {}, name = "CSV text"): Table {
  refuseSurplus("parseTable", arguments, 3);
  checkArguments("read a table", { text }, textKind);
  checkArguments("read a table", { name }, textKind);
  const { delimiter, ...settings } = readOptions("read a table", readTableOptions, options);
  const sink = new TableSink({ ...settings, name });
  new CsvScanner(delimiter, sink).end(text.startsWith("\uFEFF") ? text.slice(1) : text);
  return sink.toTable();
}
