/**
 * IDX files, the format of MNIST: a magic number, the extents, the elements in big-endian order.
 *
 * @see {@link http://yann.lecun.com/exdb/mnist/ | the format, at the end of the page}
 *
 * @module
 */

import { refuseSurplus } from "../../core/options/surplus.ts";
import { fileName, type WebFile } from "../../core/web_file.ts";
import { bytesKind, textKind } from "../../core/options/kinds.ts";
import { checkArgument, checkArguments, readOptions } from "../../core/options/read.ts";
import { type Shape, showShape, sizeOf } from "../../core/shape.ts";
import { DataError } from "../errors.ts";
import { showText } from "../../core/options/show.ts";
import { openBytes } from "./byte_source.ts";
import { type LimitOptions, limitOptions } from "./limits.ts";
import { type PromisingFormat, readPromised } from "./read_promised.ts";

/** The arrays that can hold the elements of IDX files. */
export type IdxArray = Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

/** The content of an IDX file. */
export interface Idx {
  /** The extents of the axes. */
  readonly shape: Shape;
  /** The elements, the last axis fastest. */
  readonly values: IdxArray;
}

interface ElementType {
  readonly bytes: number;
  readonly read: (view: DataView, count: number) => IdxArray;
}

/** A reader of elements of several bytes, which are big-endian in the file. */
function wide<A extends IdxArray>(
  bytes: number,
  make: (count: number) => A,
  get: (view: DataView, at: number) => number,
) {
  const read = (view: DataView, count: number): A => {
    const values = make(count);
    for (let i = 0; i < count; i++) values[i] = get(view, i * bytes);
    return values;
  };
  return { bytes, read };
}

/** Element types by the third byte of the file. */
const elementTypes: ReadonlyMap<number, ElementType> = new Map<number, ElementType>([
  [0x08, { bytes: 1, read: (view, count) => new Uint8Array(view.buffer, view.byteOffset, count) }],
  [0x09, { bytes: 1, read: (view, count) => new Int8Array(view.buffer, view.byteOffset, count) }],
  [0x0b, wide(2, (count) => new Int16Array(count), (view, at) => view.getInt16(at))],
  [0x0c, wide(4, (count) => new Int32Array(count), (view, at) => view.getInt32(at))],
  [0x0d, wide(4, (count) => new Float32Array(count), (view, at) => view.getFloat32(at))],
  [0x0e, wide(8, (count) => new Float64Array(count), (view, at) => view.getFloat64(at))],
]);

/**
 * Reads an IDX file, gzipped or not: its header first, and then as many bytes as the header promises.
 *
 * @throws {DataError} if it is damaged, cut short, too large, or not an IDX file.
 * @throws {RangeError} if an option is unknown or out of bounds.
 * @throws {Deno.errors.NotFound} if there is no such file; in Node, an error with the code `ENOENT`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { readIdx } from "@yadll/yadll/data";
 *
 * const path = await Deno.makeTempFile();
 * await Deno.writeFile(path, Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9));
 * assertEquals(await readIdx(path), { shape: [3], values: Uint8Array.of(7, 8, 9) });
 * await Deno.remove(path);
 * ```
 */
export async function readIdx(file: string | URL | WebFile, options: LimitOptions = {}): Promise<Idx> {
  refuseSurplus("readIdx", arguments, 2);
  const { limitBytes } = readOptions("read IDX", limitOptions, options);
  using source = await openBytes(file);
  return parseIdx(await readPromised(source, idxFormat, limitBytes), fileName(file));
}

/** How the header of an IDX file promises its length. */
export const idxFormat: PromisingFormat = {
  gzipped: true,
  headerBytes: (start) => start.byteLength < 4 ? 4 : 4 + 4 * start.getUint8(3),
  promised: (start, name) => headerOf(start, name).length,
  describe: (start, name) => `shape ${showText(showShape(headerOf(start, name).shape))}`,
};

/**
 * Reads an array from the bytes of an IDX file. An array of bytes shares the memory of `bytes`.
 *
 * @param name The name of the file in messages; default: IDX data.
 * @throws {DataError} if the bytes are not an IDX file, or are too few or too many.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseIdx } from "@yadll/yadll/data";
 *
 * const bytes = Uint8Array.of(0, 0, 0x0b, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 5, 1, 0);
 * assertEquals(parseIdx(bytes), { shape: [1, 2], values: Int16Array.of(5, 256) });
 * ```
 */
export function parseIdx(bytes: Uint8Array, name = "IDX data"): Idx {
  refuseSurplus("parseIdx", arguments, 2);
  checkArgument("read IDX", bytes, bytesKind);
  checkArguments("read IDX", { name }, textKind);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { element, shape, end, length } = headerOf(view, name);
  if (bytes.length !== length) {
    const fault = bytes.length < length ? "it is cut short" : `${bytes.length - length} bytes follow its end`;
    throw new DataError(
      `Cannot read ${name}: expected ${length} bytes for shape ${
        showText(showShape(shape))
      }, got ${bytes.length}; ${fault}`,
    );
  }
  const content = new DataView(bytes.buffer, bytes.byteOffset + end, bytes.length - end);
  return { shape, values: element.read(content, sizeOf(shape)) };
}

/** What a header says. */
interface Header {
  readonly element: ElementType;
  readonly shape: Shape;
  /** Where the elements start. */
  readonly end: number;
  /** The bytes of the file. */
  readonly length: number;
}

function headerOf(view: DataView, name: string): Header {
  const element = checkMagic(view, name);
  const rank = view.getUint8(3);
  const end = 4 + 4 * rank;
  if (view.byteLength < end) {
    throw new DataError(
      `Cannot read ${name}: expected ${end} bytes of header for ${rank} axes, got ${view.byteLength}; it is cut short`,
    );
  }
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const length = end + sizeOf(shape) * element.bytes;
  if (!Number.isSafeInteger(length)) {
    throw new DataError(
      `Cannot read ${name}: expected an array that fits in memory, got shape ${showText(showShape(shape))}`,
    );
  }
  return { element, shape, end, length };
}

/** Checks the first four bytes, and returns the element type. */
function checkMagic(view: DataView, name: string): ElementType {
  if (view.byteLength < 4) {
    throw new DataError(`Cannot read ${name}: expected an IDX file, got ${view.byteLength} bytes`);
  }
  const magic = view.getUint32(0).toString(16).padStart(8, "0");
  if (view.getUint16(0) !== 0) {
    throw new DataError(`Cannot read ${name}: expected an IDX file, which starts with 0x0000, got 0x${magic}`);
  }
  const element = elementTypes.get(view.getUint8(2));
  if (!element) {
    const known = [...elementTypes.keys()].map((code) => `0x${code.toString(16).padStart(2, "0")}`).join(", ");
    throw new DataError(
      `Cannot read ${name}: expected one of the element types ${known} as third byte of 0x${magic}`,
    );
  }
  return element;
}
