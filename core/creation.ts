/**
 * New tensors.
 *
 * @module
 */

import { refuseSurplus } from "./options/surplus.ts";
import { type DType, dtypeOf, dtypes, holds, type HostArray, hostArray, roundTo } from "./dtype.ts";
import type { ValueType } from "./graph/node.ts";
import { makeNode } from "./graph/ops.ts";
import { indexAt } from "./nest/index_checks.ts";
import { convertibleKind, numberKind } from "./options/kinds.ts";
import { checkArguments, readOptions, refusalError } from "./options/read.ts";
import { finite } from "./options/numbers.ts";
import type { Declaration } from "./options/option.ts";
import { showValue } from "./options/show.ts";
import { oneOf } from "./options/values.ts";
import { dataNode } from "./runtime.ts";
import { checkShape, type Shape, showShape, sizeOf } from "./shape.ts";
import { Storage } from "./storage.ts";
import type { NestedArray } from "./nested_array.ts";
import { Tensor } from "./tensor.ts";

/** Options of the functions that make tensors. */
export interface CreationOptions {
  /** The type of the elements; default: that of the values, or f32. */
  readonly dtype?: DType;
}

const creationOptions = {
  dtype: oneOf(dtypes, { default: "f32", help: "type of the elements" }),
} satisfies Declaration<CreationOptions>;

const tensorOptions = {
  dtype: oneOf(dtypes, { otherwise: "that of the values", help: "type of the elements" }),
} satisfies Declaration<CreationOptions>;

const anyFinite = finite();

/** The values from which tensors are made. */
export type Values = NestedArray | HostArray | Float64Array;

function isTyped(values: Values): values is HostArray | Float64Array {
  return ArrayBuffer.isView(values) && "length" in values;
}

/** The highest rank of nested arrays; one that contains itself has no rank. */
const HIGHEST_RANK = 100;

function refused(path: string, what: string): TypeError {
  const where = path.length > 40 ? `${path.slice(0, 40)}…` : path;
  return new TypeError(`Cannot make a tensor: expected ${what}${where && ` at ${where}`}`);
}

/** The elements of nested arrays that were found so far, and the number of arrays around the next one. */
interface Measured {
  readonly flat: (number | boolean)[];
  rank: number;
}

/** Returns the shape of nested arrays, and appends their elements to those that were found. */
function measure(values: NestedArray, found: Measured, path = ""): number[] {
  const { flat } = found;
  if (typeof values === "number" || typeof values === "boolean") {
    if (typeof values !== typeof (flat[0] ?? values)) {
      throw refused(path, `numbers only or booleans only, got ${flat[0]} and ${values}`);
    }
    flat.push(values);
    return [];
  }
  if (!Array.isArray(values)) throw refused(path, `numbers and arrays, got ${showValue(values)}`);
  if (found.rank++ === HIGHEST_RANK) throw refused(path, `at most ${HIGHEST_RANK} levels of arrays, got more`);
  // Holes count as undefined.
  const shapes = Array.from(values, (value: NestedArray, i) => measure(value, found, `${path}[${i}]`));
  found.rank--;
  const odd = shapes.findIndex((shape) => String(shape) !== String(shapes[0]));
  if (odd !== -1) {
    throw new TypeError(
      `Cannot make a tensor of ragged arrays: expected ${showShape(shapes[0])} at ${path}[${odd}], got ${
        showShape(shapes[odd])
      }`,
    );
  }
  return [values.length, ...shapes[0] ?? []];
}

/** Refuses values that cannot be converted to the type. */
function checkValues(values: ArrayLike<number | boolean>, { shape, dtype }: ValueType): void {
  if (dtype !== "i32" && dtype !== "u32") return;
  const kind = convertibleKind(dtype);
  for (let i = 0; i < values.length; i++) {
    const value = Number(values[i]);
    if (!kind.accepts(value)) {
      const place = shape.length === 0 ? "the value" : `the value at ${showShape(indexAt(shape, i))}`;
      throw refusalError("make a tensor", place, kind.refuse(value));
    }
  }
}

function convert(values: ArrayLike<number | boolean>, type: ValueType): HostArray {
  checkValues(values, type);
  const { dtype } = type;
  const array = hostArray(dtype, values.length);
  for (let i = 0; i < values.length; i++) array[i] = roundTo(dtype, Number(values[i]));
  return array;
}

/** Refuses bytes that are no flags: as bool, they would lose their values. */
function checkFlags(values: Values, { shape }: Pick<ValueType, "shape">): void {
  if (!(values instanceof Uint8Array)) return;
  const odd = values.findIndex((value) => value > 1);
  if (odd < 0) return;
  throw new RangeError(
    `Cannot make a tensor: expected flags of 0 or 1 in a Uint8Array, which makes a bool tensor, got ${values[odd]} at ${
      showShape(indexAt(shape, odd))
    }; for numbers, give the type of the elements, such as { dtype: "f32" }`,
  );
}

/**
 * Makes a tensor of values: a number, nested arrays, or a typed array. Booleans make a bool tensor, an `Int32Array`
 * i32, a `Uint32Array` u32, a `Uint8Array` of 0 and 1 bool; everything else is f32 unless `dtype` says otherwise. For
 * i32 and u32, fractions are dropped. The values are copied.
 *
 * @param shape the extents; default: those of the arrays
 * @throws {TypeError} for ragged arrays, or values that do not fill the shape.
 * @throws {RangeError} for a value that is too large for i32 or u32, is not finite there, or is negative for u32;
 * for a `Uint8Array` with values above 1 if no `dtype` is given.
 *
 * @example
 * ```ts
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(tensor([[1, 2], [3, 4]]).shape, [2, 2]);
 * assertEquals(await tensor(new Float32Array(6), [2, 3]).toArray(), [[0, 0, 0], [0, 0, 0]]);
 * ```
 */
