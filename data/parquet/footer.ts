/**
 * What a Parquet file says at its end about its columns and where they are.
 *
 * @see {@link https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift | the format}
 *
 * @module
 */

import type { ColumnMetaData, LogicalType, SchemaElement } from "hyparquet";
import { ThriftReader, type ThriftStruct, type ThriftValue } from "./thrift.ts";

/** A part of a column: the values of the rows of one group. */
export interface ColumnPart {
  readonly path: readonly string[];
  readonly codec: ColumnMetaData["codec"] | undefined;
  /** The number of values, also of missing ones. */
  readonly count: number;
  /** Bytes of its pages before packing, and in the file. */
  readonly unpacked: number;
  readonly packed: number;
  /** Where its first page begins. */
  readonly begin: number;
  /** Whether the first page is a dictionary, as the file says. */
  readonly hasDictionary: boolean;
  /** Whether it is in another file. */
  readonly isElsewhere: boolean;
}

/** A group of rows. */
export interface RowGroupFacts {
  readonly rows: number;
  readonly parts: readonly ColumnPart[];
}

/** What a file says at its end. */
export interface Footer {
  /** The columns of a table, and those of lists and records, without what is in them. */
  readonly columns: readonly SchemaElement[];
  readonly groups: readonly RowGroupFacts[];
}

const types = ["BOOLEAN", "INT32", "INT64", "INT96", "FLOAT", "DOUBLE", "BYTE_ARRAY", "FIXED_LEN_BYTE_ARRAY"] as const;
const repetitions = ["REQUIRED", "OPTIONAL", "REPEATED"] as const;
const codecs = ["UNCOMPRESSED", "SNAPPY", "GZIP", "LZO", "BROTLI", "LZ4", "ZSTD", "LZ4_RAW"] as const;
// deno-fmt-ignore
const annotations = [
  "UTF8", "MAP", "MAP_KEY_VALUE", "LIST", "ENUM", "DECIMAL", "DATE", "TIME_MILLIS", "TIME_MICROS", "TIMESTAMP_MILLIS",
  "TIMESTAMP_MICROS", "UINT_8", "UINT_16", "UINT_32", "UINT_64", "INT_8", "INT_16", "INT_32", "INT_64", "JSON", "BSON",
  "INTERVAL",
] as const;

const units = ["MILLIS", "MICROS", "NANOS"] as const;

const decoder = new TextDecoder();

/**
 * Reads the end of a file.
 *
 * @throws {RangeError} if it is damaged, or something in it is missing.
 */
export function readFooter(bytes: Uint8Array): Footer {
  const fields = new ThriftReader(bytes).struct();
  return { columns: columnsOf(structsIn(fields, 2).map(elementOf)), groups: structsIn(fields, 4).map(groupOf) };
}

/** The columns below the root; what is in lists and records is left out. */
function columnsOf([root, ...elements]: readonly SchemaElement[]): SchemaElement[] {
  if (root === undefined) throw new RangeError("it has no columns");
  const columns: SchemaElement[] = [];
  for (let at = 0; at < elements.length;) {
    columns.push(elements[at]);
    for (let open = 1; open > 0; at++) {
      if (at >= elements.length) throw new RangeError("it has columns that are cut short");
      open += (elements[at].num_children ?? 0) - 1;
    }
  }
  return columns;
}

function elementOf(fields: ThriftStruct): SchemaElement {
  const logical = logicalTypeOf(fields.get(10));
  const annotation = logical?.type === "DECIMAL" || logical?.type === "DATE" ? logical.type : undefined;
  const scale = numberIn(fields, 7) ?? (logical?.type === "DECIMAL" ? logical.scale : undefined);
  return {
    name: textIn(fields, 4),
    ...named("type", types[numberIn(fields, 1) ?? -1]),
    ...named("type_length", numberIn(fields, 2)),
    ...named("repetition_type", repetitions[numberIn(fields, 3) ?? -1]),
    ...named("num_children", numberIn(fields, 5)),
    ...named("converted_type", annotations[numberIn(fields, 6) ?? -1] ?? annotation),
    ...named("scale", scale),
    ...named("logical_type", logical),
  };
}

