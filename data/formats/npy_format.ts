/**
 * The format of NPY files: the header, and the types of elements.
 *
 * @see {@link https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html | the format}
 *
 * @module
 */

import type { Shape } from "../../core/shape.ts";
import { DataError } from "../errors.ts";

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

const eightBytes: ElementType["get"] = (view, at, little) => whole(view.getBigInt64(at, little));

/** Element types by NumPy's letter and size. 64-bit whole numbers become 32-bit ones, if they fit. */
const elementTypes: Readonly<Record<string, ElementType>> = {
  b1: { bytes: 1, array: Uint8Array, get: (view, at) => view.getUint8(at) },
  u1: { bytes: 1, array: Uint8Array, get: (view, at) => view.getUint8(at) },
  i1: { bytes: 1, array: Int8Array, get: (view, at) => view.getInt8(at) },
  u2: { bytes: 2, array: Uint16Array, get: (view, at, little) => view.getUint16(at, little) },
  i2: { bytes: 2, array: Int16Array, get: (view, at, little) => view.getInt16(at, little) },
  u4: { bytes: 4, array: Uint32Array, get: (view, at, little) => view.getUint32(at, little) },
  i4: { bytes: 4, array: Int32Array, get: (view, at, little) => view.getInt32(at, little) },
  u8: { bytes: 8, array: Int32Array, get: eightBytes },
  i8: { bytes: 8, array: Int32Array, get: eightBytes },
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

/** Where the text of the header starts, and where the elements start. */
export function headerBounds(view: DataView): { readonly start: number; readonly end: number } {
  const wide = view.getUint8(6) > 1;
  const start = wide ? 12 : 10;
  return { start, end: start + (wide ? view.getUint32(8, true) : view.getUint16(8, true)) };
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
  const { start, end } = headerBounds(view);
  if (end > view.byteLength) {
    throw new DataError(
      `Cannot read ${name}: expected a header of ${end} bytes, got ${view.byteLength}; it is cut short`,
    );
  }
  const text = new TextDecoder().decode(bytesAt(view, start, end - start));
  const descr = /'descr':\s*'(?<order>[<>|=])(?<type>\w+)'/.exec(text)?.groups;
  const shape = /'shape':\s*\((?<shape>[\d,\sL]*)\)/.exec(text)?.groups?.shape;
  if (!descr || shape === undefined || !Object.hasOwn(elementTypes, descr.type)) {
    const known = Object.keys(elementTypes).join(", ");
    throw new DataError(`Cannot read ${name}: expected elements of type ${known}, got the header ${text.trim()}`);
  }
  return {
    type: descr.type,
    element: elementTypes[descr.type],
    littleEndian: descr.order !== ">",
    columnsFirst: /'fortran_order':\s*True/.test(text),
    shape: (shape.match(/\d+/g) ?? []).map(Number),
    end,
  };
}

function bytesAt(view: DataView, at: number, count: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + at, count);
}
