/**
 * The element types of safetensors files, and the types to which they are converted.
 *
 * @see {@link https://github.com/huggingface/safetensors#format | the format}
 *
 * @module
 */

import type { DType, HostArray } from "../../core/dtype.ts";
import { FileFormatError } from "./errors.ts";
import { showJson } from "./json.ts";

/** How elements of a type are read. */
export interface SafetensorsType {
  /** Bytes of one element in the file. */
  readonly bytes: number;
  /** The type of the elements in this library. */
  readonly dtype: DType;
  /** Whether the elements have the same bytes in memory, so they need no conversion. */
  readonly isSame?: true;
  /**
   * The elements in little-endian bytes that start at the start of their buffer.
   *
   * @throws {RangeError} if an element cannot be represented in `dtype`.
   */
  read(buffer: ArrayBuffer): HostArray;
}

function checkedIntegers(values: BigInt64Array | BigUint64Array): Int32Array {
  return Int32Array.from(values, (value) => {
    if (value !== BigInt.asIntN(32, value)) {
      throw new RangeError(`the 64-bit integer ${value}, which needs more than 32 bits`);
    }
    return Number(value);
  });
}

function truths(values: Uint8Array): Uint8Array {
  const other = values.find((value) => value > 1);
  if (other !== undefined) throw new RangeError(`the byte ${other} as a boolean`);
  return values;
}

/** Brain floats are the upper halves of 32-bit floats. */
function widenBrainFloats(halves: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(halves, (half) => half << 16).buffer);
}

/** Half floats: 1 bit of sign, 5 of exponent, 10 of mantissa. (Node 22 has no `Float16Array`.) */
function widenHalfFloats(halves: Uint16Array): Float32Array {
  return Float32Array.from(halves, (half) => {
    const [exponent, mantissa] = [half >> 10 & 31, half & 1023];
    const size = exponent === 31
      ? mantissa === 0 ? Infinity : NaN
      : exponent === 0
      ? mantissa * 2 ** -24
      : (1024 + mantissa) * 2 ** (exponent - 25);
    return half >> 15 === 0 ? size : -size;
  });
}

/** Element types by their names in files. Wider types are rounded (F64) or checked (I64, U64). */
const elementTypes: Readonly<Record<string, SafetensorsType>> = {
  F32: { bytes: 4, dtype: "f32", isSame: true, read: (buffer) => new Float32Array(buffer) },
  F64: { bytes: 8, dtype: "f32", read: (buffer) => Float32Array.from(new Float64Array(buffer)) },
  F16: { bytes: 2, dtype: "f32", read: (buffer) => widenHalfFloats(new Uint16Array(buffer)) },
  BF16: { bytes: 2, dtype: "f32", read: (buffer) => widenBrainFloats(new Uint16Array(buffer)) },
  I64: { bytes: 8, dtype: "i32", read: (buffer) => checkedIntegers(new BigInt64Array(buffer)) },
  U64: { bytes: 8, dtype: "i32", read: (buffer) => checkedIntegers(new BigUint64Array(buffer)) },
  I32: { bytes: 4, dtype: "i32", isSame: true, read: (buffer) => new Int32Array(buffer) },
  I16: { bytes: 2, dtype: "i32", read: (buffer) => Int32Array.from(new Int16Array(buffer)) },
  I8: { bytes: 1, dtype: "i32", read: (buffer) => Int32Array.from(new Int8Array(buffer)) },
  U32: { bytes: 4, dtype: "u32", isSame: true, read: (buffer) => new Uint32Array(buffer) },
  U16: { bytes: 2, dtype: "u32", read: (buffer) => Uint32Array.from(new Uint16Array(buffer)) },
  U8: { bytes: 1, dtype: "u32", read: (buffer) => Uint32Array.from(new Uint8Array(buffer)) },
  BOOL: { bytes: 1, dtype: "bool", isSame: true, read: (buffer) => truths(new Uint8Array(buffer)) },
};

/** The bytes of an element in memory, and in files that are written. */
export const bytesInMemory: Readonly<Record<DType, number>> = { f32: 4, i32: 4, u32: 4, bool: 1 };

/** The names of element types as they are written. */
export const writtenTypes: Readonly<Record<DType, string>> = { f32: "F32", i32: "I32", u32: "U32", bool: "BOOL" };

/** The element type of this name in a file. */
export function elementType(name: unknown, tensor: string, file: string): SafetensorsType {
  if (typeof name === "string" && Object.hasOwn(elementTypes, name)) return elementTypes[name];
  const known = Object.keys(elementTypes).join(", ");
  throw new FileFormatError(
    file,
    `one of the element types ${known} for ${tensor}`,
    name === undefined ? "none" : showJson(name),
  );
}

/**
 * The elements of one tensor, which may share the buffer of its bytes; they start there.
 *
 * @param place The names of the tensor and its file in messages.
 */
export function readElements(
  type: SafetensorsType,
  { buffer }: Uint8Array<ArrayBuffer>,
  { tensor, file }: { readonly tensor: string; readonly file: string },
): HostArray {
  try {
    return type.read(buffer);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new FileFormatError(file, `elements of type ${type.dtype} for ${tensor}`, error.message, { cause: error });
  }
}