/** A property, unless it is undefined. */
function named<K extends string, V>(name: K, value: V | undefined): { [N in K]?: V } {
  return value === undefined ? {} : { [name]: value } as { [N in K]?: V };
}

/** Annotations without content, by their fields. */
const plainTypes = {
  1: "STRING",
  2: "MAP",
  3: "LIST",
  4: "ENUM",
  6: "DATE",
  11: "NULL",
  12: "JSON",
  13: "BSON",
} as const;
const laterTypes = { 14: "UUID", 15: "FLOAT16", 16: "VARIANT", 17: "GEOMETRY", 18: "GEOGRAPHY" } as const;

function logicalTypeOf(value: ThriftValue | undefined): LogicalType | undefined {
  if (!(value instanceof Map) || value.size === 0) return undefined;
  const [[field, content]] = value as ReadonlyMap<number, ThriftValue>;
  const fields: ThriftStruct = content instanceof Map ? content : new Map();
  if (field === 5) return { type: "DECIMAL", scale: numberIn(fields, 1) ?? 0, precision: numberIn(fields, 2) ?? 0 };
  if (field === 7 || field === 8) {
    return { type: field === 7 ? "TIME" : "TIMESTAMP", isAdjustedToUTC: fields.get(1) === true, unit: unitOf(fields) };
  }
  if (field === 10) {
    return { type: "INTEGER", bitWidth: numberIn(fields, 1) ?? 32, isSigned: fields.get(2) !== false };
  }
  const found = Object.entries({ ...plainTypes, ...laterTypes }).find(([number]) => Number(number) === field);
  // An unknown annotation is refused like one that is known but not read.
  return { type: found?.[1] ?? "BSON" };
}

function unitOf(fields: ThriftStruct): typeof units[number] {
  const unit = fields.get(2);
  const [number] = unit instanceof Map ? [...unit.keys()] : [];
  const found = units[(number ?? 0) - 1];
  if (found === undefined) throw new RangeError("it has times without a unit");
  return found;
}

function groupOf(fields: ThriftStruct): RowGroupFacts {
  return { rows: sizeIn(fields, 3), parts: structsIn(fields, 1).map(partOf) };
}

function partOf(fields: ThriftStruct): ColumnPart {
  const own = fields.get(3);
  if (!(own instanceof Map)) throw new RangeError("it has a column without facts");
  const path = own.get(3);
  const dictionary = own.get(11);
  const hasDictionary = typeof dictionary === "bigint" && dictionary > 0n;
  return {
    path: Array.isArray(path) ? path.map((one) => one instanceof Uint8Array ? decoder.decode(one) : "") : [],
    codec: codecs[numberIn(own, 4) ?? -1],
    count: sizeIn(own, 5),
    unpacked: sizeIn(own, 6),
    packed: sizeIn(own, 7),
    begin: sizeIn(own, hasDictionary ? 11 : 9),
    hasDictionary,
    isElsewhere: fields.get(1) !== undefined,
  };
}

function structsIn(fields: ThriftStruct, number: number): ThriftStruct[] {
  const list = fields.get(number);
  if (Array.isArray(list) && list.every((one) => one instanceof Map)) return list;
  throw new RangeError(`it has no list as field ${number}`);
}

function numberIn(fields: ThriftStruct, number: number): number | undefined {
  const found = fields.get(number);
  return typeof found === "number" ? found : undefined;
}

function textIn(fields: ThriftStruct, number: number): string {
  const found = fields.get(number);
  if (found instanceof Uint8Array) return decoder.decode(found);
  throw new RangeError("it has a column without a name");
}

/** A size of 64 bits that is a whole number from 0. */
function sizeIn(fields: ThriftStruct, number: number): number {
  const found = fields.get(number);
  const size = typeof found === "bigint" ? Number(found) : NaN;
  if (size >= 0 && Number.isSafeInteger(size)) return size;
  throw new RangeError(`it has ${found === undefined ? "no size" : String(found)} as field ${number}`);
}
