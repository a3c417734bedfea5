/**
 * What an entry of the table says about an operation: how it is called, what it means, and how far it may be off.
 *
 * @module
 */

import type { Tensor } from "../../../core/tensor.ts";
import type { Draw } from "./draw.ts";
import type { Expected } from "./ulp.ts";
import type { Value } from "./values.ts";

/** A kind of device. */
export type Device = "wasm" | "webgpu";

/** How far results of type f32 may be off. All other results must be equal. */
export interface Bound {
  /** Units of the last place of the exact result, or of {@linkcode Expected.units} if the entry says `of`. */
  readonly ulp: number;
  /** What the unit is the last place of; default: the exact result. */
  readonly of?: string;
  /** The bound on WebGPU, if it has to be another one. */
  readonly webgpu?: DeviceBound;
  /** Whether the sign of 0 is compared on WebAssembly; default: true if the result is exact. */
  readonly signedZeros?: boolean;
}

/** The bound of one device. */
export interface DeviceBound {
  readonly ulp: number;
  /** The smallest number whose last place counts as the unit; default: 0. */
  readonly least?: number;
  /** Why it is not that of WebAssembly. */
  readonly because: string;
}

/** Tensors that an operation returns. */
export type Results<T> = T | readonly T[];

/** One call of an operation. */
export interface Sample {
  readonly inputs: readonly Value[];
  /** Calls the library. */
  readonly apply: (...inputs: Tensor[]) => Results<Tensor>;
  /** The definition, in double precision. */
  readonly expected: (...inputs: Value[]) => Results<Expected>;
  /** The arguments that are not tensors. */
  readonly note?: string;
}

/** The first gradient of an operation, which is compared with slopes of its definition. */
export interface Gradient {
  /** Units of the last place of the sum of the sizes of the gradient's terms, at least of {@linkcode least}. */
  readonly ulp: number;
  readonly webgpu?: DeviceBound;
  /** The smallest number whose last place counts as the unit; default: 0. */
  readonly least?: number;
  /** The derivative with respect to each operand, of elementwise operations; default: central differences. */
  readonly slopes?: (elements: readonly number[]) => readonly (number | Slope)[];
}

/** A derivative, and the number whose last place is the unit of its error. */
export interface Slope {
  readonly slope: number;
  readonly unit: number;
}

/** An entry of the table. */
export interface Operation {
  readonly bound: Bound;
  readonly sample: (draw: Draw) => Sample;
  /** Absent if the operation has no gradient. */
  readonly gradient?: Gradient;
}

/** The bound of results that are exact. */
export const exact: Bound = { ulp: 0 };
/** The bound of results that are rounded once. */
export const rounded: Bound = { ulp: 0.5, signedZeros: true };

/** Results as a list. */
export function listed<T>(results: Results<T>): readonly T[] {
  return Array.isArray(results) ? results : [results as T];
}
