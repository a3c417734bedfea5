/**
 * CSV files of numbers.
 *
 * @module
 */

import { refuseSurplus } from "../../core/options/surplus.ts";
import type { WebFile } from "../../core/web_file.ts";
import { textKind } from "../../core/options/kinds.ts";
import { checkArguments, readOptions } from "../../core/options/read.ts";
import { custom, type Declaration, type OptionValues } from "../../core/options/option.ts";
import { flag, oneOf } from "../../core/options/values.ts";
import { showText, showValue } from "../../core/options/show.ts";
import { CsvFirstLine } from "./csv_header.ts";
import { isMissing, NumberList, numberOf } from "./csv_numbers.ts";
import { CsvScanner, type CsvSink, type FieldForm, isDelimiter, tooLong } from "./csv_rows.ts";
import { scanCsv } from "./csv_source.ts";
import { DataError } from "../errors.ts";
import { type LimitOptions, limitOptions } from "./limits.ts";
import type { Samples } from "../samples.ts";

/** Delimiters of other programs, which messages suggest. */
export const OTHER_DELIMITERS = [";", "\t", "|"] as const;

/** How missing values are treated: they are refused, they become NaN, or their lines are skipped. */
export type MissingValues = "refuse" | "nan" | "skip";

/**
 * How a CSV file is read. By default, a first line that may be numbers or names is refused: one that contains text, but
 * starts with a number or contains a fraction, and one in which all of the text looks like numbers.
 */
export interface CsvOptions {
  /** The character between two columns; default: `,`. */
  readonly delimiter?: string;
  /** Whether the first line names the columns; default: whether it contains anything but numbers. */
  readonly header?: boolean;
  /** How missing values are treated, which are empty, `NA` or `null`; default: `refuse`. */
  readonly missing?: MissingValues;
}

/** The character between two columns, as an option. */
export const delimiterOption = custom<string>({
  expected: "one character, neither a quote nor the end of a line",
  accepts: isDelimiter,
  resembles: (value) => typeof value === "string",
  parse: (text) => text,
}, { default: ",", help: "character between two columns" });

/** {@linkcode CsvOptions}, declared. */
export const csvOptions = {
  delimiter: delimiterOption,
  header: flag({
    otherwise: "whether it contains anything but numbers",
    help: "whether the first line names the columns",
  }),
  missing: oneOf(["refuse", "nan", "skip"], { default: "refuse", help: "how missing values are treated" }),
} satisfies Declaration<CsvOptions>;

/** The options of {@linkcode readCsv}, declared. */
const readCsvOptions = { ...csvOptions, ...limitOptions };

/** The content of a CSV file: one sample per line. */
export interface Csv extends Samples {
  /** The names of the columns; empty if the file has no header. */
  readonly columns: readonly string[];
}

/**
 * Reads a CSV file of numbers, in pieces.
 *
 * @throws {DataError} if a field is not a number, if it is missing and that is not allowed, if the lines differ in
 * length, or if there are more bytes than allowed.
 * @throws {RangeError} if an option is unknown or out of bounds.
 * @throws {Deno.errors.NotFound} if there is no such file; in Node, an error with the code `ENOENT`.
 *
 * @example
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { readCsv } from "@yadll/yadll/data";
 *
 * await assertRejects(() => readCsv("nowhere.csv"), Deno.errors.NotFound);
 * ```
 */
export async function readCsv(
  file: string | URL | WebFile,
  options: CsvOptions & LimitOptions = {},
): Promise<Csv> {
  refuseSurplus("readCsv", arguments, 2);
  const { delimiter, header, missing, limitBytes } = readOptions("read CSV", readCsvOptions, options);
  const table = await scanCsv(file, { delimiter, limitBytes }, (name) => new CsvTable({ header, missing, name }));
  return table.toCsv();
}

/**
 * The numbers of a CSV text, `[line, column]`. Fields may be enclosed in double quotes; empty lines are skipped.
 *
 * @param name The name of the text in messages; default: CSV text.
 * @throws {DataError} if a field is not a number, if it is missing and that is not allowed, or if the lines differ in length.
 * @throws {RangeError} if an option is unknown or out of bounds.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseCsv } from "@yadll/yadll/data";
 *
 * const { columns, shape, values } = parseCsv("width,height\n1,2.5\n3,-4e1\n,7\n", { missing: "skip" });
 * assertEquals(columns, ["width", "height"]);
 * assertEquals(shape, [2, 2]);
 * assertEquals([...values], [1, 2.5, 3, -40]);
 * ```
 */
