/**
 * Reads all targets of a set in order, to find those that do not fit.
 *
 * @module
 */

import { showValue } from "../../core/options/show.ts";
import { type RowArray, rowArray, type Rows } from "../../data/rows.ts";
import { featuresOf } from "../../data/samples.ts";
import type { TargetSet } from "../../data/tensor_set.ts";

/** Numbers that are read at a time if the host does not hold all of them. */
const AT_A_TIME = 2 ** 16;

/** A target. */
export interface FoundTarget {
  readonly value: number;
  /** The number of its example in the set. */
  readonly row: number;
  /** The first numbers of the example. */
  readonly numbers: readonly number[];
}

/** How many numbers of an example messages show. */
const SHOWN = 10;

/** A target in messages: the digits that a number in single precision has. */
export function showTarget({ value }: FoundTarget): string {
  return showNumber(value);
}

/** A row of targets in messages. */
export function showRow({ numbers }: FoundTarget, width: number): string {
  return `[${numbers.map(showNumber).join(", ")}${width > numbers.length ? ", …" : ""}]`;
}

function showNumber(value: number): string {
  return showValue(Number(value.toPrecision(7)));
}

/** The position of the first number that does not fit; -1 if all fit. */
export type Misfit = (values: RowArray) => number;

/** The first target of a set that does not fit, in one pass over all of them. */
export function findTarget({ rows: { y }, length }: TargetSet, misfit: Misfit): FoundTarget | undefined {
  return findNumber(y, length, misfit);
}

/** The first number in rows that does not fit. */
export function findNumber(y: Rows, length: number, misfit: Misfit): FoundTarget | undefined {
  const width = Math.max(1, featuresOf(y.shape));
  const atATime = Math.max(1, Math.min(length, Math.floor(AT_A_TIME / width)));
  const pieces = y.values === undefined ? rowArray(y, atATime) : undefined;
  for (let begin = 0; begin < length; begin += pieces ? atATime : length) {
    const values = pieces ? readPiece(y, pieces, { begin, end: Math.min(length, begin + atATime) }) : y.values!;
    const at = misfit(values);
    if (at < 0) continue;
    const row = Math.floor(at / width);
    const numbers = [...values.subarray(row * width, row * width + Math.min(width, SHOWN))];
    return { value: values[at], row: begin + row, numbers };
  }
  return undefined;
}

function readPiece(
  y: Rows,
  target: RowArray,
  { begin, end }: { readonly begin: number; readonly end: number },
): RowArray {
  y.copy(Int32Array.from({ length: end - begin }, (_, i) => begin + i), target);
  return target.subarray(0, (end - begin) * featuresOf(y.shape));
}

/** Numbers from 0 to 1. NaN does not fit. */
export function outsideShares(values: RowArray): number {
  for (let i = 0; i < values.length; i++) if (!(values[i] >= 0 && values[i] <= 1)) return i;
  return -1;
}

/** Numbers from 0 to 1, but for roundings of scaled data. */
export function farFromShares(values: RowArray): number {
  for (let i = 0; i < values.length; i++) if (!(values[i] >= -1e-6 && values[i] <= 1 + 1e-6)) return i;
  return -1;
}

/** -1, 0 and 1. */
export function otherThanSigns(values: RowArray): number {
  for (let i = 0; i < values.length; i++) {
    const one = values[i];
    if (one !== 0 && one !== 1 && one !== -1) return i;
  }
  return -1;
}

/** Numbers from 0 to 1, and -1. */
export function otherThanAnswers(values: RowArray): number {
  for (let i = 0; i < values.length; i++) {
    const one = values[i];
    if (!(one >= 0 && one <= 1 || one === -1)) return i;
  }
  return -1;
}

/** 1 for yes, and this number for no. */
export function otherThanAnswersOf(no: number): Misfit {
  return (values) => {
    for (let i = 0; i < values.length; i++) if (values[i] !== 1 && values[i] !== no) return i;
    return -1;
  };
}

/** Numbers below 0. */
export function belowZero(values: RowArray): number {
  for (let i = 0; i < values.length; i++) if (values[i] < 0) return i;
  return -1;
}

/** Numbers below 1. */
export function belowOne(values: RowArray): number {
  for (let i = 0; i < values.length; i++) if (values[i] < 1) return i;
  return -1;
}

/** Whole numbers. */
export function otherThanWhole(values: RowArray): number {
  for (let i = 0; i < values.length; i++) if (!Number.isInteger(values[i])) return i;
  return -1;
}

/** Numbers of classes below `count`, and `ignored`. */
export function otherThanClasses(count: number, ignored?: number): Misfit {
  return (values) => {
    for (let i = 0; i < values.length; i++) {
      const one = values[i];
      if (!(one >= 0 && one < count && Math.floor(one) === one) && one !== ignored) return i;
    }
    return -1;
  };
}

/** How far the sum of probabilities may be from 1. */
export const ROW_TOLERANCE = 1e-3;

/** What rows are: one 1 among zeros or -1, probabilities that sum to 1, other numbers from 0, or any numbers. */
export type RowKind = "class" | "distribution" | "shares" | "numbers";

const RANKS: readonly RowKind[] = ["class", "distribution", "shares", "numbers"];

/** Rows of `width` numbers that are of a kind that allows more than `most`. */
export function otherThanRows(width: number, most: RowKind): Misfit {
  const limit = RANKS.indexOf(most);
  return (values) => {
    for (let begin = 0; begin < values.length; begin += width) {
      if (rankOf(values, begin, width) > limit) return begin;
    }
    return -1;
  };
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

/** The kind of all rows together, and the first row of numbers. */
export function kindOfRows(set: TargetSet, width: number): { readonly kind: RowKind; readonly odd?: FoundTarget } {
  let rank = 0;
  const odd = findTarget(set, (values) => {
    for (let begin = 0; begin < values.length; begin += width) {
      const one = rankOf(values, begin, width);
      if (one > rank) rank = one;
      if (one === 3) return begin;
    }
    return -1;
  });
  return { kind: RANKS[rank], ...(odd && { odd }) };
}
