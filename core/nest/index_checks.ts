/**
 * The record in which a device notes what its checks of indices find.
 *
 * A kernel cannot stop, so it records the index and continues. The next read looks at the record, throws what it says,
 * and clears it.
 *
 * @module
 */

import { type Shape, showShape, sizeOf } from "../shape.ts";
import { type Expression, walk } from "./expression.ts";
import { expressionsOf, type Nest } from "./nest.ts";
import { describedCheck, type IndexCheck, type IndexLimit, noCheck, type NumberedCheck } from "./numbered_checks.ts";

/** What devices take for an index that is NaN or has a fraction. */
export const NOT_WHOLE = -(2 ** 31);

/** Whether a nest checks indices, so that its kernels need the record. */
export function checksIndices(nest: Pick<Nest, "phases">): boolean {
  return containsChecks(expressionsOf(nest));
}

/** Whether expressions check indices. */
export function containsChecks(expressions: Iterable<Expression>): boolean {
  let found = false;
  walk(expressions, ({ kind }) => found ||= kind === "checked");
  return found;
}

/** The bits of a record: one for each position of an index. Positions that far apart share a bit. */
const BITS = 4096;

/** The distance of the bits of different checks at the same position. */
const APART = 1543;

/**
 * The words of a device's record: the first index that was found, with its check and its position, and a bit for each
 * position at which one was found. So a position that several threads or kernels see counts once.
 */
export const record = {
  /** 1 once an index was found. */
  found: 0,
  /** The number of its check, the index, and its position. */
  number: 1,
  index: 2,
  position: 3,
  /** The first word of the bits. */
  bits: 4,
  /** The length of the record. */
  words: 4 + BITS / 32,
} as const;

/** How kernels find the bit of a position: `(position + number · apart) mod count`. */
export const recordBits = { count: BITS, apart: APART } as const;

/** An index that a check found. */
export interface FoundIndex {
  readonly check: NumberedCheck;
  readonly index: number;
  readonly position: number;
}

/** Records an index as devices do, unless it is within its limit. */
export function recordIndex(words: Int32Array, { check: { number, size }, index, position }: FoundIndex): void {
  if (index >= 0 && index < size || number === noCheck.number) return;
  if (words[record.found] === 0) {
    words[record.found] = 1;
    words.set([number, index, position], record.number);
  }
  const bit = (position + number * APART) % BITS;
  words[record.bits + (bit >> 5)] |= 1 << (bit & 31);
}

/**
 * Clears a record.
 *
 * @throws {RangeError} if an index was found. The message names it, its position and the number of such positions.
 */
export function throwRecorded(words: Int32Array): void {
  if (words[record.found] === 0) return;
  const described = describedCheck(words[record.number]);
  const value = words[record.index] === NOT_WHOLE ? "(not a whole number of 32 bits)" : words[record.index];
  const count = words.subarray(record.bits).reduce((sum, word) => sum + bitsOf(word), 0);
  const least = (!described || sizeOf(described.shape) > BITS) && count > 1 ? "at least " : "";
  const indices = `${least}${count} such ${count === 1 ? "index" : "indices"} since the last read`;
  const position = words[record.position];
  words.fill(0);
  throw new RangeError(
    `Cannot read the results: an earlier computation had to ${foundBy(described, { value, position })} (${indices}). ` +
      "What was computed since then may be wrong: correct the indices, and compute it again",
  );
}

/** An index that a device found, for messages. */
interface ShownIndex {
  readonly value: number | string;
  readonly position: number;
}

/** Says what was looked up and what was expected, as far as it is still known. */
function foundBy(check: IndexCheck | undefined, { value, position }: ShownIndex): string {
  if (!check) return `use index ${value} at position ${position} of its indices, which was out of bounds`;
  const { limit, shape } = check;
  return `${limit.action} ${value}${placeOf(indexAt(shape, position), limit)}, but ${expectation(limit)}`;
}

function bitsOf(word: number): number {
  let count = 0;
  for (let rest = word >>> 0; rest > 0; rest >>>= 1) count += rest & 1;
  return count;
}

/** The error of an index that the host has. */
export function refusedIndex(value: number, index: readonly number[], limit: IndexLimit): RangeError {
  return new RangeError(`Cannot ${limit.action} ${value}${placeOf(index, limit)}: ${expectation(limit)}`);
}

function expectation({ size, table, entries }: IndexLimit): string {
  const expected = size === 0 ? "so it has no index" : `so expected a whole number from 0 to ${size - 1}`;
  return `${table} has ${size} ${entries}, ${expected}`;
}

function placeOf(position: readonly number[], { firstRow = 0 }: IndexLimit): string {
  const index = position.map((one, axis) => axis === 0 ? one + firstRow : one);
  if (index.length === 0) return "";
  return index.length === 1 ? ` of row ${index[0]}` : ` of row ${index[0]}, at ${showShape(index)}`;
}

/** The index of the element at a row-major position. */
export function indexAt(shape: Shape, position: number): number[] {
  let rest = position;
  return shape.map((_, axis) => {
    const stride = sizeOf(shape.slice(axis + 1));
    const index = Math.floor(rest / stride);
    rest %= stride;
    return index;
  });
}
