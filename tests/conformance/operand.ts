/**
 * Tensors of a case on the host, as stored in its file.
 *
 * @module
 */

import type { DType, HostArray } from "../../core/dtype.ts";
import type { Shape } from "../../core/shape.ts";
import { memorySource } from "../../model/files/byte_source.ts";
import { readSafetensorsHeader, type TensorPlace } from "../../model/files/safetensors_header.ts";

/** A tensor on the host. */
export interface Operand {
  readonly name: string;
  readonly shape: Shape;
  /** Its element type in the framework. */
  readonly dtype: DType;
  /** Bytes of one element in the file: narrow integers wrap around earlier than those of the framework. */
  readonly bytes: number;
  readonly values: HostArray | Float64Array;
  /**
   * False for 64-bit integers that need more than 32 bits: they can be bounds and axes, but cannot be computed with.
   */
  readonly exact: boolean;
}

function readValues({ type, name }: TensorPlace, bytes: Uint8Array): Pick<Operand, "values" | "exact"> {
  const { buffer } = new Uint8Array(bytes);
  try {
    return { values: type.read(buffer), exact: true };
  } catch (error) {
    if (!(error instanceof RangeError) || type.bytes !== 8) throw new TypeError(`${name} holds ${error}`);
    return { values: Float64Array.from(new BigInt64Array(buffer), Number), exact: false };
  }
}

/**
 * All tensors of a safetensors file by name.
 *
 * @throws {FileFormatError} if the file is damaged.
 */
export function readOperands(bytes: Uint8Array, file: string): ReadonlyMap<string, Operand> {
  const source = memorySource(bytes, file, Infinity);
  const { places, bytes: { length: start } } = readSafetensorsHeader(source);
  return new Map(places.map((place) => {
    const { name, shape, type: { dtype, bytes: width }, begin, end } = place;
    const elements = source.read(start + begin, start + end);
    return [name, { name, shape, dtype, bytes: width, ...readValues(place, elements) }];
  }));
}
