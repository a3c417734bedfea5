/**
 * The table of reduction kinds.
 *
 * @module
 */

import type { ReductionKind } from "./nest.ts";
import type { ScalarOp } from "./scalar_ops.ts";

/** Combines values by a scalar operation. */
export interface ValueReduction {
  readonly gives: "value";
  readonly combine: ScalarOp;
  /** The result for no values. */
  readonly identity: number;
}

/** Gives the position of the first extreme value. */
export interface PositionReduction {
  readonly gives: "position";
  /** Whether a value replaces the best one before it. */
  readonly isBetter: (value: number, best: number) => boolean;
  /** The result for no values. */
  readonly identity: number;
}

/** The table. */
export const reductionKinds: { readonly [K in ReductionKind]: ValueReduction | PositionReduction } = {
  sum: { gives: "value", combine: "add", identity: 0 },
  prod: { gives: "value", combine: "mul", identity: 1 },
  max: { gives: "value", combine: "max", identity: -Infinity },
  min: { gives: "value", combine: "min", identity: Infinity },
  argmax: { gives: "position", isBetter: (value, best) => value > best, identity: 0 },
  argmin: { gives: "position", isBetter: (value, best) => value < best, identity: 0 },
};
