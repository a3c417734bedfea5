/**
 * CSV files of numbers.
 *
 * @module
 */

import { DataError } from "./errors.ts";
import type { Samples } from "./samples.ts";

/** How a CSV file is written. */
export interface CsvOptions {
  /** What parts the columns; by default a comma. */
  readonly delimiter?: string;
  /** True where the first line names the columns; by default it is looked at: names are no numbers. */
  readonly header?: boolean;
}

/** What a CSV file holds: a sample for each line. */
export interface Csv extends Samples {
  /** The names of the columns; empty where the file has no header. */
  readonly columns: readonly string[];
}

/**
 * Reads a CSV file of numbers.
 *
 * @throws {DataError} if a field is no number, or the lines differ in length.
 * @throws {Deno.errors.NotFound} if there is no such file.
 *
 * @example
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { readCsv } from "@yadll/yadll/data";
 *
 * await assertRejects(() => readCsv("nowhere.csv"), Deno.errors.NotFound);
 * ```
 */
export async function readCsv(path: string | URL, options: CsvOptions = {}): Promise<Csv> {
  return parseCsv(await Deno.readTextFile(path), options, String(path));
}

/**
 * The numbers of a CSV text, `[line, column]`. Fields may stand in double quotes; empty lines are passed over.
 *
 * @param name What the messages call the text.
 * @throws {DataError} if a field is no number, or the lines differ in length.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseCsv } from "@yadll/yadll/data";
 *
 * const { columns, shape, values } = parseCsv("width,height\n1,2.5\n3,-4e1\n");
 * assertEquals(columns, ["width", "height"]);
 * assertEquals(shape, [2, 2]);
 * assertEquals([...values], [1, 2.5, 3, -40]);
 * ```
 */
export function parseCsv(text: string, { delimiter = ",", header }: CsvOptions = {}, name = "CSV text"): Csv {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/)
    .map((line, index) => ({ number: index + 1, line }))
    .filter(({ line }) => line.trim() !== "")
    .map(({ number, line }) => ({ number, fields: line.split(delimiter).map(unquote) }));
  const named = header ?? lines[0]?.fields.some((field) => numberOf(field) === undefined) ?? false;
  const columns = named ? lines[0]?.fields ?? [] : [];
  const rows = named ? lines.slice(1) : lines;
  const width = lines[0]?.fields.length ?? 0;
  const values = new Float32Array(rows.length * width);
  rows.forEach(({ number, fields }, row) => {
    if (fields.length !== width) {
      throw new DataError(`Cannot read line ${number} of ${name}: expected ${width} fields, got ${fields.length}`);
    }
    fields.forEach((field, column) => {
      const value = numberOf(field);
      if (value === undefined) {
        throw new DataError(
          `Cannot read line ${number} of ${name}: expected a number in column ${column + 1}, got ${
            JSON.stringify(field)
          }`,
        );
      }
      values[row * width + column] = value;
    });
  });
  return { columns, shape: [rows.length, width], values };
}

function unquote(field: string): string {
  return field.trim().replace(/^"(.*)"$/, "$1").replaceAll('""', '"');
}

/** The number that a field shows, `NaN` among them; nothing where it shows none. */
function numberOf(field: string): number | undefined {
  if (/^nan$/i.test(field)) return NaN;
  const value = field === "" ? NaN : Number(field);
  return Number.isNaN(value) ? undefined : value;
}
