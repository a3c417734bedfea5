/**
 * The epochs of a training as columns of doubles, which take a quarter of the space of JSON. So a file holds any number
 * of epochs, while its header stays short.
 *
 * @module
 */

import { FileFormatError } from "./errors.ts";
import type { Json, JsonRecord } from "./json.ts";
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
  const bytes = new DataView(new ArrayBuffer(8 * history.length));
  history.forEach((record, i) => {
    const value: unknown = Reflect.get(record, field);
    if (Number.isNaN(value)) return bytes.setUint32(8 * i + 4, NAN, true);
    if (typeof value === "number") return bytes.setFloat64(8 * i, value, true);
    if (value !== null && value !== undefined) {
      throw new TypeError(`Cannot write ${field} of an epoch: expected a number or null, got ${typeof value}`);
    }
    bytes.setUint32(8 * i, value === null ? NULL : MISSING, true);
    bytes.setUint32(8 * i + 4, MARKED, true);
  });
  return { dtype: "u32", shape: [history.length, 2], values: new Uint32Array(bytes.buffer) };
}

/**
 * The records of columns.
 *
 * @param fields the fields in order, from the file
 * @throws {FileFormatError} if a column is missing, or the columns differ in type or length.
 */
export function recordsOf(fields: Json, columns: TensorEntries, file: string): JsonRecord[] {
  if (!Array.isArray(fields) || !fields.every((field) => typeof field === "string" && Object.hasOwn(columns, field))) {
    throw new FileFormatError(file, "the fields of the history", JSON.stringify(fields));
  }
  const found = fields.map((field) => [String(field), columns[String(field)]] as const);
  const length = found.length === 0 ? 0 : found[0][1].shape[0];
  const read = found.map(([field, { dtype, shape, values }]) => {
    if (dtype !== "u32" || shape.length !== 2 || shape[0] !== length || shape[1] !== 2) {
      throw new FileFormatError(file, `u32[${length}, 2] as ${field} of the history`, `${dtype}[${shape.join(", ")}]`);
    }
    return [field, Uint32Array.from(values)] as const;
  });
  return Array.from({ length }, (_, i) =>
    Object.fromEntries(
      read.flatMap(([field, words]) => {
        const value = valueAt(words, i);
        return value === undefined ? [] : [[field, value] as const];
      }),
    ));
}

const double = new DataView(new ArrayBuffer(8));

function valueAt(words: Uint32Array, i: number): number | null | undefined {
  const [low, high] = [words[2 * i], words[2 * i + 1]];
  if (high === MARKED) return low === NULL ? null : undefined;
  double.setUint32(0, low, true);
  double.setUint32(4, high, true);
  return double.getFloat64(0, true);
}