export function tensor(values: Values, shape?: Shape, options?: CreationOptions): Tensor {
  refuseSurplus("tensor", arguments, 3);
  const { dtype } = readOptions("make a tensor", tensorOptions, options);
  const flat: (number | boolean)[] = [];
  const measured = isTyped(values) ? [values.length] : measure(values, { flat, rank: 0 });
  const elements = isTyped(values) ? values : flat;
  const wanted = checkShape(shape === undefined ? measured : shape, "make a tensor of shape");
  if (sizeOf(wanted) !== elements.length) {
    throw new TypeError(
      `Cannot make a tensor of shape ${showShape(wanted)}: expected ${sizeOf(wanted)} values, got ${elements.length}`,
    );
  }
  if (dtype === undefined) checkFlags(values, { shape: wanted });
  const type = dtype ?? (isTyped(values) ? dtypeOf(values) : typeof flat[0] === "boolean" ? "bool" : "f32");
  const storage = Storage.fromHost(type, convert(elements as ArrayLike<number>, { shape: wanted, dtype: type }));
  return new Tensor(dataNode({ shape: [...wanted], dtype: type }, storage));
}

/**
 * A tensor whose elements are all one number. For i32 and u32, its fraction is dropped.
 *
 * @throws {RangeError} for a number that is too large for i32 or u32, is not finite there, or is negative for u32.
 *
 * @example
 * ```ts
 * import { full } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await full([2], 7).toArray(), [7, 7]);
 * ```
 */
export function full(shape: Shape, value: number, options?: CreationOptions): Tensor {
  refuseSurplus("full", arguments, 3);
  const { dtype } = readOptions("make a tensor of one number", creationOptions, options);
  checkArguments("fill a tensor", { value }, convertibleKind(dtype));
  return new Tensor(
    makeNode("constant", [], { shape: [...checkShape(shape, "fill")], dtype, value: roundTo(dtype, value) }),
  );
}

/** A tensor of zeros.
 *
 * @example
 * ```ts
 * import { zeros } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await zeros([2]).toArray(), [0, 0]);
 * ```
 */
export function zeros(shape: Shape, options?: CreationOptions): Tensor {
  refuseSurplus("zeros", arguments, 2);
  return full(shape, 0, options);
}

/** A tensor of ones.
 *
 * @example
 * ```ts
 * import { ones } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await ones([2]).toArray(), [1, 1]);
 * ```
 */
export function ones(shape: Shape, options?: CreationOptions): Tensor {
  refuseSurplus("ones", arguments, 2);
  return full(shape, 1, options);
}

/**
 * The numbers `start`, `start + step`, … below `stop` (above it for a negative step); `arange(n)` is 0, 1, … n − 1.
 *
 * @throws {RangeError} for a step of 0, or for numbers that i32 or u32 cannot hold.
 *
 * @example
 * ```ts
 * import { arange } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await arange(3).toArray(), [0, 1, 2]);
 * assertEquals(await arange(1, 2, 0.5).toArray(), [1, 1.5]);
 * ```
 */
export function arange(start: number, stop?: number, step = 1, options: CreationOptions = {}): Tensor {
  refuseSurplus("arange", arguments, 4);
  checkArguments("count", { start, step }, anyFinite);
  if (stop !== undefined) checkArguments("count", { stop }, anyFinite);
  const { dtype } = readOptions("count", creationOptions, options);
  const [from, to] = stop === undefined ? [0, start] : [start, stop];
  if (step === 0 || ![from, to, Math.fround(step)].every(Number.isFinite)) {
    throw new RangeError(
      `Cannot count from ${from} to ${to} by steps of ${step}: expected finite numbers, and a step that is not 0`,
    );
  }
  const length = Math.max(0, Math.ceil((to - from) / step));
  const count = new Tensor(makeNode("iota", [], { shape: checkShape([length], "count to"), dtype: "i32", axis: 0 }));
  const ends = [from, from + step * Math.max(0, length - 1)];
  if (length > 0) checkArguments(`count in ${dtype}`, { first: ends[0], last: ends[1] }, convertibleKind(dtype));
  if (from === 0 && step === 1) return count.cast(dtype);
  const isWhole = dtype !== "f32" && Number.isInteger(step) && Number.isInteger(from);
  const type = ends.every((end) => holds("i32", end)) ? "i32" : dtype;
  if (!isWhole || type === "bool") return count.cast("f32").mul(step).add(from).cast(dtype);
  // Products and sums that wrap around are still right in the end.
  return count.cast(type).mul(roundTo(type, step)).add(roundTo(type, from)).cast(dtype);
}

/**
 * The identity matrix, or its first rows or columns.
 *
 * @example
 * ```ts
 * import { eye } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await eye(2).toArray(), [[1, 0], [0, 1]]);
 * ```
 */
export function eye(rows: number, columns: number = rows, options?: CreationOptions): Tensor {
  refuseSurplus("eye", arguments, 3);
  checkArguments("make an identity matrix", { rows, columns }, numberKind);
  const { dtype } = readOptions("make an identity matrix", creationOptions, options);
  const places = full([rows, columns], 0, { dtype: "i32" });
  return places.indexAlong(0).equal(places.indexAlong(1)).cast(dtype);
}
