/**
 * Tables: named columns of numbers, texts, dates, or true and false.
 *
 * @module
 */

import { register } from "../recognized.ts";
import { whole } from "../../core/options/numbers.ts";
import { textKind } from "../../core/options/kinds.ts";
import { custom } from "../../core/options/option.ts";
import { checkArguments } from "../../core/options/read.ts";
import { showText, showValue } from "../../core/options/show.ts";
import { refuseSurplus } from "../../core/options/surplus.ts";
import { list } from "../../core/options/values.ts";
import type { Cell, Column, ColumnType } from "./column.ts";
import { suggestColumn } from "./name_messages.ts";

const namesKind = list(textKind, { items: "names of columns" });
const rowKind = whole({ least: 0 });

/** Rows by their numbers, as arguments. */
const rowsKind = custom<ArrayLike<number>>({
  expected: "a list of row numbers",
  accepts: (value): value is ArrayLike<number> =>
    (Array.isArray(value) || ArrayBuffer.isView(value)) && !(value instanceof DataView) &&
    Array.from(value as ArrayLike<unknown>).every((one) => rowKind.accepts(one)),
});

/** A row of a table: a value for each column, null if it is missing. */
export type TableRow = Readonly<Record<string, Cell>>;

/**
 * Named columns with the same number of rows. Immutable: functions that change something return a new table.
 * {@linkcode readTable} reads one from a file, and {@linkcode tableOf} makes one of rows.
 *
 * @example
 * ```ts
 * import { parseTable } from "@yadll/yadll/data";
 * import { assertEquals } from "@std/assert";
 *
 * const people = parseTable("age,city,born\n31,Bern,1994-05-01\n,Oslo,1990-12-24\n");
 * assertEquals(people.types, { age: "number", city: "text", born: "date" });
 * assertEquals(people.column("age").values, [31, null]);
 * assertEquals(people.drop(["born"]).row(1), { age: null, city: "Oslo" });
 * ```
 */
export class Table {
  /** The names of the columns. */
  readonly columns: readonly string[];
  readonly #columns: ReadonlyMap<string, Column>;

  /**
   * Made by {@linkcode readTable}, {@linkcode parseTable} and {@linkcode tableOf}.
   *
   * @param length The number of rows.
   */
  constructor(columns: readonly Column[], readonly length: number) {
    register("table", this);
    this.columns = columns.map(({ name }) => name);
    this.#columns = new Map(columns.map((one) => [one.name, one]));
  }

  /** The type of each column. */
  get types(): Readonly<Record<string, ColumnType>> {
    return Object.fromEntries([...this.#columns.values()].map(({ name, type }) => [name, type]));
  }

  /**
   * The column of this name.
   *
   * @throws {RangeError} if there is none; the message has the nearest name.
   */
  column(name: string): Column {
    checkArguments("take a column", { name }, textKind);
    const found = this.#columns.get(name);
    if (found) return found;
    throw new RangeError(
      `Cannot take column ${showValue(name)}: the table does not have it${suggestColumn(name, this.columns)}`,
    );
  }

  /** The table of only these columns, in this order. */
  select(names: readonly string[]): Table {
    refuseSurplus("table.select", arguments, 1);
    checkArguments("select columns", { names }, namesKind);
    return new Table([...new Set(names)].map((name) => this.column(name)), this.length);
  }

  /** The table without these columns. */
  drop(names: readonly string[]): Table {
    refuseSurplus("table.drop", arguments, 1);
    checkArguments("drop columns", { names }, namesKind);
    const dropped = new Set(names.map((name) => this.column(name)));
    return new Table([...this.#columns.values()].filter((one) => !dropped.has(one)), this.length);
  }

  /**
   * The table of only these rows, counted from 0, in this order.
   *
   * @throws {RangeError} if there is no such row.
   */
  take(rows: ArrayLike<number>): Table {
    refuseSurplus("table.take", arguments, 1);
    checkArguments("take rows", { rows }, rowsKind);
    const numbers = Int32Array.from(rows);
    const odd = Array.from(rows).find((row) => row >= this.length);
    if (odd !== undefined) throw new RangeError(`Cannot take row ${odd}: the table has ${this.length} rows`);
    return new Table([...this.#columns.values()].map((one) => one.take(numbers)), numbers.length);
  }

  /**
   * A row, counted from 0.
   *
   * @throws {RangeError} if there is no such row.
   */
  row(row: number): TableRow {
    checkArguments("take a row", { row }, rowKind);
    if (row >= this.length) throw new RangeError(`Cannot take row ${row}: the table has ${this.length} rows`);
    return Object.fromEntries([...this.#columns.values()].map((one) => [one.name, one.at(row)]));
  }

  /** The columns as text: name, type, missing values, and the range or some of the texts. */
  summary(): string {
    const rows = [...this.#columns.values()].map((
      one,
    ) => [showText(one.name), one.type, missingIn(one), contentOf(one)]);
    const table = [["column", "type", "missing", "values"], ...rows];
    const widths = [0, 1, 2].map((i) => Math.max(...table.map((row) => row[i].length)));
    const lines = table.map((row) => row.map((text, i) => i < 3 ? text.padEnd(widths[i]) : text).join("  ").trimEnd());
    return [`${this.length} rows`, ...lines].join("\n");
  }

  /** Returns what notebooks show: the summary. */
  [Symbol.for("Jupyter.display")](): Readonly<Record<string, string>> {
    return { "text/plain": this.summary() };
  }
}

/** A table, as an argument. */
export const tableKind = custom<Table>({
  expected: "a table, such as await readTable(file)",
  accepts: (value): value is Table => value instanceof Table,
});

/** Texts that a summary shows. */
const SHOWN = 5;

function missingIn({ missing }: Column): string {
  return missing === 0 ? "" : String(missing);
}

function contentOf(column: Column): string {
  if (column.type === "text") {
    const { categories } = column;
    const shown = categories.slice(0, SHOWN).map((one) => one.includes(",") ? showValue(one) : showText(one)).join(
      ", ",
    );
    return categories.length > SHOWN ? `${shown}, … (${categories.length})` : shown;
  }
  let [least, greatest] = [Infinity, -Infinity];
  column.numbers.forEach((one) => {
    if (one < least) least = one;
    if (one > greatest) greatest = one;
  });
  if (least > greatest) return "";
  if (column.type === "boolean") return "true, false";
  const show = (one: number): string =>
    column.type === "date" ? new Date(one).toISOString().replace("T00:00:00.000Z", "") : String(one);
  return `${show(least)} … ${show(greatest)}`;
}
