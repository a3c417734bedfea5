/**
 * What the rows of targets are: classes, probabilities, or other numbers.
 *
 * @module
 */

import type { RowArray } from "../../data/rows.ts";
import type { TargetSet } from "../../data/tensor_set.ts";
import {
  belowZero,
  findNumber,
  type FoundKind,
  knownOf,
  type Misfit,
  outsideShares,
  pass,
  type RowKind,
} from "./target_scan.ts";

/** How far the sum of probabilities may be from 1. */
export const ROW_TOLERANCE = 1e-3;

const RANKS: readonly RowKind[] = ["class", "distribution", "shares", "numbers"];

/** Rows of `width` numbers that are of a kind that allows more than `most`. */
export function otherThanRows(width: number, most: RowKind): Misfit {
  const limit = RANKS.indexOf(most);
  const first = (values: RowArray): number => {
    for (let begin = 0; begin < values.length; begin += width) {
      if (rankOf(values, begin, width) > limit) return begin;
    }
    return -1;
  };
  return Object.assign(first, {
    fits: (set: TargetSet) => RANKS.indexOf(kindOfRows(set, width).kind) <= limit,
  });
}

/** The position of a row's kind among all kinds. */
function rankOf(values: RowArray, begin: number, width: number): number {
  let ones = 0;
  let minusOnes = 0;
  for (let i = begin; i < begin + width; i++) {
    const one = values[i];
    if (one === 0) continue;
    if (one === 1) ones++;
    else if (one === -1) minusOnes++;
    else return rankOfShares(values, begin, width);
  }
  if (ones === 1 && (minusOnes === 0 || minusOnes === width - 1)) return 0;
  return minusOnes > 0 ? 3 : 2;
}

function rankOfShares(values: RowArray, begin: number, width: number): number {
  let sum = 0;
  for (let i = begin; i < begin + width; i++) {
    const one = values[i];
    if (!(one >= 0)) return 3;
    sum += one;
  }
  return Math.abs(sum - 1) <= ROW_TOLERANCE ? 1 : 2;
}

/** The kind of all rows of a set, in one pass. */
export function kindOfRows(set: TargetSet, width: number): FoundKind {
  const known = knownOf(set);
  const kept = known?.kinds.get(width);
  if (kept) return kept;
  let rank = 0;
  let [areOneHot, areFromZero] = [true, true];
  const odd = findNumber(set.rows.y, set.length, (values) => {
    for (let begin = firstOther(values, width); begin < values.length; begin += width) {
      const one = rankOf(values, begin, width);
      if (one > rank) rank = one;
      if (one === 3) return begin;
      areOneHot = false;
      if (one === 0) areFromZero = false;
    }
    return -1;
  });
  const found = { kind: RANKS[rank], ...(odd && { odd }) };
  known?.kinds.set(width, found);
  if (known && !odd && areFromZero) pass(known, areOneHot ? outsideShares : belowZero);
  return found;
}

/** The bits of 1 in single precision. */
const ONE = 0x3f800000;

/**
 * The beginning of the first row that is not one 1 among zeros; the length if all are. The bits of singles show that
 * without branches, which processors would often predict wrongly.
 */
function firstOther(values: RowArray, width: number): number {
  if (!(values instanceof Float32Array)) return 0;
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  for (let row = 0; row < bits.length; row += width) {
    let [all, count] = [0, 0];
    for (let i = row; i < row + width; i++) {
      const one = bits[i];
      all |= one;
      count += (one | -one) >>> 31;
    }
    if (count !== 1 || all !== ONE) return row;
  }
  return bits.length;
}
