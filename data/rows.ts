/**
 * Rows of numbers, from which a set is read if not all of it is on a device.
 *
 * @module
 */

import { dataNode } from "../core/runtime.ts";
import type { Shape } from "../core/shape.ts";
import { Storage } from "../core/storage.ts";
import { Tensor } from "../core/tensor.ts";
import { mapParts, type OneOrNamed, partNamed, partsIn } from "./named.ts";
import { featuresOf } from "./samples.ts";

/** Arrays whose numbers are sent to a device. */
export type RowArray = Float32Array | Int32Array | Uint32Array;

/** The element type of such an array. */
export type RowType = "f32" | "i32" | "u32";

/** Rows of numbers, in the form in which they are sent to a device. */
export interface Rows {
  /** The type of the elements. */
  readonly dtype: RowType;
  /** `[row, ...feature]` */
  readonly shape: Shape;
  /** All numbers, if the host holds them in one array. */
  readonly values?: RowArray;
  /** Copies the rows with these numbers, one after the other, to the start of `target`. */
  copy(numbers: Int32Array, target: RowArray): void;
  /** The rows from `begin` to `end`, which is excluded: `[row, ...feature]`. */
  tensor(begin: number, end: number): Tensor;
}

/** The rows of the inputs, of the targets, and of the weights of a set, which may have several inputs and targets. */
export interface NamedRows {
  /** The rows of the inputs; gray levels are u32, four per word. */
  readonly x: OneOrNamed<Rows>;
  /** The rows of the targets; classes are i32. */
  readonly y: OneOrNamed<Rows>;
  /** The rows of the weights, f32; `undefined` if all examples count alike. */
  readonly weights?: Rows | undefined;
}

/** The rows of the inputs, of the targets, and of the weights of a set. */
export interface RowPair extends NamedRows {
  /** The rows of the inputs; gray levels are u32, four per word. */
  readonly x: Rows;
  /** The rows of the targets; classes are i32. */
  readonly y: Rows;
}

/** The parts of a set, such as its tensors. */
export interface SetParts<T> {
  readonly x: OneOrNamed<T>;
  readonly y: OneOrNamed<T>;
  readonly weights?: T | undefined;
}

/** Whether rows are those of one input or target, without a name. */
export function areRows(given: OneOrNamed<Rows>): given is Rows {
  return typeof given.copy === "function";
}

/** The parts of a set, made of its rows. */
export function mapRows<T>({ x, y, weights }: NamedRows, change: (rows: Rows) => T): SetParts<T> {
  return {
    x: mapParts(x, areRows, change),
    y: mapParts(y, areRows, change),
    ...(weights !== undefined && { weights: change(weights) }),
  };
}

/** The rows of a set, in the order of its inputs, targets and weights. */
export function rowsIn({ x, y, weights }: NamedRows): Rows[] {
  const named = [...partsIn(x, areRows), ...partsIn(y, areRows)].map(({ value }) => value);
  return weights === undefined ? named : [...named, weights];
}

/** The rows of one input or target. */
export function rowsNamed(rows: OneOrNamed<Rows>, name: string): Rows {
  return partNamed(rows, areRows, name);
}

/** An array for `count` rows. */
export function rowArray({ dtype, shape }: Rows, count: number): RowArray {
  const elements = count * featuresOf(shape);
  return dtype === "f32" ? new Float32Array(elements) : new (dtype === "i32" ? Int32Array : Uint32Array)(elements);
}

/** The bytes of one row on a device. */
export function rowBytes({ shape }: Rows): number {
  return 4 * featuresOf(shape);
}

/** Rows shorter than this are copied element by element, which is faster than making views of them. */
const SHORT = 16;

/** The rows of an array on the host; their tensors share its memory. */
export function arrayRows(dtype: RowType, values: RowArray, shape: Shape): Rows {
  const width = featuresOf(shape);
  return {
    dtype,
    shape,
    values,
    copy: (numbers, target) => {
      for (let row = 0; row < numbers.length; row++) {
        const [from, to] = [numbers[row] * width, row * width];
        if (width >= SHORT) target.set(values.subarray(from, from + width), to);
        else for (let i = 0; i < width; i++) target[to + i] = values[from + i];
      }
    },
    tensor: (begin, end) =>
      hostTensor(dtype, values.subarray(begin * width, end * width), [end - begin, ...shape.slice(1)]),
  };
}

/** A tensor of numbers on the host; the array is kept, not copied. */
export function hostTensor(dtype: RowType, values: RowArray, shape: Shape): Tensor {
  return new Tensor(dataNode({ shape: [...shape], dtype }, Storage.fromHost(dtype, values)));
}

/** The first rows; nothing is copied. */
export function firstRows(rows: Rows, count: number): Rows {
  const { dtype, shape, values } = rows;
  return {
    dtype,
    shape: [count, ...shape.slice(1)],
    ...(values && { values: values.subarray(0, count * featuresOf(shape)) }),
    copy: (numbers, target) => rows.copy(numbers, target),
    tensor: (begin, end) => rows.tensor(begin, end),
  };
}
