/**
 * The safetensors format: named tensors in one file, read without executing anything.
 *
 * A file is the length of its header (8 bytes, little-endian), the header (JSON with the type, shape and position of
 * each tensor, padded with spaces to a multiple of 8 bytes), and the elements, without gaps.
 *
 * @see {@link https://github.com/huggingface/safetensors#format | the format}
 *
 * @module
 */

import { checkEntries } from "./tensor_entries.ts";
import { type DType, type HostArray, hostArray } from "../../core/dtype.ts";
import { bytesKind, textKind } from "../../core/options/kinds.ts";
import { custom } from "../../core/options/option.ts";
import { checkArgument, checkArguments, readOptions } from "../../core/options/read.ts";
import { withArticle } from "../../core/options/show.ts";
import { refuseSurplus } from "../../core/options/surplus.ts";
import { type Shape, showShape, sizeOf } from "../../core/shape.ts";
import { type ByteSource, memorySource } from "./byte_source.ts";
import { FileError } from "./errors.ts";
import { isPlainRecord, showJson } from "./json.ts";
import { type ReadOptions, tensorFileOptions } from "./read_options.ts";
import { readSafetensorsHeader, type SafetensorsHeader, type TensorPlace } from "./safetensors_header.ts";
import { bytesInMemory, readElements, writtenTypes } from "./element_types.ts";

const metadataKind = custom<Readonly<Record<string, string>>>({
  expected: "a record of strings as metadata",
  accepts: (value): value is Readonly<Record<string, string>> =>
    isPlainRecord(value) && Object.values(value).every((text) => typeof text === "string"),
});

/** The elements of a tensor on the host, with their type and shape. */
export interface TensorEntry {
  /** The type of the elements. */
  readonly dtype: DType;
  /** The extents of the axes. */
  readonly shape: Shape;
  /** The elements, the last axis fastest. */
  readonly values: HostArray;
}

/** Tensors by name. */
export type TensorEntries = Readonly<Record<string, TensorEntry>>;

