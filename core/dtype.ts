/**
 * Element types: their sizes, their arrays on the host, and their promotion.
 *
 * @module
 */

/** The type of a tensor's elements. `bool` takes 32 bits on a device and a byte on the host. */
export type DType = "f32" | "i32" | "u32" | "bool";

/** The typed arrays that hold tensors on the host. */
export type HostArray = Float32Array | Int32Array | Uint32Array | Uint8Array;

/** Bytes of one element on a device; every element type is 32 bits wide there. */
export const BYTES_PER_ELEMENT = 4;

const hostArrays = {
  f32: Float32Array,
  i32: Int32Array,
  u32: Uint32Array,
  bool: Uint8Array,
} as const;

const rank: Record<DType, number> = { bool: 0, u32: 1, i32: 2, f32: 3 };

/** All element types. */
export const dtypes: readonly DType[] = ["f32", "i32", "u32", "bool"];

/** Returns a new host array of `length` zeros for elements of type `dtype`. */
export function hostArray(dtype: DType, length: number): HostArray {
  return new hostArrays[dtype](length);
}

/** Returns the element type of the values of a host array. */
export function dtypeOf(values: HostArray | Float64Array): DType {
  if (values instanceof Int32Array) return "i32";
  if (values instanceof Uint32Array) return "u32";
  if (values instanceof Uint8Array) return "bool";
  return "f32";
}

/** True for the element types that have gradients. */
export function isFloat(dtype: DType): boolean {
  return dtype === "f32";
}

/** Returns the element type of an operation on `a` and `b`: the first of f32, i32, u32, bool among the two. */
export function promote(a: DType, b: DType): DType {
  return rank[a] >= rank[b] ? a : b;
}

/** The least and the greatest number of each element type. */
export const elementLimits: Readonly<Record<DType, readonly [least: number, greatest: number]>> = {
  f32: [-Infinity, Infinity],
  i32: [-(2 ** 31), 2 ** 31 - 1],
  u32: [0, 2 ** 32 - 1],
  bool: [0, 1],
};

/** Whether an element of this type can be the number, rounded to a single if it is f32. */
export function holds(dtype: DType, value: number): boolean {
  return dtype === "f32" || roundTo(dtype, value) === value;
}

/** Rounds `value` to the nearest element of type `dtype`; 32-bit integers wrap around, and NaN is true. */
export function roundTo(dtype: DType, value: number): number {
  switch (dtype) {
    case "f32":
      return value;
    case "i32":
      return Math.trunc(value) | 0;
    case "u32":
      return Math.trunc(value) >>> 0;
    case "bool":
      return value === 0 ? 0 : 1;
  }
}
