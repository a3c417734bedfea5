/**
 * The epochs of a training as columns of doubles, which take a quarter of the space of JSON. So a file holds any number
 * of epochs, while its header stays short.
 *
 * @module
 */

import { FileFormatError } from "./errors.ts";
import type { Json } from "./json.ts";
import type { TensorEntries, TensorEntry } from "./safetensors.ts";

/** The upper half of the only NaN that is written as a number. */
const NAN = 0x7ff8_0000;

/** The halves of the doubles that stand for null and for a missing field, which are other NaN. */
const MARKED = 0x7ff8_0001;
const [NULL, MISSING] = [1, 2];

/** The epochs of a training: their fields in order, and a column for each. */
export interface HistoryColumns {
  readonly fields: readonly string[];
  /** The doubles of each field, each as two u32: `[epoch, 2]`, the lower half first. */
  readonly columns: TensorEntries;
}

/**
 * The columns of some records.
 *
 * @throws {TypeError} if a field is neither a number nor null.
 */
export function columnsOf(history: readonly object[]): HistoryColumns {
  const found = new Set<string>();
  for (const record of history) Object.keys(record).forEach((field) => found.add(field));
  const fields = [...found];
  const columns = fields.map((field) => [field, columnOf(history, field)] as const);
  return { fields, columns: Object.fromEntries(columns) };
}

function columnOf(history: readonly object[], field: string): TensorEntry {
  const words = new Uint32Array(2 * history.length);
  history.forEach((record, i) => {
    const value: unknown = Reflect.get(record, field);
    if (typeof value !== "number" && value !== null && value !== undefined) {
      throw new TypeError(`Cannot write ${field} of an epoch: expected a number or null, got ${typeof value}`);
    }
    writeCell(words, i, value);
  });
  return entryOf(words);
}

/** A column as the entry of a file. */
export function entryOf(words: Uint32Array<ArrayBuffer>): TensorEntry {
  return { dtype: "u32", shape: [words.length / 2, 2], values: words };
}

/**
 * The columns of a file, by field.
 *
 * @throws {FileFormatError} if a column is missing, or the columns differ in type or length.
 */
export function checkedColumns(
  fields: Json,
  columns: TensorEntries,
  file: string,
): (readonly [field: string, words: Uint32Array<ArrayBuffer>])[] {
  if (!Array.isArray(fields) || !fields.every((field) => typeof field === "string" && Object.hasOwn(columns, field))) {
    throw new FileFormatError(file, "the fields of the history", JSON.stringify(fields));
  }
  const found = fields.map((field) => [String(field), columns[String(field)]] as const);
  const length = found.length === 0 ? 0 : found[0][1].shape[0];
  return found.map(([field, { dtype, shape, values }]) => {
    if (dtype !== "u32" || shape.length !== 2 || shape[0] !== length || shape[1] !== 2) {
      throw new FileFormatError(file, `u32[${length}, 2] as ${field} of the history`, `${dtype}[${shape.join(", ")}]`);
    }
    return [field, Uint32Array.from(values)] as const;
  });
}

const double = new DataView(new ArrayBuffer(8));

/** Writes a cell of a column: a number, null, or undefined for a missing field. */
export function writeCell(words: Uint32Array, i: number, value: number | null | undefined): void {
  if (typeof value === "number" && !Number.isNaN(value)) {
    double.setFloat64(0, value, true);
    words[2 * i] = double.getUint32(0, true);
    words[2 * i + 1] = double.getUint32(4, true);
    return;
  }
  words[2 * i] = value === null ? NULL : value === undefined ? MISSING : 0;
  words[2 * i + 1] = typeof value === "number" ? NAN : MARKED;
}

/** A cell of a column: a number, null, or undefined for a missing field. */
export function readCell(words: Uint32Array, i: number): number | null | undefined {
  const [low, high] = [words[2 * i], words[2 * i + 1]];
  if (high === MARKED) return low === NULL ? null : undefined;
  double.setUint32(0, low, true);
  double.setUint32(4, high, true);
  return double.getFloat64(0, true);
}
