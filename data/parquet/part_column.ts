/**
 * Collects the values of a column, as tables have them: numbers, and texts once each.
 *
 * @module
 */

import type { DecodedArray } from "hyparquet";
import { showText } from "../../core/options/show.ts";
import { UnsupportedError } from "./unsupported.ts";
import { Column, type ColumnType, type TableOrigin } from "../table/column.ts";

/** The greatest time of a date, in milliseconds since 1970. */
const GREATEST_TIME = 8.64e15;

/** A column that is being filled. */
export class ColumnBuilder {
  readonly #numbers: Float64Array;
  readonly #codes = new Map<string, number>();
  #length = 0;

  constructor(readonly name: string, readonly type: ColumnType, rows: number) {
    this.#numbers = new Float64Array(rows);
  }

  /**
   * Adds the values from `begin` to `end`, which is excluded.
   *
   * @returns how many of them are missing.
   * @throws {RangeError} if a value is damaged.
   * @throws {UnsupportedError} if a whole number is too large.
   */
  add(values: DecodedArray, begin: number, end: number): number {
    let missing = 0;
    for (let i = begin; i < end; i++) {
      const value: unknown = values[i];
      const isMissing = value === null || value === undefined;
      if (isMissing) missing++;
      this.#numbers[this.#length++] = isMissing ? NaN : this.#numberOf(value);
    }
    return missing;
  }

  /** The column. */
  column(origin: TableOrigin): Column {
    const content = { name: this.name, type: this.type, numbers: this.#numbers, texts: [...this.#codes.keys()] };
    return new Column(content, origin);
  }

  #numberOf(value: unknown): number {
    if (this.type === "text") return this.#codeOf(String(value));
    const number = Number(value);
    if (typeof value === "bigint" && !Number.isSafeInteger(number)) {
      throw new UnsupportedError(
        `expected whole numbers up to ${Number.MAX_SAFE_INTEGER} in column ${
          showText(this.name)
        }, got ${value}; name the ` +
          "other columns with the option `select`",
      );
    }
    if (this.type === "date" && !(Math.abs(number) <= GREATEST_TIME)) {
      throw new RangeError(`it has a time of ${value} ms, which is no date`);
    }
    return number;
  }

  #codeOf(text: string): number {
    const known = this.#codes.get(text);
    if (known !== undefined) return known;
    this.#codes.set(text, this.#codes.size);
    return this.#codes.size - 1;
  }
}
