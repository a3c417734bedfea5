/**
 * NPY files: one NumPy array, a header in Python's notation before its elements.
 *
 * @see {@link https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html | the format}
 *
 * @module
 */

import { denoFor } from "../core/host.ts";
import { type Shape, showShape, sizeOf, stridesOf } from "../core/shape.ts";
import { DataError } from "./errors.ts";

/** The arrays that elements of NPY files come in. */
export type NpyValues =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** What an NPY file holds. */
export interface Npy {
  /** The extents of the axes; none for a single number. */
  readonly shape: Shape;
  /** The elements, the last axis fastest. */
  readonly values: NpyValues;
}

interface ElementType {
  readonly bytes: number;
  readonly make: (count: number) => NpyValues;
  readonly get: (view: DataView, at: number, little: boolean) => number;
}

const eightBytes: ElementType["get"] = (view, at, little) => whole(view.getBigInt64(at, little));

/** Element types by NumPy's letter and size. 64-bit whole numbers become 32-bit ones, where they fit. */
const elementTypes: Readonly<Record<string, ElementType>> = {
  b1: { bytes: 1, make: (count) => new Uint8Array(count), get: (view, at) => view.getUint8(at) },
  u1: { bytes: 1, make: (count) => new Uint8Array(count), get: (view, at) => view.getUint8(at) },
  i1: { bytes: 1, make: (count) => new Int8Array(count), get: (view, at) => view.getInt8(at) },
  u2: { bytes: 2, make: (count) => new Uint16Array(count), get: (view, at, little) => view.getUint16(at, little) },
  i2: { bytes: 2, make: (count) => new Int16Array(count), get: (view, at, little) => view.getInt16(at, little) },
  u4: { bytes: 4, make: (count) => new Uint32Array(count), get: (view, at, little) => view.getUint32(at, little) },
  i4: { bytes: 4, make: (count) => new Int32Array(count), get: (view, at, little) => view.getInt32(at, little) },
  u8: { bytes: 8, make: (count) => new Int32Array(count), get: eightBytes },
  i8: { bytes: 8, make: (count) => new Int32Array(count), get: eightBytes },
  f2: { bytes: 2, make: (count) => new Float32Array(count), get: (view, at, little) => view.getFloat16(at, little) },
  f4: { bytes: 4, make: (count) => new Float32Array(count), get: (view, at, little) => view.getFloat32(at, little) },
  f8: { bytes: 8, make: (count) => new Float64Array(count), get: (view, at, little) => view.getFloat64(at, little) },
};

function whole(value: bigint): number {
  if (BigInt.asIntN(32, value) === value) return Number(value);
  throw new RangeError(`expected 64-bit numbers from ${-(2 ** 31)} to ${2 ** 31 - 1}, got ${value}`);
}

interface Header {
  readonly element: ElementType;
  readonly littleEndian: boolean;
  readonly columnsFirst: boolean;
  readonly shape: Shape;
  /** Where the elements begin. */
  readonly end: number;
}

/**
 * Reads an NPY file.
 *
 * @throws {DataError} if it is damaged, cut short, or holds objects or text.
 * @throws {Deno.errors.NotFound} if there is no such file.
 *
 * @example
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { readNpy } from "@yadll/yadll/data";
 *
 * await assertRejects(() => readNpy("nowhere.npy"), Deno.errors.NotFound);
 * ```
 */
export async function readNpy(path: string | URL): Promise<Npy> {
  return parseNpy(await denoFor(`read ${path}`).readFile(path), String(path));
}

/**
 * The array that the bytes of an NPY file hold.
 *
 * @param name What the messages call the file.
 * @throws {DataError} if the bytes are no NPY file, too few or too many, or hold objects or text.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseNpy } from "@yadll/yadll/data";
 *
 * const header = "{'descr': '<i2', 'fortran_order': False, 'shape': (2,), }\n";
 * const text = new TextEncoder().encode(`.NUMPY\x01\x00${String.fromCharCode(header.length)}\x00${header}\x05\x00\x00\x01`);
 * text[0] = 0x93;
 * assertEquals(parseNpy(text), { shape: [2], values: Int16Array.of(5, 256) });
 * ```
 */
export function parseNpy(bytes: Uint8Array, name = "NPY data"): Npy {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { element, littleEndian, columnsFirst, shape, end } = readHeader(view, name);
  const count = sizeOf(shape);
  const expected = end + count * element.bytes;
  if (bytes.length !== expected) {
    throw new DataError(
      `Cannot read ${name}: expected ${expected} bytes for shape ${showShape(shape)}, got ${bytes.length}`,
    );
  }
  const values = element.make(count);
  const place = columnsFirst ? columnPlaces(shape) : (i: number) => i;
  try {
    for (let i = 0; i < count; i++) values[place(i)] = element.get(view, end + i * element.bytes, littleEndian);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new DataError(`Cannot read ${name}: ${cause.message}`, { cause });
  }
  return { shape, values };
}

/** Where the elements of an array whose first axis is fastest lie when the last axis is. */
function columnPlaces(shape: Shape): (i: number) => number {
  const strides = stridesOf(shape);
  return (i) => {
    let [rest, place] = [i, 0];
    shape.forEach((extent, axis) => {
      place += (rest % extent) * strides[axis];
      rest = Math.floor(rest / extent);
    });
    return place;
  };
}

function readHeader(view: DataView, name: string): Header {
  const magic = view.byteLength < 12 ? "" : String.fromCharCode(...bytesAt(view, 1, 5));
  if (magic !== "NUMPY" || view.getUint8(0) !== 0x93) {
    throw new DataError(`Cannot read ${name}: expected an NPY file, which begins with \\x93NUMPY`);
  }
  const wide = view.getUint8(6) > 1;
  const start = wide ? 12 : 10;
  const end = start + (wide ? view.getUint32(8, true) : view.getUint16(8, true));
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