export function parseCsv(
  text: string,
  options: CsvOptions = {},
  name = "CSV text",
): Csv {
  refuseSurplus("parseCsv", arguments, 3);
  checkArguments("read CSV", { text }, textKind);
  checkArguments("read CSV", { name }, textKind);
  const { delimiter, header, missing } = readOptions("read CSV", csvOptions, options);
  const table = new CsvTable({ header, missing, name });
  new CsvScanner(delimiter, table).end(text.startsWith("\uFEFF") ? text.slice(1) : text);
  return table.toCsv();
}

/** How a text is read, and its name in messages. */
interface TableSettings extends Pick<OptionValues<typeof csvOptions>, "header" | "missing"> {
  readonly name: string;
}

/** A field that cannot be read. */
interface Fault {
  readonly column: number;
  readonly field: string;
  readonly isMalformed: boolean;
}

/** The numbers of a text, from its fields. */
class CsvTable implements CsvSink {
  readonly #values = new NumberList();
  #columns: readonly string[] = [];
  #width: number | undefined;
  #first: CsvFirstLine | undefined = new CsvFirstLine();
  // Of the current row:
  #column = 0;
  #begin = 0;
  #isEmpty = true;
  #hasMissing = false;
  #fault: Fault | undefined;

  constructor(readonly settings: TableSettings) {}

  field(field: string, form: FieldForm, line: number): void {
    const { missing, header, name } = this.settings;
    const isMalformed = form === "malformed";
    const column = this.#column++;
    this.#isEmpty = column === 0 && field === "";
    const number = isMalformed ? undefined : numberOf(field);
    if (number === undefined) {
      const isGap = isMissing(field);
      this.#hasMissing ||= isGap;
      // A malformed field is a fault even in a line of names.
      if (!(isGap && missing === "nan") && (this.#fault === undefined || isMalformed && !this.#fault.isMalformed)) {
        this.#fault = { column, field, isMalformed };
      }
    }
    this.#first?.add(field, number !== undefined);
    // The values of a line with a fault are not needed, whatever becomes of it.
    if (!this.#fault && (this.#width === undefined || column < this.#width)) this.#values.add(number ?? NaN);
    else if (this.#fault && this.#first?.isTooLong && !(missing === "skip" && this.#hasMissing)) {
      this.#first.names(header, `line ${line} of ${name}`);
      this.#refuse(this.#fault, `line ${line} of ${name}`);
    }
  }

  endRow(line: number): void {
    if (!this.#isEmpty) this.#endFullRow(`line ${line} of ${this.settings.name}`);
    else this.#values.cut(this.#begin);
    this.#begin = this.#values.length;
    this.#column = 0;
    this.#isEmpty = true;
    this.#hasMissing = false;
    this.#fault = undefined;
    if (this.#width !== undefined) this.#first = undefined;
    else this.#first = new CsvFirstLine();
  }

  refuseLength(line: number, most: number): never {
    throw tooLong(this.settings.name, { line, column: this.#column + 1, most });
  }

  toCsv(): Csv {
    const width = this.#width ?? 0;
    const values = this.#values.toArray();
    return { columns: this.#columns, shape: [width === 0 ? 0 : values.length / width, width], values };
  }

  #endFullRow(place: string): void {
    const width = this.#width ??= this.#column;
    if (this.#column !== width) {
      throw new DataError(`Cannot read ${place}: expected ${width} fields, got ${this.#column}`);
    }
    if (this.#fault?.isMalformed) this.#refuse(this.#fault, place);
    const names = this.#first?.names(this.settings.header, place);
    if (names !== undefined) this.#columns = names;
    const isSkipped = this.settings.missing === "skip" && this.#hasMissing;
    if (names !== undefined || isSkipped) this.#values.cut(this.#begin);
    else if (this.#fault) this.#refuse(this.#fault, place);
  }

  #refuse({ column, field, isMalformed }: Fault, place: string): never {
    const title = this.#columns.length === 0 ? "" : ` (${showText(this.#columns[column])})`;
    const other = OTHER_DELIMITERS.find((delimiter) => field.includes(delimiter));
    const remedy = isMalformed
      ? "a field that starts with a quote ends with one"
      : isMissing(field)
      ? 'the option `missing` takes "nan" or "skip"'
      : other !== undefined
      ? `if ${JSON.stringify(other)} separates the columns, pass it as the option \`delimiter\``
      : "replace names of classes by numbers from 0, and remove other text";
    throw new DataError(
      `Cannot read ${place}: expected a number in column ${column + 1}${title}, got ${showValue(field)}; ${remedy}`,
    );
  }
}
