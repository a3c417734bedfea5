/**
 * NPY files: one NumPy array, with a header in Python's notation before its elements.
 *
 * @see {@link https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html | the format}
 *
 * @module
 */

import { refuseSurplus } from "../../core/options/surplus.ts";
import { fileName, type WebFile } from "../../core/web_file.ts";
import { bytesKind, textKind } from "../../core/options/kinds.ts";
import { checkArgument, checkArguments, readOptions } from "../../core/options/read.ts";
import { type Shape, sizeOf, stridesOf } from "../../core/shape.ts";
import { DataError } from "../errors.ts";
import { openBytes } from "./byte_source.ts";
import { type LimitOptions, limitOptions } from "./limits.ts";
import {
  describeShape,
  isNative,
  lengthOf,
  npyFormat,
  type NpyHeader,
  type NpyValues,
  readHeader,
} from "./npy_format.ts";
import { readPromised } from "./read_promised.ts";

/** The content of an NPY file. */
export interface Npy {
  /** The extents of the axes; none for a single number. */
  readonly shape: Shape;
  /** The elements, the last axis fastest. */
  readonly values: NpyValues;
}

/**
 * Reads an NPY file: its header first, and then as many bytes as the header promises.
 *
 * @throws {DataError} if it is damaged, cut short, too large, or contains objects or text.
 * @throws {RangeError} if an option is unknown or out of bounds.
 * @throws {Deno.errors.NotFound} if there is no such file; in Node, an error with the code `ENOENT`.
 *
 * @example
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { readNpy } from "@yadll/yadll/data";
 *
 * await assertRejects(() => readNpy("nowhere.npy"), Deno.errors.NotFound);
 * ```
 */
export async function readNpy(file: string | URL | WebFile, options: LimitOptions = {}): Promise<Npy> {
  refuseSurplus("readNpy", arguments, 2);
  const { limitBytes } = readOptions("read NPY", limitOptions, options);
  using source = await openBytes(file);
  return ownNpy(await readPromised(source, npyFormat, limitBytes), fileName(file));
}

/**
 * Reads an array from the bytes of an NPY file.
 *
 * @param name The name of the file in messages; default: NPY data.
 * @throws {DataError} if the bytes are not an NPY file, are too few or too many, or contain objects or text.
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
  refuseSurplus("parseNpy", arguments, 2);
  checkArgument("read NPY", bytes, bytesKind);
  checkArguments("read NPY", { name }, textKind);
  const { view, header } = wholeOf(bytes, name);
  return { shape: header.shape, values: elementsOf(view, header, name) };
}

/**
 * Does the same with bytes that are not used elsewhere: the array takes over their memory if possible.
 *
 * @throws {DataError} like {@linkcode parseNpy}.
 */
export function ownNpy(bytes: Uint8Array<ArrayBuffer>, name: string): Npy {
  const { view, header } = wholeOf(bytes, name);
  const { element, shape, end, columnsFirst } = header;
  if (!isNative(header) || columnsFirst || bytes.byteOffset > 0) {
    return { shape, values: elementsOf(view, header, name) };
  }
  bytes.copyWithin(0, end);
  return { shape, values: new element.array(bytes.buffer, 0, sizeOf(shape)) };
}

/** Bytes with their header, which promises as many. */
function wholeOf(bytes: Uint8Array, name: string): { readonly view: DataView; readonly header: NpyHeader } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = readHeader(view, name);
  const expected = lengthOf(header);
  if (bytes.length !== expected) {
    throw new DataError(
      `Cannot read ${name}: expected ${expected} bytes for ${describeShape(header)}, got ${bytes.length}`,
    );
  }
  return { view, header };
}

function elementsOf(view: DataView, header: NpyHeader, name: string): NpyValues {
  const { element, littleEndian, columnsFirst, shape, end } = header;
  const count = sizeOf(shape);
  if (isNative(header) && !columnsFirst) {
    return new element.array(new Uint8Array(view.buffer, view.byteOffset + end, count * element.bytes).slice().buffer);
  }
  const values = new element.array(count);
  const place = columnsFirst ? columnPlaces(shape) : (i: number) => i;
  try {
    for (let i = 0; i < count; i++) values[place(i)] = element.get(view, end + i * element.bytes, littleEndian);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new DataError(`Cannot read ${name}: ${cause.message}`, { cause });
  }
  return values;
}

/** The positions of the elements of an array whose first axis is fastest, in one whose last axis is fastest. */
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