/** The content of a safetensors file. */
export interface Safetensors {
  /** The tensors. */
  readonly tensors: TensorEntries;
  /** Strings that describe the file. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Elements that are converted at a time. */
const PIECE = 2 ** 16;

/**
 * Tensors in the safetensors format, in consecutive parts. The same tensors give the same bytes in any order: they are
 * sorted by element size, widest first, which aligns all of them, and then by name.
 *
 * @param metadata Strings that describe the file, in the order in which they are written.
 * @throws {TypeError} if a tensor's elements do not fit its type or shape, or it is named `__metadata__`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { decodeSafetensors, encodeSafetensors } from "@yadll/yadll/model";
 *
 * const tensors = { W: { dtype: "f32", shape: [1, 2], values: Float32Array.of(0.5, -1) } } as const;
 * const file = new Blob(encodeSafetensors(tensors, { made: "by hand" }));
 * assertEquals(decodeSafetensors(await file.bytes()), { tensors, metadata: { made: "by hand" } });
 * ```
 */
export function encodeSafetensors(
  tensors: TensorEntries,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer>[] {
  checkArgument("write tensors", metadata, metadataKind);
  checkEntries("write tensors", tensors);
  const sorted = Object.entries(tensors).sort(([a, { dtype: left }], [b, { dtype: right }]) =>
    bytesInMemory[right] - bytesInMemory[left] || (a < b ? -1 : 1)
  );
  let end = 0;
  const places = sorted.map(([name, { dtype, shape, values }]) => {
    checkEntry(name, { dtype, shape, values });
    const begin = end;
    end += values.byteLength;
    return [name, { dtype: writtenTypes[dtype], shape, data_offsets: [begin, end] }] as const;
  });
  const described = Object.keys(metadata).length > 0 ? [["__metadata__", metadata] as const] : [];
  const header = JSON.stringify(Object.fromEntries<unknown>([...described, ...places]));
  return [frameHeader(header), ...sorted.map(([, { values }]) => bytesOf(values))];
}

/**
 * The tensors of a safetensors file. F16, BF16 and F64 become f32; narrow integers i32 or u32; I64 and U64 i32.
 *
 * @param file The name of the file in messages.
 * @throws {FileFormatError} if it is damaged, truncated, longer than `limitBytes`, or not a safetensors file; all of it is
 * checked before anything is returned.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { decodeSafetensors, FileFormatError } from "@yadll/yadll/model";
 *
 * assertThrows(() => decodeSafetensors(new TextEncoder().encode("PK"), "w.yp"), FileFormatError, "Cannot read w.yp");
 * ```
 */
export function decodeSafetensors(
  bytes: Uint8Array,
  file = "safetensors data",
  options: ReadOptions = {},
): Safetensors {
  refuseSurplus("decodeSafetensors", arguments, 3);
  checkArgument("read tensors", bytes, bytesKind);
  checkArguments("read tensors", { file }, textKind);
  const { limitBytes } = readOptions("read tensors", tensorFileOptions, options);
  return readSafetensors(memorySource(bytes, file, limitBytes));
}

/**
 * The tensors of a source of safetensors. Hardly any elements are in memory twice.
 *
 * @throws {FileFormatError} if it is damaged, truncated, or not a safetensors file.
 */
export function readSafetensors(source: ByteSource): Safetensors {
  const header = readSafetensorsHeader(source);
  return { tensors: readTensors(source, header), metadata: header.metadata };
}

/**
 * The tensors of a file whose header was read.
 *
 * @param onBytes Called with the bytes of each tensor, in the order of the file, before they are converted.
 */
export function readTensors(
  source: ByteSource,
  { places, bytes: { length: start } }: SafetensorsHeader,
  onBytes: (bytes: Uint8Array) => void = () => {},
): TensorEntries {
  const tensors = places.map((place) => {
    const { name, type: { dtype, isSame }, shape } = place;
    const at = { tensor: `tensor ${showJson(name)}`, file: source.file };
    const read = ({ begin, end }: Span): HostArray => {
      const bytes = source.read(start + begin, start + end);
      onBytes(bytes);
      return readElements(place.type, bytes, at);
    };
    return [name, { dtype, shape, values: isSame ? read(place) : readInPieces(place, read, source.file) }] as const;
  });
  return Object.fromEntries(tensors);
}

function arrayFor(dtype: DType, length: number, file: string): HostArray {
  try {
    return hostArray(dtype, length);
  } catch (cause) {
    throw new FileError("read", file, `there is not enough memory for ${length} elements of it`, { cause });
  }
}

type Span = Pick<TensorPlace, "begin" | "end">;

/** Elements that are converted piece by piece, so that little of them is in memory in both forms. */
function readInPieces({ begin, end, type }: TensorPlace, read: (span: Span) => HostArray, file: string): HostArray {
  const values = arrayFor(type.dtype, (end - begin) / type.bytes, file);
  const step = PIECE * type.bytes;
  for (let first = begin; first < end; first += step) {
    values.set(read({ begin: first, end: Math.min(first + step, end) }), (first - begin) / type.bytes);
  }
  return values;
}

function checkEntry(name: string, { dtype, shape, values }: TensorEntry): void {
  if (name === "__metadata__") {
    throw new TypeError('Cannot write a tensor named "__metadata__": the format reserves this name; use another one');
  }
  const expected = hostArray(dtype, 0).constructor;
  if (values.constructor !== expected || values.length !== sizeOf(shape)) {
    throw new TypeError(
      `Cannot write tensor "${name}": expected ${sizeOf(shape)} elements in ${withArticle(expected.name)} for ${dtype}${
        showShape(shape)
      }, got ${values.length} in ${withArticle(values.constructor.name)}`,
    );
  }
}

/** The header after its length, padded so that the elements start at a multiple of 8 bytes. */
function frameHeader(header: string): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(header);
  const length = Math.ceil(text.length / 8) * 8;
  const framed = new Uint8Array(8 + length).fill(" ".charCodeAt(0));
  new DataView(framed.buffer).setBigUint64(0, BigInt(length), true);
  framed.set(text, 8);
  return framed;
}

function bytesOf(values: HostArray): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = values;
  return buffer instanceof ArrayBuffer
    ? new Uint8Array(buffer, byteOffset, byteLength)
    : new Uint8Array(new Uint8Array(buffer, byteOffset, byteLength));
}
