/**
 * The format of NPY files: the header, and the types of elements.
 *
 * @see {@link https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html | the format}
 *
 * @module
 */

import { showText, showValue } from "../../core/options/show.ts";
import { type Shape, showShape, sizeOf } from "../../core/shape.ts";
import { DataError, messageOf } from "../errors.ts";
import { MOST_HEADER_BYTES } from "./limits.ts";
import { parsePythonLiteral, type PythonLiteral } from "./python_literal.ts";
import type { PromisingFormat } from "./read_promised.ts";

/** The arrays that can hold the elements of NPY files. */
export type NpyValues =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

type NpyArray =
  | Uint8ArrayConstructor
  | Int8ArrayConstructor
  | Uint16ArrayConstructor
  | Int16ArrayConstructor
  | Uint32ArrayConstructor
  | Int32ArrayConstructor
  | Float32ArrayConstructor
  | Float64ArrayConstructor;

/** How elements are stored in a file, and the array that holds them. */
export interface ElementType {
  /** Bytes in the file. */
  readonly bytes: number;
  /** The array that holds them; its elements have as many bytes if those of the file can be used directly. */
  readonly array: NpyArray;
  readonly get: (view: DataView, at: number, little: boolean) => number;
}

/** Element types by NumPy's letter and size. 64-bit whole numbers become 32-bit ones, if they fit. */
const elementTypes: Readonly<Record<string, ElementType>> = {
  b1: { bytes: 1, array: Uint8Array, get: (view, at) => view.getUint8(at) },
  u1: { bytes: 1, array: Uint8Array, get: (view, at) => view.getUint8(at) },
  i1: { bytes: 1, array: Int8Array, get: (view, at) => view.getInt8(at) },
  u2: { bytes: 2, array: Uint16Array, get: (view, at, little) => view.getUint16(at, little) },
  i2: { bytes: 2, array: Int16Array, get: (view, at, little) => view.getInt16(at, little) },
  u4: { bytes: 4, array: Uint32Array, get: (view, at, little) => view.getUint32(at, little) },
  i4: { bytes: 4, array: Int32Array, get: (view, at, little) => view.getInt32(at, little) },
  u8: { bytes: 8, array: Int32Array, get: (view, at, little) => whole(view.getBigUint64(at, little)) },
  i8: { bytes: 8, array: Int32Array, get: (view, at, little) => whole(view.getBigInt64(at, little)) },
  f2: { bytes: 2, array: Float32Array, get: (view, at, little) => view.getFloat16(at, little) },
  f4: { bytes: 4, array: Float32Array, get: (view, at, little) => view.getFloat32(at, little) },
  f8: { bytes: 8, array: Float64Array, get: (view, at, little) => view.getFloat64(at, little) },
};

function whole(value: bigint): number {
  if (BigInt.asIntN(32, value) === value) return Number(value);
  throw new RangeError(`expected 64-bit numbers from ${-(2 ** 31)} to ${2 ** 31 - 1}, got ${value}`);
}

/** The description of elements in the header of an NPY file. */
export interface NpyHeader {
  /** The letter and the number of bytes by which NumPy names the type. */
  readonly type: string;
  readonly element: ElementType;
  readonly littleEndian: boolean;
  readonly columnsFirst: boolean;
  readonly shape: Shape;
  /** Where the elements start. */
  readonly end: number;
}

/** Whether a little-endian processor, such as all that run Deno, can use the bytes of elements directly. */
export function isNative({ element, littleEndian }: NpyHeader): boolean {
  return element.bytes === element.array.BYTES_PER_ELEMENT && (littleEndian || element.bytes === 1);
}

/** The number of bytes that determine where the header ends. */
export const NPY_PREFIX_BYTES = 12;

/** The greatest number of axes in NumPy. */
const MOST_AXES = 64;

/** Where the text of the header starts, and where the elements start. */
function headerBounds(view: DataView): { readonly start: number; readonly end: number } {
  const wide = view.getUint8(6) > 1;
  const start = wide ? 12 : 10;
  return { start, end: start + (wide ? view.getUint32(8, true) : view.getUint16(8, true)) };
}

/** How the header of an NPY file promises its length. */
export const npyFormat: PromisingFormat = {
  gzipped: false,
  headerBytes: (start) =>
    start.byteLength < NPY_PREFIX_BYTES ? NPY_PREFIX_BYTES : Math.min(headerBounds(start).end, MOST_HEADER_BYTES),
  promised: (start, name) => lengthOf(readHeader(start, name)),
  describe: (start, name) => describeShape(readHeader(start, name)),
};

