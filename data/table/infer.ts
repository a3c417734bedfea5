/**
 * The types of columns of texts, found with all of their values in view.
 *
 * @module
 */

import { showText, showValue } from "../../core/options/show.ts";
import { DataError } from "../errors.ts";
import { numberOf } from "../formats/csv_numbers.ts";
import { Column, type ColumnType, placeOf, type TableOrigin } from "./column.ts";
import { timeOf } from "./dates.ts";

/** A column of texts: a code for each row, negative if the value is missing, and the text of each code. */
export interface TextColumn {
  readonly name: string;
  /** Its position in the file, counted from 1. */
  readonly position: number;
  readonly codes: Int32Array;
  readonly texts: readonly string[];
}

/** A number such as 00501 is more likely a code, of which the zeros matter. */
const leadingZeros = /^[+-]?0\d/;

/** Whether a text is a whole number beyond 2⁵³, such as that of a card: others would become the same number. */
function losesDigits(text: string): boolean {
  return /^[+-]?\d{16,}$/.test(text) && !Number.isSafeInteger(Number(text));
}

const booleans: ReadonlyMap<string, number> = new Map([["true", 1], ["false", 0]]);

/** How texts of each type are read; `undefined` if a text is no value of the type. */
const readers: Readonly<Record<Exclude<ColumnType, "text">, (text: string) => number | undefined>> = {
  number: numberOf,
  boolean: (text) => booleans.get(text.toLowerCase()),
  date: timeOf,
};

const examples = { number: "1.5", boolean: "true or false", date: "2024-02-29 or 2024-02-29T12:30" };

/** The type of texts: that of all of them, otherwise `text`. A column without values holds numbers. */
export function typeOf(texts: readonly string[]): ColumnType {
  if (texts.every((text) => readers.number(text) !== undefined)) {
    return texts.some((text) => leadingZeros.test(text) || losesDigits(text)) ? "text" : "number";
  }
  if (texts.every((text) => readers.boolean(text) !== undefined)) return "boolean";
  return texts.every((text) => readers.date(text) !== undefined) ? "date" : "text";
}

/**
 * The column of texts as one of its type.
 *
 * @param type The declared type; default: that of all of its values.
 * @throws {DataError} if a text is no value of the declared type; the message has its line.
 */
export function typedColumn(column: TextColumn, origin: TableOrigin, type = typeOf(column.texts)): Column {
  const { name, codes, texts } = column;
  if (type === "text") {
    const numbers = mapCodes(codes, (code) => code);
    return new Column({ name, type, numbers, texts }, origin);
  }
  const read = texts.map(readers[type]);
  const odd = read.indexOf(undefined);
  if (odd >= 0) throw refusal(column, origin, { type, odd });
  const numbers = mapCodes(codes, (code) => read[code]!);
  return new Column({ name, type, numbers, texts: [] }, origin);
}

function mapCodes(codes: Int32Array, numberOf: (code: number) => number): Float64Array {
  const numbers = new Float64Array(codes.length);
  for (let i = 0; i < codes.length; i++) numbers[i] = codes[i] < 0 ? NaN : numberOf(codes[i]);
  return numbers;
}

function refusal(
  { name, position, codes, texts }: TextColumn,
  origin: TableOrigin,
  { type, odd }: { readonly type: keyof typeof examples; readonly odd: number },
): DataError {
  const place = placeOf(origin, codes.indexOf(odd));
  return new DataError(
    `Cannot read ${place}: expected a ${type} such as ${examples[type]} in column ${position} (${
      showText(name)
    }), got ${
      showValue(texts[odd])
    }; correct it, declare the column as "text", or add the text to the option \`missing\` if it stands for a missing value`,
  );
}
