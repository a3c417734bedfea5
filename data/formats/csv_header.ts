/**
 * Whether the first line of a CSV text names the columns.
 *
 * @module
 */

import { showValue } from "../../core/options/show.ts";
import { DataError } from "../errors.ts";
import { isMissing } from "./csv_numbers.ts";

/** The most columns that may have names. */
const MOST_NAMES = 2 ** 18;

/** The most characters of all names. */
const MOST_CHARACTERS = 2 ** 22;

/** The first line of a CSV text. */
export class CsvFirstLine {
  readonly #names: string[] = [];
  #characters = 0;
  #columns = 0;
  #hasNames = false;
  #startsWithNumber = false;
  /** Whether there is a number other than a whole one, such as a year, which may be a name. */
  #hasMeasures = false;
  /** The first field that is neither a number nor missing. */
  #odd: { readonly column: number; readonly field: string } | undefined;

  /** Whether there are too many names, if these are names. */
  get isTooLong(): boolean {
    return this.#columns > MOST_NAMES || this.#characters > MOST_CHARACTERS;
  }

  /** Takes a field, and whether it is a number. */
  add(field: string, isNumber: boolean): void {
    this.#columns++;
    this.#characters += field.length;
    if (!this.isTooLong) this.#names.push(field);
    if (isNumber) {
      this.#startsWithNumber ||= this.#columns === 1;
      this.#hasMeasures ||= !this.#startsWithNumber && !/^\d+$/.test(field);
    } else if (!isMissing(field)) {
      this.#odd ??= { column: this.#columns, field };
      this.#hasNames ||= !/^[+-]?\.?\d/.test(field);
    }
  }

  /**
   * The names of the columns; undefined if these are numbers.
   *
   * @param isHeader Whether these are names; default: whether they contain anything but numbers.
   * @throws {DataError} if they may be either, or there are too many.
   */
  names(isHeader: boolean | undefined, line: string): readonly string[] | undefined {
    if (!(isHeader ?? this.#odd !== undefined)) return undefined;
    if (isHeader === undefined && (!this.#hasNames || this.#startsWithNumber || this.#hasMeasures)) {
      const { column, field } = this.#odd!;
      throw new DataError(
        `Cannot read ${line}: expected numbers, or the names of columns, got a line that may be either, with ${
          showValue(field)
        } in column ${column}; set the option \`header\` to true or false`,
      );
    }
    if (this.isTooLong) {
      throw new DataError(
        `Cannot read ${line}: expected at most ${MOST_NAMES} names of columns, with ${MOST_CHARACTERS} characters, got ${this.#columns} with ${this.#characters}`,
      );
    }
    return this.#names;
  }
}