/** The bytes of a file with this header. */
export function lengthOf({ element, shape, end }: NpyHeader): number {
  return end + sizeOf(shape) * element.bytes;
}

/** The shape in words, for messages. */
export function describeShape({ shape }: NpyHeader): string {
  return `shape ${showText(showShape(shape))}`;
}

/**
 * Reads the header of an NPY file.
 *
 * @param view The start of the file, at least up to its elements.
 * @param name The name of the file in messages.
 * @throws {DataError} if there is no valid header, or the elements are not numbers.
 */
export function readHeader(view: DataView, name: string): NpyHeader {
  const magic = view.byteLength < NPY_PREFIX_BYTES ? "" : String.fromCharCode(...bytesAt(view, 1, 5));
  if (magic !== "NUMPY" || view.getUint8(0) !== 0x93) {
    throw new DataError(`Cannot read ${name}: expected an NPY file, which starts with \\x93NUMPY`);
  }
  const [major, minor] = [view.getUint8(6), view.getUint8(7)];
  if (major < 1 || major > 3 || minor !== 0) {
    throw new DataError(`Cannot read ${name}: expected version 1.0, 2.0 or 3.0 of the format, got ${major}.${minor}`);
  }
  const { start, end } = headerBounds(view);
  if (end > MOST_HEADER_BYTES) {
    throw new DataError(`Cannot read ${name}: expected a header of at most ${MOST_HEADER_BYTES} bytes, got ${end}`);
  }
  if (end > view.byteLength) {
    throw new DataError(
      `Cannot read ${name}: expected a header of ${end} bytes, got ${view.byteLength}; it is cut short`,
    );
  }
  const text = new TextDecoder(major < 3 ? "latin1" : "utf-8").decode(bytesAt(view, start, end - start));
  const header = { ...fieldsOf(text, name), end };
  if (!Number.isSafeInteger(lengthOf(header))) {
    throw new DataError(`Cannot read ${name}: expected an array that fits in memory, got ${describeShape(header)}`);
  }
  return header;
}

/** The fields of the text of a header, a dictionary in Python's notation. */
function fieldsOf(text: string, name: string): Omit<NpyHeader, "end"> {
  const fields = dictionaryOf(text, name);
  const refuse = (field: string, expected: string): never => {
    throw new DataError(
      `Cannot read ${name}: expected ${field} to be ${expected}, got the header ${showText(text.trim())}`,
    );
  };
  for (const field of fields.keys()) {
    if (!["descr", "fortran_order", "shape"].includes(field)) {
      refuse("the fields", `descr, fortran_order and shape, not ${showValue(field)}`);
    }
  }
  const [descr, columnsFirst, shape] = ["descr", "fortran_order", "shape"].map((field) => fields.get(field));
  const [, order, type] = /^([<>|=])(\w+)$/.exec(typeof descr === "string" ? descr : "") ?? ["", "", ""];
  if (!Object.hasOwn(elementTypes, type)) {
    throw new DataError(
      `Cannot read ${name}: expected elements of type ${Object.keys(elementTypes).join(", ")}, got the header ` +
        showText(text.trim()),
    );
  }
  if (typeof columnsFirst !== "boolean") return refuse("fortran_order", "True or False");
  if (!isShape(shape)) return refuse("shape", `a tuple of at most ${MOST_AXES} whole numbers of at least 0`);
  return { type, element: elementTypes[type], littleEndian: order !== ">", columnsFirst, shape };
}

function dictionaryOf(text: string, name: string): ReadonlyMap<string, PythonLiteral> {
  let cause: unknown;
  try {
    const value = parsePythonLiteral(text);
    if (value instanceof Map) return value;
  } catch (error) {
    cause = error;
  }
  const reason = cause === undefined ? "" : ` (${messageOf(cause)})`;
  throw new DataError(
    `Cannot read ${name}: expected a header that is a dictionary of Python${reason}, got ${showText(text.trim())}`,
    { cause },
  );
}

function isShape(value: PythonLiteral | undefined): value is readonly number[] {
  return Array.isArray(value) && value.length <= MOST_AXES &&
    value.every((extent) => typeof extent === "number" && extent >= 0);
}

function bytesAt(view: DataView, at: number, count: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + at, count);
}
