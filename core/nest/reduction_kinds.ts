/**
 * The table of the ways in which values are combined.
 *
 * @module
 */

import type { ReductionKind } from "./nest.ts";
import type { ScalarOp } from "./scalar_ops.ts";

/** A reduction that combines values by a scalar operation. */
export interface ValueReduction {
  readonly gives: "value";
  readonly combine: ScalarOp;
  /** The result before any value is combined. */
  readonly identity: number;
}

/** A reduction that gives the position of the first extreme value. */
export interface PositionReduction {
  readonly gives: "position";
  /** Whether a value takes the place of the best one before it. */
  readonly isBetter: (value: number, best: number) => boolean;
  /** The result before any value is seen. */
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
