/**
 * Cuts long sums into pieces that several threads add up, and a nest that adds the pieces in order.
 *
 * The number of pieces follows from the nest alone, so the result does not depend on the number of threads.
 *
 * @module
 */

import type { Affine, Expression, Variable } from "../compile/expression.ts";
import { type Nest, pointsOf, type Slot } from "../compile/nest.ts";
import type { ProductSchedule } from "./product_schedule.ts";

/** The two nests of a sum in pieces. Both have one more slot than the nest they stand for: the pieces' sums. */
export interface SplitNests {
  readonly pieces: Nest;
  readonly schedule: ProductSchedule;
  readonly whole: Nest;
  readonly scratchBytes: number;
}

const WANTED_TILES = 16;
/** The sums of pieces are written and read once more: a piece must be much longer than that takes. */
const LEAST_DEPTH = 512;

/** Cuts the depth of a product that has few tiles and is deep; undefined for others. */
export function splitProduct(nest: Nest, schedule: ProductSchedule): SplitNests | undefined {
  const { depthSteps, depthPoints, units } = schedule;
  const wanted = Math.min(Math.ceil(WANTED_TILES / units), Math.floor(depthSteps * depthPoints / LEAST_DEPTH));
  if (wanted < 2) return undefined;
  const steps = Math.ceil(depthSteps / wanted);
  const count = Math.ceil(depthSteps / steps);
  if (count < 2) return undefined;
  const { batch } = schedule;
  const variable: Variable = { kind: "variable", dtype: "i32", name: "piece", extent: count };
  const order = [...batch, ...schedule.rows.variables, ...schedule.columns.variables];
  const points = pointsOf(order);
  const slot = nest.slots.length;
  const scratch = (access: Slot["access"]): Slot => ({ dtype: "f32", elements: count * points, access });
  const index = rowMajor([variable, ...order]);
  const [product, ...later] = nest.phases;
  const [sum] = product.reductions;
  const value: Expression = { kind: "result", dtype: "f32", reduction: sum.id };
  return {
    pieces: {
      ...nest,
      slots: [...nest.slots, scratch("write")],
      phases: [product, { inner: [], reductions: [], stores: [{ slot, index, value }] }],
    },
    schedule: {
      ...schedule,
      batch: [variable, ...batch],
      piece: { variable, steps },
      units: units * count,
      unitsPerChunk: 1,
    },
    whole: {
      ...withoutContraction(nest),
      slots: [...nest.slots, scratch("read")],
      phases: [{
        inner: [variable],
        reductions: [{ ...sum, value: { kind: "load", dtype: "f32", slot, index } }],
        stores: [],
      }, ...later],
    },
    scratchBytes: 4 * count * points,
  };
}

function withoutContraction({ name, slots, counters, outer, phases }: Nest): Nest {
  return { name: `${name} (pieces)`, slots, counters, outer, phases };
}

/** The row-major number of the point of `variables`. */
function rowMajor(variables: readonly Variable[]): Affine {
  let stride = 1;
  const terms = [...variables].reverse().map((variable): readonly [Variable, number] => {
    const term = [variable, stride] as const;
    stride *= variable.extent;
    return term;
  });
  return { kind: "affine", dtype: "i32", terms: terms.reverse(), constant: 0 };
}
