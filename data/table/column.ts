/**
 * Columns of tables: numbers, texts, dates, or true and false, of which some may be missing.
 *
 * @module
 */

import { oneOf } from "../../core/options/values.ts";

/** What a column holds. */
export type ColumnType = "number" | "text" | "date" | "boolean";

const types = ["number", "text", "date", "boolean"] as const;

/** The types of columns, as an option. */
export const columnType = oneOf(types, { help: "type of a column" });

/** The types of columns, as an option that must be given. */
export const requiredColumnType = oneOf(types, { required: true, help: "type of a column" });

/** A value of a table; null if it is missing. */
export type Cell = number | string | boolean | Date | null;

/** Where the rows of a table come from, for messages. */
export interface TableOrigin {
  /** The name of the file, if there is one. */
  readonly file?: string | undefined;
  /** The line of each row in it, counted from 1. */
  readonly lines?: Int32Array | undefined;
}

/** A row in messages: `line 7 of people.csv`, or `row 5`, counted from 0. */
export function placeOf({ file, lines }: TableOrigin, row: number): string {
  return file === undefined || lines === undefined ? `row ${row}` : `line ${lines[row]} of ${file}`;
}

/** The content of a column. */
export interface ColumnContent {
  /** The name of the column. */
  readonly name: string;
  /** The type of its values. */
  readonly type: ColumnType;
  /**
   * A number for each row, NaN if the value is missing: the number, the milliseconds since 1970 of a date, 1 for true and
   * 0 for false, or the position of a text among `texts`.
   */
  readonly numbers: Float64Array;
  /** The different texts; empty for columns of other types. */
  readonly texts: readonly string[];
}

/** A column of a table. Immutable. */
export class Column {
  /** The name. */
  readonly name: string;
  /** What it holds. */
  readonly type: ColumnType;
  readonly #content: ColumnContent;

  /** Made by tables. */
  constructor(content: ColumnContent, readonly origin: TableOrigin = {}) {
    this.name = content.name;
    this.type = content.type;
    this.#content = content;
  }

  /** The number of rows. */
  get length(): number {
    return this.#content.numbers.length;
  }

  /**
   * A number for each row, NaN if the value is missing: the number, the milliseconds since 1970 of a date, 1 for true and
   * 0 for false, or the position of a text among `texts`.
   */
  get numbers(): Float64Array {
    return this.#content.numbers;
  }

  /** The different texts of the column from which this one was taken, in the order of their first rows. */
  get texts(): readonly string[] {
    return this.#content.texts;
  }

  /** The value of a row, counted from 0; null if it is missing. */
  at(row: number): Cell {
    const number = this.#content.numbers[row];
    if (number === undefined || Number.isNaN(number)) return null;
    if (this.type === "text") return this.texts[number];
    if (this.type === "date") return new Date(number);
    return this.type === "boolean" ? number === 1 : number;
  }

  /** The values of all rows; null if one is missing. */
  get values(): readonly Cell[] {
    return Array.from({ length: this.length }, (_, row) => this.at(row));
  }

  /** How many values are missing. */
  get missing(): number {
    let count = 0;
    for (const number of this.numbers) if (Number.isNaN(number)) count++;
    return count;
  }

  /** The different texts of its rows, in the order of their first rows; empty for columns of other types. */
  get categories(): readonly string[] {
    if (this.type !== "text") return [];
    const found = new Set<number>();
    for (const code of this.numbers) if (!Number.isNaN(code)) found.add(code);
    return [...found].map((code) => this.texts[code]);
  }

  /** The column of only these rows, in this order. */
  take(rows: Int32Array): Column {
    const { numbers } = this.#content;
    const { file, lines } = this.origin;
    const origin = { file, lines: lines && rows.map((row) => lines[row]) };
    const taken = new Float64Array(rows.length);
    for (let i = 0; i < rows.length; i++) taken[i] = numbers[rows[i]];
    return new Column({ ...this.#content, numbers: taken }, origin);
  }

  /** The same column with other values: a number for each row, as `numbers` has them. */
  withNumbers(numbers: Float64Array, texts: readonly string[] = this.texts): Column {
    return new Column({ name: this.name, type: this.type, numbers, texts }, this.origin);
  }

  /** A column of this type with the same values as texts, or, if all of them are missing, of any type. */
  as(type: ColumnType): Column {
    if (type === this.type) return this;
    const content = { name: this.name, type, texts: [] };
    if (type !== "text" || this.missing === this.length) {
      return new Column({ ...content, numbers: this.numbers }, this.origin);
    }
    const codes = new Map<string, number>();
    const numbers = this.numbers.map((number, row) => {
      if (Number.isNaN(number)) return NaN;
      const text = String(this.at(row));
      codes.set(text, codes.get(text) ?? codes.size);
      return codes.get(text)!;
    });
    return new Column({ ...content, numbers, texts: [...codes.keys()] }, this.origin);
  }

  /** A row of this column in messages: `line 7 of people.csv`. */
  place(row: number): string {
    return placeOf(this.origin, row);
  }
}
