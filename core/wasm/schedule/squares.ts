/**
 * Which elements of a phase are read and written in squares: four lanes of four successive values of another loop. If an
 * element's neighbors along the lanes are far apart in memory, but those along the other loop are next to each other,
 * four vectors along that loop are transposed in registers, where otherwise each lane would be an access of its own.
 *
 * @module
 */

import { type Expression, loadsIn, usesResults, type Variable } from "../../nest/expression.ts";
import type { Phase } from "../../nest/nest.ts";
import { strideAlong } from "../../nest/strides.ts";
import { LANES } from "../encode/lanes.ts";

/** The two loops of a square. */
export interface SquareLoops {
  /** The loop in the lanes. */
  readonly lanes: Variable;
  /** The loop of which four values follow each other. */
  readonly across: Variable;
}

/** Whether an element at `index` is read or written in squares. */
export function isSquare(index: Expression, { lanes, across }: SquareLoops): boolean {
  return strideAlong(index, across) === 1 && isFar(index, lanes);
}

/** Whether an element's neighbors in the lanes are always equally far apart, and none of them is next to another. */
function isFar(index: Expression, lanes: Variable): boolean {
  const stride = strideAlong(index, lanes, LANES);
  return stride !== undefined && Math.abs(stride) > 2 && !usesResults(index);
}

/** The indices of the elements that a phase reads and writes without a condition. */
function plainAccesses({ reductions, stores }: Phase): Expression[] {
  const values = [...reductions.map(({ value }) => value), ...stores.map(({ value }) => value)];
  return [
    ...loadsIn(values).filter(({ guard }) => !guard).map(({ index }) => index),
    ...stores.filter(({ guard, add }) => !guard && !add).map(({ index }) => index),
  ];
}

/**
 * Of `candidates`, the loop for whose squares most elements are suited; the last one of several. It is undefined if no
 * element is, or if none is next to its neighbor in the lanes: then other lanes are better, or each row on its own.
 */
export function acrossOf(phase: Phase, lanes: Variable, candidates: readonly Variable[]): Variable | undefined {
  const others = candidates.filter((one) => one !== lanes && one.extent >= LANES);
  if (others.length === 0) return undefined;
  const indices = plainAccesses(phase);
  const near = indices.filter((index) => strideAlong(index, lanes) === 1);
  const far = indices.filter((index) => isFar(index, lanes));
  let best: Variable | undefined;
  let most = 0;
  for (const across of others) {
    const count = far.filter((index) => strideAlong(index, across) === 1).length;
    if (count > 0 && count >= most && near.some((index) => isFar(index, across))) [best, most] = [across, count];
  }
  return best;
}
