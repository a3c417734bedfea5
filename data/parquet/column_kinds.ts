/**
 * What the columns of Parquet files become in tables.
 *
 * @see {@link https://github.com/apache/parquet-format/blob/master/LogicalTypes.md | the types}
 *
 * @module
 */

import type { SchemaElement } from "hyparquet";
import type { ColumnType } from "../table/column.ts";

/** Longer numbers would take long to read. */
const MOST_DECIMAL_BYTES = 16;

/** Types of texts, by their names in the format. */
const texts: ReadonlySet<string | undefined> = new Set([undefined, "UTF8", "ENUM", "JSON", "STRING"]);

/** Annotations of 32-bit and 64-bit numbers that stay numbers. */
const numbers = /^(?:U?INT_(?:8|16|32|64)|INTEGER|DECIMAL|TIME|TIME_MILLIS|TIME_MICROS|NULL)$/;

const dates = /^(?:DATE|TIMESTAMP|TIMESTAMP_MILLIS|TIMESTAMP_MICROS)$/;

/**
 * The type of a column in a table.
 *
 * @returns undefined if the column cannot be one of a table, such as one of lists.
 */
export function columnTypeOf(element: SchemaElement): ColumnType | undefined {
  const { type, type_length = 0, repetition_type, num_children = 0 } = element;
  const annotation = annotationOf(element);
  if (num_children > 0 || repetition_type === "REPEATED") return undefined;
  if (type === "BOOLEAN") return "boolean";
  if (type === "FLOAT" || type === "DOUBLE") return "number";
  if (type === "INT96") return "date";
  if (type === "INT32" || type === "INT64") {
    if (annotation === undefined || numbers.test(annotation)) return "number";
    return dates.test(annotation) ? "date" : undefined;
  }
  if (type === "BYTE_ARRAY") return texts.has(annotation) ? "text" : undefined;
  if (type !== "FIXED_LEN_BYTE_ARRAY" || type_length < 1 || type_length > MOST_DECIMAL_BYTES) return undefined;
  if (annotation === "UUID") return "text";
  return annotation === "DECIMAL" || annotation === "FLOAT16" && type_length === 2 ? "number" : undefined;
}

/** The kind of a column in messages: `lists`, `INT32` or `INTERVAL`. */
export function kindInWords(element: SchemaElement): string {
  const { type, repetition_type, num_children = 0 } = element;
  if (num_children > 0 || repetition_type === "REPEATED") return "lists or records";
  return annotationOf(element) ?? type ?? "nothing";
}

function annotationOf({ converted_type, logical_type }: SchemaElement): string | undefined {
  return converted_type ?? logical_type?.type;
}
