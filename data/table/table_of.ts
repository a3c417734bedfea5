/**
 * Tables of rows in memory.
 *
 * @module
 */

import { listKind } from "../../core/options/kinds.ts";
import type { Declaration } from "../../core/options/option.ts";
import { checkArgument, readOptions } from "../../core/options/read.ts";
import { showText, showValue } from "../../core/options/show.ts";
import { refuseSurplus } from "../../core/options/surplus.ts";
import { DataError } from "../errors.ts";
import { type Cell, Column, type ColumnType } from "./column.ts";
import { columnTypes, isPlainRecord } from "./column_types.ts";
import { typedColumn } from "./infer.ts";
import { suggestColumn } from "./name_messages.ts";
import { Table } from "./table.ts";

/** Options of {@linkcode tableOf}. */
export interface TableOfOptions {
  /** The types of columns; default: those of all of their values. */
  readonly columns?: Readonly<Record<string, ColumnType>>;
}

/** {@linkcode TableOfOptions}, declared. */
export const tableOfOptions = { columns: columnTypes } satisfies Declaration<TableOfOptions>;

/** A row as it may be given: values by the names of their columns; missing ones are null, undefined or NaN. */
export type GivenRow = Readonly<Record<string, Cell | undefined>>;

const givenRows = listKind<readonly unknown[]>('rows such as { age: 31, city: "Bern" }');

/**
 * A table of rows, such as those of a JSON file. Its columns are those of all rows; a value that a row lacks, or that is
 * null, undefined or NaN, is missing. Texts of a column are numbers, dates, or true and false only if it is declared so.
 *
 * @throws {DataError} if the values of a column are of different types, or not of the declared one, or it has no name.
 *
 * @example
 * ```ts
 * import { tableOf } from "@yadll/yadll/data";
 * import { assertEquals } from "@std/assert";
 *
 * const rows = [{ age: 31, born: "1994-05-01" }, { age: null, born: "1990-12-24" }];
 * const people = tableOf(rows, { columns: { born: "date" } });
 * assertEquals(people.types, { age: "number", born: "date" });
 * assertEquals(people.column("born").at(1), new Date("1990-12-24"));
 * ```
 */
export function tableOf(rows: readonly GivenRow[], options?: TableOfOptions): Table {
  refuseSurplus("tableOf", arguments, 2);
  const { columns: declared = {} } = readOptions("make a table", tableOfOptions, options);
  checkArgument("make a table", rows, givenRows);
  rows.forEach((row, i) => {
    if (isPlainRecord(row)) return;
    throw new TypeError(
      `Cannot make a table: expected row ${i} to be a record such as { age: 31, city: "Bern" }, got ${showValue(row)}`,
    );
  });
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  if (names.includes("")) {
    const row = rows.findIndex((one) => Object.hasOwn(one, ""));
    throw new DataError(`Cannot make a table: expected columns with names, got "" in row ${row}; name the column`);
  }
  const unknown = Object.keys(declared).find((name) => !names.includes(name));
  if (unknown !== undefined && rows.length > 0) {
    throw new RangeError(
      `Cannot make a table: the option columns names ${showValue(unknown)}, which no row has${
        suggestColumn(unknown, names)
      }`,
    );
  }
  const columns = names.map((name) => {
    const values = rows.map((row) => Object.hasOwn(row, name) ? row[name] : null);
    return columnOf(name, values, Object.hasOwn(declared, name) ? declared[name] : undefined);
  });
  return new Table(columns, rows.length);
}

/** The type of a value; undefined if it is missing. */
function typeOfCell(value: unknown, name: string): ColumnType | undefined {
  if (value === null || value === undefined || typeof value === "number" && Number.isNaN(value)) return undefined;
  if (typeof value === "number" || typeof value === "boolean") return typeof value as ColumnType;
  if (typeof value === "string") return "text";
  if (value instanceof Date) return "date";
  throw new DataError(
    `Cannot make a table: expected numbers, texts, dates, or true and false in column ${showText(name)}, got ${
      showValue(value)
    }`,
  );
}

function columnOf(name: string, values: readonly (Cell | undefined)[], declared: ColumnType | undefined): Column {
  const types = values.map((value) => typeOfCell(value, name));
  const found = types.find((type) => type !== undefined) ?? declared ?? "number";
  const odd = types.findIndex((type) => type !== undefined && type !== found);
  if (odd !== -1) {
    throw new DataError(
      `Cannot make a table: expected a ${found} in row ${odd} of column ${showText(name)}, as in the rows before, got ${
        showValue(values[odd])
      }`,
    );
  }
  if (found === "text") return textColumn(name, values, declared ?? "text");
  if (declared === "text") return textColumn(name, values.map((value) => value ?? null), "text");
  if (declared !== undefined && declared !== found) {
    throw new DataError(
      `Cannot make a table: expected a ${declared} in column ${showText(name)}, as declared, got ${
        showValue(values[types.indexOf(found)])
      }`,
    );
  }
  const numbers = Float64Array.from(values, (value) => value === null || value === undefined ? NaN : Number(value));
  return new Column({ name, type: found, numbers, texts: [] });
}

function textColumn(name: string, values: readonly (Cell | undefined)[], type: ColumnType): Column {
  const codes = new Map<string, number>();
  const code = (text: string): number => {
    const known = codes.get(text) ?? codes.size;
    codes.set(text, known);
    return known;
  };
  const isMissing = (value: Cell | undefined): boolean =>
    value === null || value === undefined || typeof value === "number" && Number.isNaN(value);
  const found = Int32Array.from(values, (value) => isMissing(value) ? -1 : code(String(value)));
  return typedColumn({ name, position: 1, codes: found, texts: [...codes.keys()] }, {}, type);
}
