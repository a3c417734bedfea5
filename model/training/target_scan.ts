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
export interface Misfit {
  (values: RowArray): number;
  /** Whether all targets of a set fit, if other checks know it. */
  readonly fits?: (set: TargetSet) => boolean;
}

/** What rows are: one 1 among zeros or -1, probabilities that sum to 1, other numbers from 0, or any numbers. */
export type RowKind = "class" | "distribution" | "shares" | "numbers";

/** The kind of all rows together, and the first row of numbers. */
export interface FoundKind {
  readonly kind: RowKind;
  readonly odd?: FoundTarget;
}

/** What checks found out about the targets of a set. */
export interface KnownTargets {
  /** The checks that all targets pass. */
  readonly passed: Set<Misfit>;
  /** The kind of all rows of this many numbers. */
  readonly kinds: Map<number, FoundKind>;
}

/** What is known while `readingOnce` runs; nothing is known otherwise, because targets may change between two calls. */
let known: WeakMap<Rows, KnownTargets> | undefined;

/** Runs checks that read the same targets, so that each is read as seldom as possible. */
export function readingOnce<T>(check: () => T): T {
  if (known) return check();
  known = new WeakMap();
  try {
    return check();
  } finally {
    known = undefined;
  }
}

/** What is known of the targets of a set; undefined outside of `readingOnce`. */
export function knownOf({ rows: { y } }: TargetSet): KnownTargets | undefined {
  if (!known) return undefined;
  const found = known.get(y) ?? { passed: new Set(), kinds: new Map() };
  known.set(y, found);
  return found;
}

/** The first target of a set that does not fit, in one pass over all of them, or none if other checks know it. */
export function findTarget(set: TargetSet, misfit: Misfit): FoundTarget | undefined {
  const known = knownOf(set);
  if (known?.passed.has(misfit) || misfit.fits?.(set)) return undefined;
  const found = findNumber(set.rows.y, set.length, misfit);
  if (!found && known) pass(known, misfit);
  return found;
}

/** Notes that all targets pass a check, and so those that ask for less. */
export function pass({ passed }: KnownTargets, misfit: Misfit): void {
  passed.add(misfit);
  for (const weaker of implied.get(misfit) ?? []) passed.add(weaker);
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

/** Checks that all numbers pass if they pass another one. */
const implied: ReadonlyMap<Misfit, readonly Misfit[]> = new Map([
  [outsideShares, [farFromShares, otherThanAnswers, belowZero]],
  [otherThanSigns, [otherThanAnswers]],
]);

/** Numbers below 1. */
export function belowOne(values: RowArray): number {
  for (let i = 0; i < values.length; i++) if (values[i] < 1) return i;
  return -1;
}

/** Whole numbers. */
export function otherThanWhole(values: RowArray): number {
  if (!(values instanceof Float32Array)) return -1;
  for (let i = 0; i < values.length; i++) if (!Number.isInteger(values[i])) return i;
  return -1;
}

/** Numbers of classes below `count`, and `ignored`. */
export function otherThanClasses(count: number, ignored?: number): Misfit {
  return (values) =>
    values instanceof Int32Array
      ? otherThanNumbers(values, count, ignored)
      : otherThanWholeClasses(values, count, ignored);
}

// Loops over arrays of one type are several times faster than those that get arrays of different types.
function otherThanNumbers(values: Int32Array, count: number, ignored: number | undefined): number {
  for (let i = 0; i < values.length; i++) {
    const one = values[i];
    if ((one < 0 || one >= count) && one !== ignored) return i;
  }
  return -1;
}

function otherThanWholeClasses(values: Float32Array | Uint32Array, count: number, ignored: number | undefined): number {
  for (let i = 0; i < values.length; i++) {
    const one = values[i];
    if (!(one >= 0 && one < count && Math.floor(one) === one) && one !== ignored) return i;
  }
  return -1;
}
