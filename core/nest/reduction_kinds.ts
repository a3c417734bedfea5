/**
 * The table of reduction kinds.
 *
 * @module
 */

import { type DType, elementLimits } from "../dtype.ts";
import type { Reduction, ReductionKind } from "./nest.ts";
import type { ScalarOp } from "../scalar/operations.ts";

/** Combines values by a scalar operation. */
export interface ValueReduction {
  readonly gives: "value";
  readonly combine: ScalarOp;
  /** The result for no values. */
  readonly identity: number;
}

/** Finds the position of the first extreme value. NaN is the extreme, as it is for maxima and minima. */
export interface PositionReduction {
  readonly gives: "position";
  /** The reduction that finds the extreme value itself. */
  readonly extreme: "max" | "min";
  /** Whether a value replaces the best one before it. */
  readonly isBetter: (value: number, best: number) => boolean;
  /** The result for no values. */
  readonly identity: number;
}

const isFirstNaN = (value: number, best: number): boolean => Number.isNaN(value) && !Number.isNaN(best);

/** The table. */
export const reductionKinds: { readonly [K in ReductionKind]: ValueReduction | PositionReduction } = {
  sum: { gives: "value", combine: "add", identity: 0 },
  prod: { gives: "value", combine: "mul", identity: 1 },
  max: { gives: "value", combine: "max", identity: -Infinity },
  min: { gives: "value", combine: "min", identity: Infinity },
  argmax: {
    gives: "position",
    extreme: "max",
    isBetter: (value, best) => value > best || isFirstNaN(value, best),
    identity: 0,
  },
  argmin: {
    gives: "position",
    extreme: "min",
    isBetter: (value, best) => value < best || isFirstNaN(value, best),
    identity: 0,
  },
};

/** True for the reductions that return a position. */
export function isPositional(kind: ReductionKind): boolean {
  return reductionKinds[kind].gives === "position";
}

/** The element type of the values that a reduction combines. */
export function accumulatedType({ kind, value, dtype }: Reduction): DType {
  return isPositional(kind) ? value.dtype : dtype;
}

/** The value of a type that changes nothing; for a positional reduction, the one that is worse than any other. */
export function identityOf(kind: ReductionKind, dtype: DType): number {
  const rule = reductionKinds[kind];
  if (rule.gives === "position") return identityOf(rule.extreme, dtype);
  const [least, greatest] = elementLimits[dtype];
  return Math.min(Math.max(rule.identity, least), greatest);
}
