/**
 * CSV files of numbers.
 *
 * @module
 */

import { fileName, type WebFile } from "../../core/web_file.ts";
import { textKind } from "../../core/options/kinds.ts";
import { checkArguments, readOptions } from "../../core/options/read.ts";
import { custom, type Declaration, type OptionValues } from "../../core/options/option.ts";
import { flag, oneOf } from "../../core/options/values.ts";
import { sizeOf } from "../../core/shape.ts";
import { type CsvRow, csvRows, isDelimiter } from "./csv_rows.ts";
import { DataError } from "../errors.ts";
import { readFile } from "./read_bytes.ts";
import type { Samples } from "../samples.ts";

/** How missing values are treated: they are refused, they become NaN, or their lines are skipped. */
export type MissingValues = "refuse" | "nan" | "skip";

/** How a CSV file is read. */
export interface CsvOptions {
  /** The character between two columns; default: `,`. */
  readonly delimiter?: string;
  /** Whether the first line names the columns; default: whether it contains anything but numbers. */
  readonly header?: boolean;
  /** How missing values are treated, which are empty, `NA` or `null`; default: `refuse`. */
  readonly missing?: MissingValues;
}

/** {@linkcode CsvOptions}, declared. */
export const csvOptions = {
  delimiter: custom<string>({
    expected: "one character, neither a quote nor the end of a line",
    accepts: isDelimiter,
    resembles: (value) => typeof value === "string",
  }, { default: ",", help: "character between two columns" }),
  header: flag({
    otherwise: "whether it contains anything but numbers",
    help: "whether the first line names the columns",
  }),
  missing: oneOf(["refuse", "nan", "skip"], { default: "refuse", help: "how missing values are treated" }),
} satisfies Declaration<CsvOptions>;

/** The content of a CSV file: one sample per line. */
export interface Csv extends Samples {
  /** The names of the columns; empty if the file has no header. */
  readonly columns: readonly string[];
}

/**
 * Reads a CSV file of numbers.
 *
 * @throws {DataError} if a field is not a number, if it is missing and that is not allowed, or if the lines differ in
 * length.
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
export async function readCsv(file: string | URL | WebFile, options: CsvOptions = {}): Promise<Csv> {
  readOptions("read CSV", csvOptions, options);
  return parseCsv(new TextDecoder().decode(await readFile(file)), options, fileName(file));
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
  checkArguments("read CSV", { text }, textKind);
  checkArguments("read CSV", { name }, textKind);
  const { delimiter, header, missing } = readOptions("read CSV", csvOptions, options);
  let columns: readonly string[] = [];
  let width: number | undefined;
  const rows: Float32Array[] = [];
  for (const row of csvRows(text, delimiter)) {
    const first = width === undefined;
    width ??= row.fields.length;
    if (row.fields.length !== width) {
      throw new DataError(
        `Cannot read line ${row.line} of ${name}: expected ${width} fields, got ${row.fields.length}`,
      );
    }
    if (first && (header ?? row.fields.some(isName))) columns = row.fields;
    else if (missing !== "skip" || !row.fields.some(isMissing)) rows.push(numbersOf(row, { missing, columns, name }));
  }
  const shape = [rows.length, width ?? 0];
  const values = new Float32Array(sizeOf(shape));
  rows.forEach((row, i) => values.set(row, i * row.length));
  return { columns, shape, values };
}

/** The text that a row comes from. */
interface Table extends Pick<OptionValues<typeof csvOptions>, "missing"> {
  readonly columns: readonly string[];
  /** The name of the text in messages. */
  readonly name: string;
}

function numbersOf({ line, fields }: CsvRow, { missing, columns, name }: Table): Float32Array {
  return Float32Array.from(fields, (field, column) => {
    const value = missing === "nan" && isMissing(field) ? NaN : numberOf(field);
    if (value !== undefined) return value;
    const title = columns.length === 0 ? "" : ` (${columns[column]})`;
    const remedy = isMissing(field)
      ? 'the option `missing` takes "nan" or "skip"'
      : "replace names of classes by numbers from 0, and remove other text";
    throw new DataError(
      `Cannot read line ${line} of ${name}: expected a number in column ${column + 1}${title}, got ${
        JSON.stringify(field)
      }; ${remedy}`,
    );
  });
}

function isMissing(field: string): boolean {
  return /^(?:NA|null)?$/i.test(field);
}

/** Whether a field can only be part of a header: it is neither a number nor missing. */
function isName(field: string): boolean {
  return !isMissing(field) && numberOf(field) === undefined;
}

/** Numbers that programs write as words, in any case. */
const numberWords: ReadonlyMap<string, number> = new Map([
  ["nan", NaN],
  ...["inf", "+inf", "infinity", "+infinity"].map((word) => [word, Infinity] as const),
  ...["-inf", "-infinity"].map((word) => [word, -Infinity] as const),
]);

/** The number in a field, in decimal notation or as a word; `undefined` if there is none. */
function numberOf(field: string): number | undefined {
  if (!/^[+-]?[\d.]+(?:e[+-]?\d+)?$/i.test(field)) return numberWords.get(field.toLowerCase());
  const value = Number(field);
  return Number.isNaN(value) ? undefined : value;
}
