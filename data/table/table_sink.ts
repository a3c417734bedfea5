/**
 * Takes the fields of a CSV text, and makes a table of them.
 *
 * @module
 */

import { showText, showValue } from "../../core/options/show.ts";
import { DataError } from "../errors.ts";
import { OTHER_DELIMITERS } from "../formats/csv.ts";
import { numberOf } from "../formats/csv_numbers.ts";
import { type CsvSink, type FieldForm, tooLong } from "../formats/csv_rows.ts";
import type { ColumnType } from "./column.ts";
import { typedColumn } from "./infer.ts";
import { suggestColumn } from "./name_messages.ts";
import { Table } from "./table.ts";
import { WholeList } from "./whole_list.ts";

/** The most columns of a table. */
const MOST_COLUMNS = 2 ** 16;

/** The usual texts of missing values. */
const USUAL = ["", "NA", "N/A", "NaN", "null"];

/** How a text is read, and its name in messages. */
export interface TableSettings {
  readonly name: string;
  readonly header: boolean | undefined;
  /** Default: {@linkcode USUAL}. */
  readonly missing: readonly string[] | undefined;
  readonly columns: Readonly<Record<string, ColumnType>> | undefined;
  /** Whether types may be declared for columns that the text does not have. */
  readonly isPartial?: boolean;
}

/** The code of a missing value. */
const MISSING = -1;

/** The texts of a column, each kept once. */
class TextCodes {
  readonly codes = new WholeList();
  readonly #known = new Map<string, number>();

  add(text: string): void {
    let code = this.#known.get(text);
    if (code === undefined) this.#known.set(text, code = this.#known.size);
    this.codes.add(code);
  }

  get texts(): string[] {
    return [...this.#known.keys()];
  }
}

/** The fields of a text by columns. Types are found at the end, with all values in view. */
export class TableSink implements CsvSink {
  readonly #missing: ReadonlySet<string>;
  /** The length of the longest text of a missing value. */
  readonly #longest: number;
  readonly #lines = new WholeList();
  #columns: readonly TextCodes[] = [];
  #names: readonly string[] | undefined;
  #row: string[] = [];
  /** Whether the last field was enclosed in quotes, which say that it is one field. */
  #isQuoted = false;
  #fields = 0;

  constructor(readonly settings: TableSettings) {
    this.#missing = new Set((settings.missing ?? USUAL).map((text) => text.toLowerCase()));
    this.#longest = Math.max(0, ...[...this.#missing].map(({ length }) => length));
  }

  field(text: string, form: FieldForm, line: number): void {
    if (form === "malformed") {
      throw new DataError(
        `Cannot read line ${line} of ${this.settings.name}: expected a field that starts with a quote to end with one, got ${
          showValue(text)
        } in column ${this.#fields + 1}`,
      );
    }
    this.#fields++;
    if (this.#fields > MOST_COLUMNS) {
      throw new DataError(
        `Cannot read line ${line} of ${this.settings.name}: expected at most ${MOST_COLUMNS} columns, got more`,
      );
    }
    this.#isQuoted = form === "quoted";
    this.#row.push(text);
  }

  endRow(line: number): void {
    const row = this.#row;
    this.#row = [];
    this.#fields = 0;
    // In a table of one column, an empty line is as likely the end of the file as a missing value.
    if (row.length === 1 && row[0] === "") return;
    if (this.#names === undefined) this.#begin(row, line);
    else this.#add(row, line);
  }

  refuseLength(line: number, most: number): never {
    throw tooLong(this.settings.name, { line, column: this.#fields + 1, most });
  }

  /**
   * The table.
   *
   * @throws {DataError} if a value does not have the declared type.
   */
  toTable(): Table {
    const names = this.#names ?? [];
    const { columns: declared = {}, name: file, isPartial } = this.settings;
    const unknown = isPartial ? undefined : Object.keys(declared).find((name) => !names.includes(name));
    if (unknown !== undefined) {
      throw new DataError(
        `Cannot read ${file}: the option columns names ${showValue(unknown)}, which the file does not have${
          suggestColumn(unknown, names)
        }`,
      );
    }
    const origin = { file, lines: this.#lines.toArray() };
    const columns = names.map((name, i) => {
      const { codes, texts } = this.#columns[i];
      const type = Object.hasOwn(declared, name) ? declared[name] : undefined;
      return typedColumn({ name, position: i + 1, codes: codes.toArray(), texts }, origin, type);
    });
    return new Table(columns, this.#lines.length);
  }

  #begin(row: readonly string[], line: number): void {
    const { header, name } = this.settings;
    if (header === undefined && row.every((text) => numberOf(text) !== undefined || this.#isMissing(text))) {
      throw new DataError(
        `Cannot read line ${line} of ${name}: expected the names of columns, got numbers; set the option \`header\` to true or false`,
      );
    }
    this.#columns = row.map(() => new TextCodes());
    const hasNames = header ?? true;
    this.#names = row.map((text, i) => hasNames && text !== "" ? text : `column ${i + 1}`);
    this.#checkNames(line);
    if (!hasNames) this.#add(row, line);
  }

  #checkNames(line: number): void {
    const names = this.#names!;
    const place = `Cannot read line ${line} of ${this.settings.name}`;
    const seen = new Map<string, number>();
    names.forEach((name, i) => {
      const before = seen.get(name);
      if (before !== undefined) {
        throw new DataError(
          `${place}: expected a name of its own for each column, got ${showValue(name)} as columns ${before + 1} and ${
            i + 1
          }`,
        );
      }
      seen.set(name, i);
    });
    const other = names.length === 1 && !this.#isQuoted
      ? OTHER_DELIMITERS.find((delimiter) => names[0].includes(delimiter))
      : undefined;
    if (other === undefined) return;
    throw new DataError(
      `${place}: expected several columns, got ${showText(names[0])} as the only one; pass ${
        JSON.stringify(other)
      } as the option \`delimiter\` if it separates the columns, otherwise rename the column`,
    );
  }

  #add(row: readonly string[], line: number): void {
    if (row.length !== this.#columns.length) {
      throw new DataError(
        `Cannot read line ${line} of ${this.settings.name}: expected ${this.#columns.length} fields, got ${row.length}`,
      );
    }
    this.#lines.add(line);
    for (let i = 0; i < row.length; i++) {
      if (this.#isMissing(row[i])) this.#columns[i].codes.add(MISSING);
      else this.#columns[i].add(row[i]);
    }
  }

  #isMissing(text: string): boolean {
    // Most fields are longer, and numbers do not change in lower case.
    return text.length <= this.#longest && (this.#missing.has(text) || this.#missing.has(text.toLowerCase()));
  }
}
