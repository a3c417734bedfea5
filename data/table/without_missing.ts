/**
 * Tables without the rows in which values are missing.
 *
 * @module
 */

import { textKind } from "../../core/options/kinds.ts";
import { checkArgument, checkArguments } from "../../core/options/read.ts";
import { refuseSurplus } from "../../core/options/surplus.ts";
import { list } from "../../core/options/values.ts";
import { type Table, tableKind } from "./table.ts";

const namesKind = list(textKind, { items: "names of columns" });

/**
 * The rows of a table that have a value in each of some columns.
 *
 * @param columns The names of these columns; default: all.
 * @throws {RangeError} if there is no such column; the message has the nearest name.
 *
 * @example
 * ```ts
 * import { parseTable, withoutMissing } from "@yadll/yadll/data";
 * import { assertEquals } from "@std/assert";
 *
 * const table = parseTable("age,price\n30,100\n,200\n50,\n");
 * assertEquals(withoutMissing(table, ["price"]).column("age").values, [30, null]);
 * assertEquals(withoutMissing(table).length, 1);
 * ```
 */
export function withoutMissing(table: Table, columns?: readonly string[]): Table {
  refuseSurplus("withoutMissing", arguments, 2);
  checkArgument("leave out rows", table, tableKind);
  if (columns !== undefined) checkArguments("leave out rows", { columns }, namesKind);
  const checked = (columns ?? table.columns).map((name) => table.column(name).numbers);
  const rows = Int32Array.from({ length: table.length }, (_, row) => row);
  return table.take(rows.filter((row) => checked.every((numbers) => !Number.isNaN(numbers[row]))));
}
