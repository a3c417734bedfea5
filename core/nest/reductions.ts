/**
 * What is true of reductions wherever they are computed: how two values become one, and what changes nothing.
 *
 * @module
 */

import type { DType } from "../dtype.ts";
import type { Reduction, ReductionKind } from "./nest.ts";
import type { ScalarOp } from "./scalar_ops.ts";

/** The reductions whose result is a position. */
export type PositionalKind = "argmax" | "argmin";

/** The scalar operation that makes one value of two; for a positional reduction, the better one of the two. */
export const combination = {
  sum: "add",
  prod: "mul",
  max: "max",
  min: "min",
  argmax: "max",
  argmin: "min",
} as const satisfies Record<ReductionKind, ScalarOp>;

type Combination = (typeof combination)[ReductionKind];

const least: Record<DType, number> = { f32: -Infinity, i32: -(2 ** 31), u32: 0, bool: 0 };
const greatest: Record<DType, number> = { f32: Infinity, i32: 2 ** 31 - 1, u32: 2 ** 32 - 1, bool: 1 };

const identities: Record<Combination, (dtype: DType) => number> = {
  add: () => 0,
  mul: () => 1,
  max: (dtype) => least[dtype],
  min: (dtype) => greatest[dtype],
};

/** The value that changes nothing, among those of type `dtype`. */
export function identityOf(kind: ReductionKind, dtype: DType): number {
  return identities[combination[kind]](dtype);
}

/** True for the reductions that give a position. */
export function isPositional(kind: ReductionKind): kind is PositionalKind {
  return kind === "argmax" || kind === "argmin";
}

/** The element type of the values that a reduction combines. */
export function accumulatedType({ kind, value, dtype }: Reduction): DType {
  return isPositional(kind) ? value.dtype : dtype;
}

/** The pair of which `lt` says whether `value` is better than `best`. */
export function pairToCompare<T>(kind: PositionalKind, best: T, value: T): readonly [T, T] {
  return kind === "argmax" ? [best, value] : [value, best];
}
