/**
 * Tables of Parquet files.
 *
 * @module
 */

import { textKind } from "../../core/options/kinds.ts";
import { whole } from "../../core/options/numbers.ts";
import type { Declaration } from "../../core/options/option.ts";
import { readOptions } from "../../core/options/read.ts";
import { refuseSurplus } from "../../core/options/surplus.ts";
import { list } from "../../core/options/values.ts";
import type { WebFile } from "../../core/web_file.ts";
import { type LimitOptions, limitOptions } from "../formats/limits.ts";
import type { Table } from "./table.ts";

/** Which part of a Parquet file is read. */
export interface ReadParquetOptions extends LimitOptions {
  /** The names of the columns, in the order of the table; default: all. */
  readonly select?: readonly string[] | undefined;
  /** The first row, counted from 0; default: 0. */
  readonly begin?: number;
  /** The row after the last one; default: the number of rows. */
  readonly end?: number;
}

/** {@linkcode ReadParquetOptions}, declared. */
export const readParquetOptions = {
  select: list(textKind, { otherwise: "all", help: "names of the columns", items: "names of columns" }),
  begin: whole({ least: 0, default: 0, help: "first row, counted from 0" }),
  end: whole({ least: 0, otherwise: "the number of rows", help: "row after the last one" }),
  ...limitOptions,
} satisfies Declaration<ReadParquetOptions>;

/**
 * Reads a Parquet file as a table. Whole numbers, floats and decimals become numbers; texts, dates and times (dates), and
 * true and false stay what they are, and missing values stay missing. Only the columns that are selected are read. Pages
 * may be packed with snappy, gzip or zstd. The library that reads the values, `hyparquet`, is loaded on first use.
 *
 * @throws {DataError} if the file is damaged, not a Parquet file, promises more bytes than allowed, or has columns that a
 * table cannot have, such as lists.
 * @throws {RangeError} if there is no such column, with the nearest name, or an option is unknown or out of bounds.
 * @throws {LibraryError} if the library can neither be found nor be fetched from npm.
 * @throws {Deno.errors.NotFound} if there is no such file; in Node, an error with the code `ENOENT`.
 *
 * @example
 * ```ts
 * import { readParquet } from "@yadll/yadll/data";
 * import { assertRejects } from "@std/assert";
 *
 * const read = () => readParquet("flights.parquet", { select: ["delay", "distance"], end: 1000 });
 * await assertRejects(read, Deno.errors.NotFound, "there is no such file");
 * ```
 */
export async function readParquet(file: string | URL | WebFile, options: ReadParquetOptions = {}): Promise<Table> {
  refuseSurplus("readParquet", arguments, 2);
  const read = readOptions("read a table", readParquetOptions, options);
  const { loadParquet } = await import("../parquet/load_parquet.ts");
  return await loadParquet(file, read);
}
